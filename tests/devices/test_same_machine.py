"""Whether the machine that is met is the one that was qualified, and what is said where nobody can know."""

from __future__ import annotations

from dataclasses import replace

from retrotread.devices.same_machine import other_machine
from retrotread.machine import Identity

SEALED = Identity("AA:01", "Belt", "Acme", "3000", "1.2")


def test_it_is_the_one_that_says_the_same_or_whose_name_alone_was_not_heard() -> None:
    assert other_machine(SEALED, SEALED) is None
    assert other_machine(SEALED, replace(SEALED, address="aa:01", name="")) is None
    assert other_machine(None, SEALED) is None


def test_one_that_only_leaves_something_out_is_read_again_before_it_is_qualified_again() -> None:
    assert other_machine(SEALED, replace(SEALED, model="", firmware="")) == (
        "nothing shows that this is the treadmill that was qualified: it did not tell its model ('3000' when it was "
        "qualified) and its firmware ('1.2' when it was qualified); it is only read: end the program and start it "
        "again, and qualify the treadmill again if it stays silent"
    )


def test_one_that_says_something_else_is_another_one_whatever_it_leaves_out() -> None:
    assert other_machine(SEALED, replace(SEALED, model="", firmware="2.0")) == (
        "this is not the treadmill that was qualified: its model was '3000' and is not told; its firmware was '1.2' "
        "and is '2.0'; qualify it again before it is driven"
    )


def test_one_that_says_more_than_it_did_is_another_one() -> None:
    told = other_machine(replace(SEALED, model=""), SEALED)
    assert told is not None
    assert "its model was not told and is '3000'" in told
