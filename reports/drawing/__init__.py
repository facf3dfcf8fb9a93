"""How figures and plots are drawn, whatever they show."""
