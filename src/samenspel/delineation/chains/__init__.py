"""Plans drawn by chance: recombination of zones by spanning trees, and flips."""
