"""A record through today's program: what agrees, what differs and how it is told; a live run with a real guardian."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.__main__ import main
from retrotread.clock import monotonic_s
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import BeltDirection, Setpoint, StopBelt
from retrotread.safety import supervisor, turning
from retrotread.safety.inputs import Seen
from retrotread.safety.limits import Limit
from retrotread.safety.modes import Mode
from retrotread.sessions import live
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.folder import VARIABLE
from retrotread.sessions.host import SilentHost
from retrotread.sessions.journal import close_interrupted
from retrotread.sessions.launcher import SessionLauncher, Wish
from retrotread.sessions.prepare import ANYBODY, Asked, laid_out, written_as, written_in
from retrotread.sessions.replay import replay
from retrotread.sessions.simulate import Simulation, simulate
from retrotread.sessions.simulate_command import recorded
from retrotread.sessions.tape import Recording, Tape, read_scenario, tape_in
from retrotread.sessions.view import Controls, RunView
from retrotread.sessions.voice import RecordingSpeaker
from retrotread.workouts import engine, phases
from retrotread.workouts.engine import Phase

ADDRESS = "sim://well-behaved?start_s=0"
SOON_S = 30.0
WORKOUT = """retrotread: 1
name: short and forward
level: 1
facing: console
steps:
  - walk: 5 s
    speed: 0.8 km/h
    say: stand tall
  - walk: 3 min
    speed: 1.0 km/h
  - cool down: 30 s
    speed: 0.8 km/h
