"""Reasons and titles as they are kept: without the one sign that PostgreSQL cannot hold."""

import pytest

from samenspel.errors import InputError
from samenspel.register import acts, drafts


def test_a_reason_is_kept_without_signs_that_cannot_be_kept() -> None:
    assert acts.stated(" because\n<of> 'it' ") == "because\n<of> 'it'"
    assert acts.stated("be\0cause") == "because"
    assert drafts.titled("a\0 title") == "a title"


@pytest.mark.parametrize("nothing", ["", "  \n", "\0", " \0 "])
def test_nothing_is_no_reason_and_no_title(nothing: str) -> None:
    with pytest.raises(InputError):
        acts.stated(nothing)
    with pytest.raises(InputError):
        drafts.titled(nothing)
