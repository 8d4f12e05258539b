"""The rationalisation plan: from the many partnerships of a region to few, with every reason."""
