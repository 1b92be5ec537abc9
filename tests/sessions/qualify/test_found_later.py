"""What a later trial takes away of what an earlier one allowed: a seal, and the key test of the day."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from retrotread.cli import qualify as at_terminal
from retrotread.devices.sheet import Sheet
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import (
    BeltDirection,
    Capabilities,
    DeviceProfile,
    Facing,
    Identity,
    PhysicalStop,
    Qualification,
)
from retrotread.sessions.machines.card import card, card_lines
from retrotread.sessions.machines.lookup import sheet_for
from retrotread.sessions.machines.sealed import FOLDER_NAME, Findings, seal
from retrotread.sessions.qualify import bench, live
from retrotread.sessions.qualify.key_test import KeySeen, forget_key_tests, key_tested_today, record_key_test
from retrotread.sessions.treadmills import choice_at

Qualify = Callable[..., Any]
GYM = "ble://AA:BB:CC:DD:EE:FF"
MACHINE = Identity("AA:BB:CC:DD:EE:FF", "Gym")
PROFILE = DeviceProfile(
    "Gym",
    Capabilities(50, 1600, 10),
    lag_ms=400,
    report_period_ms=250,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    qualification=Qualification.FULL,
)
LONG_AGO = Findings("2026-01-01T00:00:00+00:00", ())


def allowed(folder: Path) -> Qualification:
    sheet = sheet_for(GYM, folder)
    assert sheet is not None
    return sheet.profile.qualification


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A data folder in which the gym's machine was qualified in full."""
    seal(Sheet(PROFILE, sealed_for=MACHINE), LONG_AGO, tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", ["ignores-stop", "restarts-after-stop", "jumps-back"])
def test_a_danger_that_a_later_qualification_finds_takes_the_older_one_away(
    kind: str, qualify: Qualify, sealed: Path
) -> None:
    verdict = qualify(ARCHETYPES[kind]).verdict
    assert at_terminal._end(sealed, GYM, verdict, simulated=False) == 1
    assert allowed(sealed) is Qualification.NONE
    lines = card_lines(card(GYM, sealed))
    assert "state: not qualified: it is only read" in lines
    assert any(line.startswith("found dangerous on ") for line in lines)
    assert any(verdict.refusals[0] in line for line in lines)
    held_back = choice_at(GYM, frozenset(), sealed).held_back or ""
    assert verdict.refusals[0] in held_back
    assert "never tried out" not in held_back


def test_a_qualification_that_was_left_or_only_practised_takes_nothing_away(qualify: Qualify, sealed: Path) -> None:
    left = qualify(ARCHETYPES["well-behaved"], says={"person": "yes"}).verdict
    at_terminal._end(sealed, GYM, left, simulated=False)
    at_terminal._end(sealed, GYM, qualify(ARCHETYPES["ignores-stop"]).verdict, simulated=True)
    assert allowed(sealed) is Qualification.FULL


def test_a_danger_that_cannot_be_kept_is_told_with_what_to_do(
    qualify: Qualify, sealed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("retrotread.sessions.machines.sealed._written", full)
    verdict = qualify(ARCHETYPES["ignores-stop"]).verdict
    assert at_terminal._end(sealed, GYM, verdict, simulated=False) == 1
    told = capsys.readouterr().err
    assert f"{sealed / FOLDER_NAME} cannot be written (No space left on device)" in told
    assert "do not use this machine" in told


REAR, AHEAD = Facing.REAR, BeltDirection.FORWARD


@pytest.fixture
def key_test_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], int]:
    """Carries a key test out that ends so, after one of this morning; its exit code."""
    monkeypatch.setattr(live, "LiveBench", lambda *_: contextlib.nullcontext(SimpleNamespace(machine=None)))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(fileno=lambda: 0))
    record_key_test(tmp_path, GYM, REAR, AHEAD, KeySeen.ZEROS)
    record_key_test(tmp_path, "ble://another", REAR, AHEAD, KeySeen.ZEROS)

    def carried_out(end: object) -> int:
        def hold(*_: object) -> object:
            if isinstance(end, BaseException):
                raise end
            return end

        monkeypatch.setattr(bench, "hold", hold)
        return at_terminal._key_test(tmp_path, GYM, REAR)

    return carried_out


def test_a_key_test_that_fails_takes_this_mornings_away(key_test_ends: Callable[[object], int], tmp_path: Path) -> None:
    assert key_test_ends("the key was not seen to stop the belt") == 1
    assert not key_tested_today(tmp_path, GYM, REAR, AHEAD)
    assert key_tested_today(tmp_path, "ble://another", REAR, AHEAD), "of this machine alone"


def test_a_key_test_that_is_broken_off_while_the_belt_runs_takes_it_away_too(
    key_test_ends: Callable[[object], int], tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        key_test_ends(KeyboardInterrupt())
    assert not key_tested_today(tmp_path, GYM, REAR, AHEAD)


def test_a_key_test_that_ends_well_counts(key_test_ends: Callable[[object], int], tmp_path: Path) -> None:
    assert key_test_ends(KeySeen.STATUS) == 0
    assert key_tested_today(tmp_path, GYM, REAR, AHEAD)


@pytest.mark.parametrize(("tested_at", "fails_at"), [("ble://Gym", GYM), (GYM, "ble://Gym")])
def test_a_key_test_that_fails_counts_by_whichever_address_the_machine_is_reached(
    tested_at: str, fails_at: str, sealed: Path
) -> None:
    """Else the one that is reached by its name keeps the test that it failed by its number."""
    record_key_test(sealed, tested_at, REAR, AHEAD, KeySeen.ZEROS)
    assert key_tested_today(sealed, fails_at, REAR, AHEAD)
    forget_key_tests(sealed, fails_at)
    assert not key_tested_today(sealed, tested_at, REAR, AHEAD)
