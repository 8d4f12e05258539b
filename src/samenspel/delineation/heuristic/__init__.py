"""Good plans by search: annealed flips, crossing, exact divisions of two zones."""
