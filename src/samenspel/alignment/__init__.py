"""What fits? Fit to zones, scope, comply or explain, priorities and the rationalisation plan."""