"""
KIND = ARCHETYPES["well-behaved"]


@pytest.fixture(scope="module")
def workout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replay") / "short.yaml"
    path.write_text(WORKOUT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tape(workout: Path) -> Tape:
    """A simulated run of a minute that its person stops."""
    prepared = laid_out(written_in(workout), KIND.profile, ANYBODY)
    assert prepared.offer.timeline is not None
    recording = Recording()
    plan = RunPlan.of("run", prepared.offer.timeline, prepared.tier.key)
    simulate(Simulation(plan, KIND, stop_at_s=60.0), recording)
    return recorded(recording, prepared)


# --- a simulated run --------------------------------------------------------------------------------------------


def test_a_simulated_run_goes_again_as_it_went(tape: Tape) -> None:
    done = replay(tape)
    assert (done.agrees, done.differences, done.notes) == (True, (), ())
    assert (done.supervisor_steps, done.engine_steps) == (len(tape.steps), len(tape.taken))
    assert done.supervisor_steps > 600
    assert done.engine_steps > 500
    assert len(tape.armed) == 1


def with_step(tape: Tape, number: int, **changes: Any) -> Tape:
    steps = list(tape.steps)
    steps[number - 1] = replace(steps[number - 1], **changes)
    return replace(tape, steps=tuple(steps))


def with_taken(tape: Tape, number: int, **changes: Any) -> Tape:
    taken = list(tape.taken)
    taken[number - 1] = replace(taken[number - 1], **changes)
    return replace(tape, taken=tuple(taken))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mode": Mode.PAUSED}, "the mode was paused, and is now idle"),
        ({"commands": (StopBelt(),)}, "what was sent was StopBelt(), and is now nothing"),
    ],
)
def test_the_first_step_of_the_supervisor_that_differs_is_told_with_its_number_and_moment(
    tape: Tape, changes: dict[str, Any], says: str
) -> None:
    (found,) = replay(with_step(with_step(tape, 9, **changes), 300, mode=Mode.FAULT)).differences
    assert str(found) == f"supervisor, step 9 at {tape.steps[8].at_s:.2f} s: {says}"


def test_a_cause_with_another_sentence_is_a_difference(tape: Tape) -> None:
    number = next(at for at, one in enumerate(tape.steps, start=1) if one.causes)
    cause = tape.steps[number - 1].causes[0]
    (found,) = replay(with_step(tape, number, causes=(replace(cause, message="of old"),))).differences
    assert (found.part, found.number, found.what) == ("supervisor", number, "what was found")
    assert (found.then, found.now) == (
        "operator_stop (controlled_stop, over when a person acknowledges it at standstill): of old",
        f"operator_stop (controlled_stop, over when a person acknowledges it at standstill): {cause.message}",
    )


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"phase": Phase.PAUSED}, "the phase"),
        ({"step": 2}, "the step of the plan"),
        ({"wanted": Setpoint(9.0)}, "the wish"),
        ({"cues": ("count: 3",)}, "what is spoken"),
    ],
)
def test_a_step_of_the_engine_that_differs_is_told(tape: Tape, changes: dict[str, Any], what: str) -> None:
    (found,) = replay(with_taken(tape, 400, **changes)).differences
    assert (found.part, found.number, found.at_s, found.what) == ("engine", 400, tape.taken[399].at_s, what)


def test_each_part_has_its_own_first_difference(tape: Tape) -> None:
    broken = with_taken(with_step(tape, 50, mode=Mode.FAULT), 40, step=7)
    assert [(one.part, one.number) for one in replay(broken).differences] == [("supervisor", 50), ("engine", 40)]


def test_an_event_that_today_is_not_taken_is_a_difference(tape: Tape) -> None:
    (found,) = replay(with_taken(tape, 1, event=phases.BeltSeenMoving())).differences
    assert (found.number, found.what, found.then) == (1, "the event BeltSeenMoving", "taken")


def test_a_supervisor_of_today_that_fails_is_a_difference_and_no_crash(
    tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> supervisor.Step:
        raise AssertionError("no such state")

    monkeypatch.setattr(supervisor, "step", fails)
    (found,) = replay(tape).differences
    assert (found.number, found.now) == (1, "AssertionError: no such state")


def test_a_tier_that_there_is_no_more_is_a_difference(tape: Tape) -> None:
    armed = replace(tape.armed[0], armed=replace(tape.armed[0].armed, tier="gone"))
    (found,) = replay(replace(tape, armed=(armed,))).differences
    assert (found.number, found.what) == (tape.armed[0].before_step, "the step")
    assert "gone" in found.now


def test_the_limits_of_the_record_hold_from_the_step_that_they_were_armed_before(tape: Tape) -> None:
    """Without them the belt would never be let go."""
    (found,) = replay(replace(tape, armed=())).differences
    assert found.part == "supervisor"
    assert found.number >= tape.armed[0].before_step
    limits = replace(tape.armed[0].armed.limits, speed_ckph=Limit(60, "a test"))
    armed = replace(tape.armed[0], armed=replace(tape.armed[0].armed, limits=limits))
    assert not replay(replace(tape, armed=(armed,))).agrees


def test_a_plan_that_is_laid_out_otherwise_today_is_a_difference_of_its_own(tape: Tape) -> None:
    moved = replace(tape, layout=replace(tape.layout, rates=replace(tape.layout.rates, rise_kph_per_s=0.1)))
    plan, of_engine = replay(moved).differences
    assert (plan.part, plan.what, of_engine.part) == ("plan", "what the belt is asked for", "engine")


def test_a_plan_that_cannot_be_laid_out_today_is_a_difference_and_the_supervisor_is_compared(tape: Tape) -> None:
    done = replay(replace(tape, plan=b"retrotread: 99\n"))
    (found,) = done.differences
    assert (found.part, found.then) == ("plan", "possible")
    assert (done.supervisor_steps, done.engine_steps) == (len(tape.steps), 0)


def test_the_layout_keeps_the_lead_that_was_asked_for_and_not_the_shorter_one_that_fitted(workout: Path) -> None:
    """What ``unroll`` makes of it is today's business."""
    written = written_in(workout)
    late = replace(KIND.profile, lag_ms=9_000)
    prepared = laid_out(written, late, ANYBODY)
    assert prepared.offer.timeline is not None
    assert prepared.layout.lead_s == 9.0
    assert prepared.offer.timeline.lead_s == 5.0


def test_what_the_person_accepted_and_a_plan_in_words_are_in_the_layout() -> None:
    prepared = laid_out(written_as("2 min at 1 km/h backward"), KIND.profile, Asked(accept_lowest=True))
    assert (prepared.layout.quick, prepared.layout.accept_lowest) == (True, True)
    assert not laid_out(written_as("2 min at 1 km/h backward"), KIND.profile, ANYBODY).layout.accept_lowest


# --- what is missing --------------------------------------------------------------------------------------------


def test_steps_that_were_dropped_are_said(tape: Tape) -> None:
    cut = replace(tape, steps=tape.steps[:300], dropped=2, left_out=55)
    done = replay(cut)
    assert (done.agrees, done.supervisor_steps) == (True, 300)
    assert done.notes == ("2 steps were dropped by the recorder, and 55 behind the first are not compared",)


