"""What the user chooses in a screening, with the value taken where nothing is chosen.

The status of each is ``choice``: no publication gives a number.
"""

HORIZON = 6  # years ahead for terms that end: one term of a local council
MANY = 2  # partnerships of the same small circle that make a signal; the SBV (4.1.2) says 'many'
