"""What a plan is, costs and changes, as plain values."""
