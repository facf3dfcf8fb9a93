"""Named families of scenarios, drawn or fitted to measurements, and the sampling of their traces."""
