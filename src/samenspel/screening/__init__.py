"""What do we see? Indicators and signals per municipality, zone and theme."""
