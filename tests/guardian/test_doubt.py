"""A connection that shows less of the machine than the program goes by: nothing is armed over it, and why is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retrotread.devices.connection import Connection
from retrotread.devices.sheet import Sheet
from retrotread.guardian.doubt import DEAF, doubt_about
from retrotread.machine import Identity, Qualification


class Half:
    """Half a connection, of which only the profile is asked for."""

    def __init__(self, profile: Any) -> None:
        self.profile = profile


@pytest.fixture
def met(profile: Any) -> Any:
    def connection(remark: str | None = None, tells_events: bool = True, **differs: Any) -> Connection:
        half: Any = Half(replace(profile, qualification=Qualification.FULL, **differs))
        return Connection(half, half, Identity("AA:01"), remark, tells_events)

    return connection


@pytest.fixture
def sheet(profile: Any) -> Sheet:
    return Sheet(replace(profile, qualification=Qualification.FULL), sealed_for=Identity("AA:01"))


def unqualified(met: Any, remark: str) -> Connection:
    connection: Connection = met(remark)
    half: Any = Half(replace(connection.reader.profile, qualification=Qualification.NONE))
    return replace(connection, reader=half, writer=half)


def test_there_is_none_about_a_connection_that_shows_what_the_first_one_did(met: Any, sheet: Sheet) -> None:
    assert doubt_about(sheet, met(), met()) is None
    assert doubt_about(None, met(), met()) is None
    assert doubt_about(sheet, met(), met("its adapter has no number")) is None, "a remark is no doubt by itself"


def test_a_machine_that_is_not_known_to_be_the_qualified_one_is_in_doubt(met: Any, sheet: Sheet) -> None:
    assert doubt_about(sheet, met(), unqualified(met, "no model")) == "no model"


def test_a_machine_that_nobody_called_qualified_is_none_to_doubt(met: Any, sheet: Sheet, profile: Any) -> None:
    first = unqualified(met, "nobody tried it out")
    untried = replace(sheet, profile=replace(profile, qualification=Qualification.NONE))
    assert doubt_about(untried, first, first) is None
    assert doubt_about(None, first, first) is None


def test_what_was_in_doubt_at_the_first_connection_stays_so(met: Any, sheet: Sheet) -> None:
    first = unqualified(met, "no model")
    assert doubt_about(sheet, first, first) == "no model"
    assert doubt_about(sheet, first, met()) == "no model"


def test_an_adapter_whose_number_is_not_found_any_more_is_in_doubt(met: Any, sheet: Sheet) -> None:
    nameless = met("the adapter has no number", unnumbered=True)
    assert doubt_about(sheet, met(), nameless) == "the adapter has no number"
    assert doubt_about(sheet, nameless, nameless) is None, "it never had one: a hand at the machine shows which it is"


def test_events_that_were_told_and_are_not_any_more_are_missed(met: Any, sheet: Sheet) -> None:
    assert doubt_about(sheet, met(), met(tells_events=False)) == DEAF
    assert doubt_about(sheet, met(tells_events=False), met(tells_events=False)) is None
