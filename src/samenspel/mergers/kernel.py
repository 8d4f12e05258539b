"""Hot loop: which ways to cover a part of a zone no other way of that part dominates."""

from samenspel.delineation.compiled import jit
from samenspel.delineation.problem import Flags, Ints


@jit
def undominated(values: Ints, starts: Ints, kept: Flags, front: Ints) -> None:
    """Marks in ``kept`` the rows of ``values`` (more is better) that no other row of their group is
    at least as good as in every column; of equal rows the first. Group g: rows ``starts[g]`` to
    ``starts[g + 1]``, in descending order of the columns, the first column first, so that only rows
    before a row can dominate it. ``front``: room for as many numbers as there are rows."""
    columns = values.shape[1]
    for group in range(len(starts) - 1):
        size = 0
        for row in range(starts[group], starts[group + 1]):
            beaten = False
            for at in range(size - 1, -1, -1):
                other = front[at]
                beaten = True
                for column in range(columns):
                    if values[other, column] < values[row, column]:
                        beaten = False
                        break
                if beaten:
                    # What beats one often beats the next: to the end, where it is met first.
                    for later in range(at, size - 1):
                        front[later] = front[later + 1]
                    front[size - 1] = other
                    break
            kept[row] = not beaten
            if not beaten:
                front[size] = row
                size += 1
