"""How a clinic stands after its entries, and which of them cannot follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.sessions.clinic.entries import Entry, Joined, Prescribed, SetUp
from retrotread.sessions.clinic.standing import OutOfOrder, clinic_of

from .test_register import PLAN, a_prescription

BEGUN = (SetUp("Rehab", "hash"), Joined("P-AAAA", True))


def test_of_nothing_there_is_no_clinic() -> None:
    assert clinic_of(()) is None


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (BEGUN[1:], "something was written before the clinic was set up"),
        ((*BEGUN, BEGUN[0]), "the clinic is set up already"),
        ((*BEGUN, Prescribed(replace(a_prescription(), number=2), PLAN)), "prescription 2 does not follow 0"),
    ],
)
def test_what_cannot_follow_is_told(entries: tuple[Entry, ...], sentence: str) -> None:
    with pytest.raises(OutOfOrder, match=sentence):
        clinic_of(entries)
