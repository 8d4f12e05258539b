"""Random numbers inside compiled loops."""

import numpy as np

from samenspel.delineation.compiled import inlined
from samenspel.delineation.problem import Words


def words(seed: int) -> Words:
    """The first state of the random numbers of ``seed``."""
    return np.random.SeedSequence(seed).generate_state(4, np.uint64).astype(np.uint64)


@inlined
def draw(random: Words) -> float:
    """The next number in [0, 1) of xoshiro256+ (Blackman and Vigna 2018)."""
    result = random[0] + random[3]
    shifted = random[1] << np.uint64(17)
    random[2] ^= random[0]
    random[3] ^= random[1]
    random[1] ^= random[2]
    random[0] ^= random[3]
    random[2] ^= shifted
    random[3] = (random[3] << np.uint64(45)) | (random[3] >> np.uint64(19))
    return float(result >> np.uint64(11)) * (1.0 / 9007199254740992.0)
