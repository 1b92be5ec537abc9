"""``retrotread selftest`` as a person does it, and with defects planted that it has to find."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrotread.sessions.selftest.promises import PROMISES, Fault, Finding
from retrotread.sessions.selftest.record import LOCKED, keep, locked
from retrotread.sessions.selftest.trial import tried

FOCUS_OUT, FOCUS_IN = "\x1b[O", "\x1b[I"
PROMISE = {one.fault: one for one in PROMISES}

AS_SUBJECT = """
import os, runpy, sys
os.environ["PYTHONPATH"] = {folder!r}
runpy.run_module("retrotread.sessions.selftest.subject", run_name="__main__", alter_sys=True)
"""
ONLY_IN_THE_GUARDIAN = """
import sys
if "retrotread.guardian" in sys.orig_argv:
"""
SLOW_GATE = """
    import time
    from retrotread.guardian.gate import Gate
    from retrotread.machine import StopBelt
    admit = Gate.admit

    def slow(gate, config, command, *rest, **more):
        if isinstance(command, StopBelt):
            time.sleep(1.0)
        return admit(gate, config, command, *rest, **more)

    Gate.admit = slow
"""
NO_GUARDIAN = """
    raise SystemExit(1)
"""
TRIALS_KEPT = """
import sys
from retrotread.sessions.selftest import trial
from retrotread.sessions.selftest.promises import PROMISES, Finding

async def all_kept():
    return tuple(Finding(one, 10, True) for one in PROMISES)

trial.all_tried = all_kept
from retrotread.__main__ import main
sys.exit(main(["selftest"]))
"""


def planted(folder: Path, defect: str) -> tuple[str, ...]:
    """The program that is tried, with a defect in its guardian."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(ONLY_IN_THE_GUARDIAN + defect)
    return (sys.executable, "-c", AS_SUBJECT.format(folder=str(folder)))


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory, program_in: Callable[..., Any]) -> Any:
    """A self-test whose person looks away, comes back, and hears; its belts run on beside the tests that follow."""
    program = program_in(tmp_path_factory.mktemp("passing"), ("selftest",))
    program.shows("come back here")
    program.type(FOCUS_OUT)
    program.type(FOCUS_IN)
    program.shows("says when another window has the keyboard")
    program.type(program.hears_digit())
    return program


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, passing: Any) -> dict[str, Finding]:
    """Trials with planted defects, side by side: each takes half a minute."""
    folder = tmp_path_factory.mktemp("planted")

    async def all_of_them() -> tuple[Finding, Finding]:
        return await asyncio.gather(
            tried(PROMISE[Fault.KILLED], planted(folder / "slow", SLOW_GATE)),
            tried(PROMISE[Fault.STOP_KEY], planted(folder / "missing", NO_GUARDIAN)),
        )

    return dict(zip(("slow gate", "no guardian"), asyncio.run(all_of_them()), strict=True))


def test_a_slow_gate_is_found(found: dict[str, Finding]) -> None:
    """Too late, or on a busy computer later than the trial waits for: either way it is not kept."""
    finding = found["slow gate"]
    assert not finding.kept
    assert finding.trouble is None, "it was tried"
    assert finding.took_ms is None or (finding.took_ms >= 1000 and finding.came_to_rest)


def test_a_missing_guardian_is_found(found: dict[str, Finding]) -> None:
    finding = found["no guardian"]
    assert not finding.kept
    assert finding.sentence == "the stop key is pressed: could not be tried: the program ended before the belt ran"


@pytest.fixture
def kept_program(tmp_path: Path, program_of: Callable[..., Any]) -> Any:
    """The self-test on a terminal, whose six trials are taken to be kept."""
    return program_of(tmp_path, TRIALS_KEPT)


def test_a_terminal_that_tells_nothing_of_its_focus_does_not_pass(tmp_path: Path, kept_program: Any) -> None:
    kept_program.shows("come back here")
    kept_program.type("\x1b")
    kept_program.wait(lambda: "NOT KEPT  this terminal" in kept_program.text(), "finding")
    kept_program.type(kept_program.hears_digit())
    kept_program.shows("real treadmills stay locked")
    assert kept_program.exit_code() == 1
    assert locked(tmp_path) == LOCKED


def test_who_hears_nothing_does_not_pass(tmp_path: Path, kept_program: Any) -> None:
    kept_program.shows("come back here")
    kept_program.type(FOCUS_OUT + FOCUS_IN)
    for _ in range(2):
        kept_program.hears_digit()
        kept_program.type("9")  # none that is ever spoken, so that a question that is asked again changes nothing
    kept_program.shows("the digit was not heard")
    assert kept_program.exit_code() == 1
    assert locked(tmp_path) == LOCKED


def test_who_passes_has_real_treadmills_unlocked_for_this_version(passing: Any) -> None:
    passing.shows("Passed: for this version")
    assert passing.exit_code() == 0
    assert locked(passing.folder) is None


def test_a_program_that_was_changed_has_promised_nothing_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, (Finding(PROMISES[0], 10, True),))
    assert locked(tmp_path) is None
    monkeypatch.setattr("retrotread.sessions.selftest.record.program_hash", lambda: "another")
    assert locked(tmp_path) == LOCKED


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"program": null}', b"\xff\xfe"])
def test_a_record_that_cannot_be_read_unlocks_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "selftest.json").write_bytes(content)
    assert locked(tmp_path) == LOCKED