def test_a_hole_in_time_ends_the_comparison_and_is_said(tape: Tape) -> None:
    """A step that never came from the guardian has no number that could be missing."""
    done = replay(replace(tape, steps=(*tape.steps[:300], *tape.steps[303:])))
    assert (done.agrees, done.supervisor_steps) == (True, 300)
    (note,) = done.notes
    assert note.startswith("the record has a hole of 0.30 s before step 301 of the supervisor at ")
    assert note.endswith(f"is compared ({len(tape.steps) - 303} steps)")


def test_a_record_without_a_machine_has_nothing_of_the_supervisor_compared(tape: Tape) -> None:
    done = replay(replace(tape, connected=None))
    assert (done.supervisor_steps, done.engine_steps) == (0, len(tape.taken))
    assert done.notes == ("no connection was recorded, so nothing of the supervisor is compared",)


# --- a live run -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lived:
    """A journal that was closed, and one that its program left as it was in the middle of the run."""

    journal: Path
    left: Path
    name: str


class BeltLost(AssertionError):
    """The guardian stopped the belt before the person did: the computer was too busy for this program's beats."""


class Person:
    """Looks at a live run until something is so, with a turn of the screen at each look."""

    def __init__(self, run: Controls) -> None:
        self.run = run

    def waits(self, true: Callable[[RunView], bool], seconds: float = SOON_S) -> None:
        until_s, pause = monotonic_s() + seconds, threading.Event()
        while not true(self.run.view()):
            assert monotonic_s() < until_s, self.run.view()
            self.run.ui_turn()
            pause.wait(0.05)

    def stays(self, seconds: float) -> None:
        until_s = monotonic_s() + seconds
        self.waits(lambda _view: monotonic_s() >= until_s)
        snapshot = self.run.view().snapshot
        if snapshot is None or snapshot.mode is not Mode.RUN:
            raise BeltLost(snapshot)

    def starts(self) -> None:
        self.waits(lambda view: view.snapshot is not None and view.snapshot.standstill)
        self.run.arm()
        self.waits(lambda view: view.snapshot is not None and view.snapshot.mode is Mode.ARMED)
        self.run.hold_done()
        self.waits(lambda view: view.phase is Phase.WAITING_FOR_PERSON)
        self.run.person_on()
        self.waits(lambda view: view.phase is Phase.RUNNING)


def _lives(run: Controls, runs: Path, left: Path) -> None:
    person = Person(run)
    run.sound_heard(True)
    person.starts()
    person.stays(7.0)
    run.nudge(-0.1)
    run.pause()
    person.waits(lambda view: view.snapshot is not None and view.snapshot.mode is Mode.PAUSED)
    person.starts()
    person.stays(2.0)
    for path in runs.iterdir():  # as a program leaves them that ends now
        shutil.copy(path, left / path.name)
    person.stays(0.2)
    run.stop()
    person.waits(lambda view: view.summary is not None)


def _lived(folder: Path, left: Path, workout: Path) -> Lived:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(folder))
        patch.setattr(live, "system_speaker", lambda *_any, **_how: RecordingSpeaker(monotonic_s))
        patch.setattr(live, "system_host", lambda: SilentHost("a test"))
        launcher = SessionLauncher(Wish(str(workout), ADDRESS, accept_lowest=True))
        run = launcher.launch(launcher.offers(ADDRESS)[0], ADDRESS)
        try:
            _lives(run, folder / "runs", left)
        finally:
            run.close()
            launcher.close()
    (journal,) = (folder / "runs").glob("*.sqlite")
    return Lived(journal, left / journal.name, "short and forward")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, workout: Path) -> Lived:
    """A run whose belt was lost on a busy computer is lived once more, up to three times."""
    for more in (True, True, False):
        try:
            return _lived(tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("left"), workout)
        except BeltLost:
            if not more:
                raise
    raise AssertionError("unreachable")


