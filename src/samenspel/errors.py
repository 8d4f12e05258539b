"""The one exception that a user is meant to see: wrong input, said in one clear sentence."""


class InputError(Exception):
    """Input that cannot be used.

    The message is one sentence that says what is wrong, where (file, row, column, key) and what
    to do. A shell shows it and exits with 2; nothing has been written when it is raised.
    """
