"""The safety key of the day: a start waits for its test, this way, on this machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retrotread.machine import BeltDirection, Facing, MachineNotice
from retrotread.safety.inputs import Said
from retrotread.sessions.key_gate import KeyGate
from retrotread.sessions.qualify import key_test
from retrotread.sessions.qualify.key_test import KeySeen, key_tested_today, record_key_test

GYM, REAR, CONSOLE = "ble://Gym", (Facing.REAR, BeltDirection.FORWARD), (Facing.CONSOLE, BeltDirection.FORWARD)
ALL = frozenset((REAR, CONSOLE))
PULLED = (Said(MachineNotice.SAFETY_KEY_PULLED),)


def test_where_no_key_is_needed_every_way_is_open(tmp_path: Path) -> None:
    gate = KeyGate(tmp_path, GYM, needed=False, ways=ALL)
    assert gate.tested(REAR)
    assert not gate.heard(PULLED)
    assert not list(tmp_path.iterdir())


def test_a_test_of_today_opens_its_own_way_and_machine_alone(tmp_path: Path) -> None:
    record_key_test(tmp_path, GYM, *REAR, KeySeen.ZEROS)
    gate = KeyGate(tmp_path, GYM, needed=True, ways=ALL)
    assert (gate.tested(REAR), gate.tested(CONSOLE), gate.complete) == (True, False, False)
    assert not KeyGate(tmp_path, "ble://Other", needed=True, ways=ALL).tested(REAR)


def test_a_pull_that_the_machine_tells_of_is_the_test_and_is_kept_for_the_day(tmp_path: Path) -> None:
    gate = KeyGate(tmp_path, GYM, needed=True, ways=ALL)
    assert not gate.heard((Said(MachineNotice.STARTED_AT_CONSOLE),))
    assert not gate.tested(REAR)
    assert gate.heard(PULLED)
    assert gate.complete
    assert all(key_tested_today(tmp_path, GYM, *way) for way in ALL)
    assert not gate.heard(PULLED), "told once"


def test_the_word_of_a_person_holds_for_this_run_alone(tmp_path: Path) -> None:
    gate = KeyGate(tmp_path, GYM, needed=True, ways=ALL)
    gate.taken_at_word()
    assert (gate.tested(REAR), gate.tested(CONSOLE), gate.complete) == (True, True, True)
    assert not key_tested_today(tmp_path, GYM, *REAR)


def test_a_test_that_cannot_be_kept_counts_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_asked: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(key_test, "replace_file", full)
    gate = KeyGate(tmp_path, GYM, needed=True, ways=ALL)
    assert gate.heard(PULLED)
    assert gate.tested(REAR)


def test_the_hour_of_a_test_is_known_where_it_was_kept_and_one_of_an_older_file_is_a_test_all_the_same(
    tmp_path: Path,
) -> None:
    gate = KeyGate(tmp_path, GYM, needed=True, ways=ALL)
    assert gate.tested_at(REAR) is None
    gate.taken_at_word()
    said = gate.tested_at(REAR)
    assert said is not None
    assert re.fullmatch(r"\d\d:\d\d", said)
    record_key_test(tmp_path, GYM, *REAR, KeySeen.STATUS)
    kept = KeyGate(tmp_path, GYM, needed=True, ways=ALL)
    assert re.fullmatch(r"\d\d:\d\d", kept.tested_at(REAR) or "")
    file = tmp_path / key_test.FILE_NAME
    file.write_text(re.sub(r'"at": "[0-9:]+"', '"at": "half past"', file.read_text()))
    older = KeyGate(tmp_path, GYM, needed=True, ways=ALL)
    assert older.tested(REAR)
    assert older.tested_at(REAR) is None