def test_a_live_run_goes_again_as_it_went(lived: Lived) -> None:
    tape = tape_in(lived.journal)
    done = replay(tape)
    assert "\n".join((*map(str, done.differences), *done.notes)) == ""
    assert (done.supervisor_steps, done.engine_steps) == (len(tape.steps), len(tape.taken))
    assert done.supervisor_steps > 250
    assert done.engine_steps > 400
    assert len(tape.armed) == 2
    took = {type(one.event) for one in tape.taken}
    assert {engine.NudgeRequested, engine.PauseRequested, engine.StopRequested, engine.PersonConfirmedOn} <= took
    assert any(isinstance(item, Seen) for one in tape.steps for item in one.inputs)
    assert tape.layout.accept_lowest
    assert tape.armed[0].armed.belt is BeltDirection.FORWARD


def test_a_run_whose_program_ended_goes_again_up_to_its_last_step(lived: Lived) -> None:
    assert lived.left.with_name(f"{lived.left.name}-wal").exists()
    whole = tape_in(lived.journal)
    for _ in ("open", "interrupted"):
        tape = tape_in(lived.left)
        assert replay(tape).agrees
        assert tape.steps == whole.steps[: len(tape.steps)]
        assert 200 < len(tape.steps) < len(whole.steps)
        close_interrupted(lived.left.parent)


def test_a_live_run_as_a_scenario_file_is_the_same_tape(lived: Lived, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl.gz"
    assert main(["replay", str(lived.journal), "--export", str(out)]) == 0
    assert read_scenario(out) == tape_in(lived.journal)


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_tells_what_was_compared(lived: Lived, capsys: pytest.CaptureFixture[str]) -> None:
    tape = tape_in(lived.journal)
    assert main(["replay", str(lived.journal)]) == 0
    said = capsys.readouterr()
    compared = f"{len(tape.steps)} steps of the supervisor and {len(tape.taken)} of the engine compared"
    assert (said.out, said.err) == (f"{lived.name}: no difference; {compared}\n", "")


def test_the_command_tells_differences_and_ends_with_1(
    lived: Lived, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_shape", lambda _work, _elapsed_ms: None)
    assert main(["replay", str(lived.journal)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("short and forward: today's program differs; ")
    assert second.startswith("supervisor, step ")
    assert ": what was sent was SetSpeed(" in second
    assert second.endswith(", and is now nothing")


def test_as_one_object(lived: Lived, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["replay", str(lived.journal), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"name", "agrees", "supervisor_steps", "engine_steps", "differences", "notes"}
    assert (told["agrees"], told["differences"]) == (True, [])
    monkeypatch.setattr(supervisor, "_shape", lambda _work, _elapsed_ms: None)
    assert main(["replay", str(lived.journal), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["differences"]
    assert found.keys() == {"part", "number", "at_s", "what", "then", "now"}


def test_simulate_records_what_replay_reads(workout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl.gz"
    words = ["simulate", str(workout), "--accept-lowest", "--fault", "silent@30"]
    assert main(words) == main([*words, "--record", str(out)])
    plain, recording = capsys.readouterr().out.split("violations: 0\n")[:2]
    assert plain == recording
    assert main(["replay", str(out)]) == 0
    assert "telemetry_silent" in {cause.hazard.value for one in read_scenario(out).steps for cause in one.causes}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("replay", "{folder}/none"), "{folder}/none is not there; give a journal or a scenario file"),
        (("replay", "{folder}"), "{folder} is no file; give a journal or a scenario file"),
        (("replay", "{workout}"), "{workout} is neither a journal (.sqlite) nor a scenario file (.jsonl.gz)"),
        (
            ("simulate", "{workout}", "--record", "{folder}/run.sqlite"),
            "{folder}/run.sqlite is not written: the name of a scenario file ends in .jsonl.gz",
        ),
        (
            ("simulate", "{workout}", "--record", "{folder}/no/run.jsonl.gz"),
            "{folder}/no/run.jsonl.gz: No such file or directory; choose another",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence_and_2(
    words: tuple[str, ...], says: str, workout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"folder": tmp_path, "workout": workout}
    assert main([word.format(**names) for word in words]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{says.format(**names)}\n")


def test_a_rule_that_changes_shows_in_a_golden_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dwell of a turn, as an example: the confirmations come too early for a longer one."""
    path = Path(__file__).parents[1] / "scenarios" / "turn.jsonl.gz"
    monkeypatch.setattr(turning, "DWELL_MS", turning.DWELL_MS * 2)
    assert [one.part for one in replay(read_scenario(path)).differences] == ["supervisor"]
