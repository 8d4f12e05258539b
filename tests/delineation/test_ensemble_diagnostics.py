"""The diagnostics on series whose answer is known."""

import numpy as np
import pytest

from samenspel.delineation.chains.diagnostics import distinct, effective_size, split_rhat
from samenspel.delineation.problem import Floats


def autoregressive(seed: int, length: int, strength: float) -> Floats:
    """A stationary AR(1) series."""
    rng = np.random.default_rng(seed)
    series = np.empty(length)
    series[0] = rng.normal() / np.sqrt(1 - strength**2)
    for i in range(1, length):
        series[i] = strength * series[i - 1] + rng.normal()
    return series


@pytest.mark.parametrize("strength", [-0.3, 0.0, 0.5, 0.9])
def test_the_effective_size_of_an_autoregressive_series(strength: float) -> None:
    chains = [autoregressive(seed, 20_000, strength) for seed in range(4)]
    expected = 80_000 * (1 - strength) / (1 + strength)
    assert effective_size(chains) == pytest.approx(expected, rel=0.15)
    assert split_rhat(chains) == pytest.approx(1, abs=0.01)


def test_chains_that_disagree() -> None:
    chains = [autoregressive(seed, 2_000, 0.0) + 3 * (seed % 2) for seed in range(4)]
    rhat, size = split_rhat(chains), effective_size(chains)
    assert rhat is not None
    assert rhat > 1.5
    assert size is not None
    assert size < 40


def test_a_chain_that_drifts_disagrees_with_itself() -> None:
    rhat = split_rhat([autoregressive(1, 2_000, 0.0) + np.linspace(0, 5, 2_000)])
    assert rhat is not None
    assert rhat > 1.5


def test_what_does_not_vary_says_nothing() -> None:
    assert split_rhat([np.ones(100), np.ones(100)]) is None
    assert effective_size([np.ones(100), np.ones(100)]) is None


def test_chains_that_stand_still_apart_disagree_without_end() -> None:
    chains = [np.zeros(100), np.ones(100)]
    assert split_rhat(chains) == float("inf")
    size = effective_size(chains)
    assert size is not None
    assert size <= 4


def test_too_short_to_say() -> None:
    assert split_rhat([np.arange(7.0)]) is None
    assert effective_size([np.arange(7.0)]) is None
    assert effective_size([]) is None
    assert split_rhat([np.arange(8.0)]) is not None


def test_chains_of_different_length_are_compared_over_the_shortest() -> None:
    one, other = autoregressive(1, 100, 0.0), autoregressive(2, 1000, 0.0)
    assert split_rhat([one, other]) == split_rhat([one, other[:100]])


def test_distinct_plans_over_all_chains() -> None:
    words = [np.array([1, 2, 2], np.uint64), np.array([2, 2**63], np.uint64)]
    assert distinct(words) == 3
    assert distinct([]) == 0
