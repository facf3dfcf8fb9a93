"""The plots of the page, one a module: what is drawn, not how."""
