"""Reading a workout file from a path: what a good file becomes, and what no path may lead to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from retrotread.machine import STANDSTILL, BeltDirection, Facing, Setpoint
from retrotread.workouts import regular_file
from retrotread.workouts.problems import Place
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.source import WorkoutFileError, parse_workout, read_workout
from retrotread.workouts.timeline import StepKind, TimelineError, unroll

DOCUMENT = Path(__file__).parents[2] / "docs" / "workout-file.md"

FULL = """\
retrotread: 1
name: everything once
level: 4
facing: console
source: {text: "made up", grade: proposal}
needs: [rails, harness]
steps:
  - walk: 1 min 30 s
    speed: 2 mph
    incline: 2 % -> 4 %
    say: |-
      up
  - repeat: 2
    steps:
      - run: 60 s
        speed: 1.2 m/s -> 5.0 km/h
      - repeat: 2
        steps:
          - walk: 75 s
            speed: 3.0 km/h
  - cool down: 5 min
    speed: 3.0 km/h -> 1.0 km/h
after: [stretch, drink]
"""


def test_every_key_of_a_file_arrives() -> None:
    plan = parse_workout(FULL.encode(), "full.yaml")
    assert (plan.name, plan.level, plan.facing) == ("everything once", 4, Facing.CONSOLE)
    assert plan.source is not None
    assert (plan.source.text, plan.source.grade) == ("made up", "proposal")
    assert (plan.needs, plan.after) == (("rails", "harness"), ("stretch", "drink"))


def test_steps_come_unrolled_and_say_which_turn_they_are() -> None:
    steps = parse_workout(FULL.encode(), "full.yaml").planned_steps()
    assert [step.label for step in steps] == [
        "walk 90 s",
        "run 60 s (1 of 2)",
        "walk 75 s (1 of 2, 1 of 2)",
        "walk 75 s (1 of 2, 2 of 2)",
        "run 60 s (2 of 2)",
        "walk 75 s (2 of 2, 1 of 2)",
        "walk 75 s (2 of 2, 2 of 2)",
        "cool down 5 min",
    ]
    assert [step.length_s for step in steps] == [90, 60, 75, 75, 60, 75, 75, 300]


def test_a_step_carries_its_set_points_its_cue_and_its_place() -> None:
    first, run, *_, last = parse_workout(FULL.encode(), "full.yaml").planned_steps()
    assert (first.start, first.end, first.say) == (Setpoint(3.218688, 2.0), Setpoint(3.218688, 4.0), "up")
    assert (run.start, run.end, run.say) == (Setpoint(4.32), Setpoint(5.0), None)
    assert run.place == Place("full.yaml", 15, 9, "steps[1].steps[0]")
    assert (last.kind, last.place) == (StepKind.COOL_DOWN, Place("full.yaml", 21, 5, "steps[2]"))


TURNING = """\
retrotread: 1
name: both ways
facing: rear
steps:
  - off belt: 3 min
    say: toe raises
  - repeat: 2
    steps:
      - walk: 400 m
        speed: 60 % -> 5 km/h
      - turn: to the console
        say: look at the console
      - run: 0.25 mi
        speed: 8 km/h
      - turn: to the rear
        belt: reversed
      - walk: 2 min
        speed: 3 km/h
      - turn: to the rear
  - walk: 60 s
    speed: 50 %
  - cool down: 100 m
    speed: 2 km/h -> 1 km/h
"""


def test_turns_distances_and_shares_arrive_in_every_turn_of_a_repeat() -> None:
    steps = parse_workout(TURNING.encode(), "t.yaml").planned_steps(backward_max_kph=6.0)
    rear, console = Facing.REAR, Facing.CONSOLE
    forward, reverse = BeltDirection.FORWARD, BeltDirection.REVERSED
    assert [(step.label, step.facing, step.belt) for step in steps] == [
        ("off belt 3 min", rear, forward),
        *(
            (f"{what} ({turn} of 2)", facing, belt)
            for turn in (1, 2)
            for what, facing, belt in (
                ("walk 400 m", rear, forward),
                ("turn to the console", console, forward),
                ("run 402.34 m", console, forward),
                ("turn to the rear, belt reversed", rear, reverse),
                ("walk 2 min", rear, reverse),
                ("turn to the rear", rear, forward),
            )
        ),
        ("walk 60 s", rear, forward),
        ("cool down 100 m", rear, forward),
    ]


def test_a_distance_carries_its_metres_and_counts_at_its_slowest_speed() -> None:
    steps = parse_workout(TURNING.encode(), "t.yaml").planned_steps(backward_max_kph=6.0)
    walk, run, cool_down = steps[1], steps[3], steps[-1]
    assert [step.length_m for step in (walk, run, cool_down)] == [400.0, 402.336, 100.0]
    seconds = [400 / (3.6 / 3.6), 402.336 / (8 / 3.6), 100 / (1 / 3.6)]
    assert [step.length_s for step in (walk, run, cool_down)] == pytest.approx(seconds)
    assert {step.length_m for step in steps if step.label.startswith(("walk 60", "off", "turn"))} == {None}


def test_a_share_is_one_of_the_persons_own_maximum() -> None:
    plan = parse_workout(TURNING.encode(), "t.yaml")
    assert plan.needs_backward_max
    for maximum in (4.0, 6.0):
        steps = plan.planned_steps(backward_max_kph=maximum)
        assert (steps[1].start, steps[1].end) == (Setpoint(maximum * 60 / 100), Setpoint(5.0))
        assert steps[-2].start == Setpoint(maximum * 50 / 100)


def test_a_share_of_a_maximum_that_nobody_gave_is_a_problem_at_each_step() -> None:
    with pytest.raises(TimelineError) as caught:
        parse_workout(TURNING.encode(), "t.yaml").planned_steps()
    said = "a share of the person's backward maximum, and that is not known; "
    mend = "ask for an absolute speed, or give your own backward maximum"
    assert str(caught.value).splitlines() == [
        f"t.yaml:9:9: steps[1].steps[0]: {said}{mend}",
        f"t.yaml:20:5: steps[2]: {said}{mend}",
    ]


def test_a_plan_that_a_maximum_makes_too_long_is_a_problem_then() -> None:
    plan = parse_workout(TURNING.replace("walk: 60 s", "walk: 3 km").encode(), "t.yaml")
    assert plan.planned_steps(backward_max_kph=6.0)
    with pytest.raises(TimelineError) as caught:
        plan.planned_steps(backward_max_kph=1.0)
    assert str(caught.value) == ("t.yaml:5:3: steps: the plan lasts 7 h 39 min 2 s, the limit is 4 h; shorten it")


@pytest.mark.parametrize("maximum", [0.0, -1.0, float("nan"), float("inf")])
def test_a_maximum_that_is_no_speed_is_refused(maximum: float) -> None:
    with pytest.raises(ValueError, match="a backward maximum is a finite number of km/h above 0, not "):
        parse_workout(TURNING.encode(), "t.yaml").planned_steps(maximum)


def test_the_belt_stands_in_a_turn_and_off_the_belt_and_what_is_said_arrives() -> None:
    off, _, turn, *_ = parse_workout(TURNING.encode(), "t.yaml").planned_steps(6.0)
    assert (off.kind, off.length_s, off.start, off.end) == (StepKind.OFF_BELT, 180.0, STANDSTILL, STANDSTILL)
    assert (turn.kind, turn.length_s, turn.start, turn.end) == (StepKind.TURN, 0.0, STANDSTILL, STANDSTILL)
    assert (off.say, turn.say) == ("toe raises", "look at the console")
    assert turn.place == Place("t.yaml", 11, 9, "steps[1].steps[1]")


def test_a_belt_that_is_reversed_from_the_start_holds_until_a_turn_says_otherwise() -> None:
    text = TURNING.replace("facing: rear\n", "facing: console\nbelt: reversed\n")
    first, walk, turn, *_ = parse_workout(text.encode(), "t.yaml").planned_steps(6.0)
    assert (first.belt, walk.belt, turn.belt) == (*[BeltDirection.REVERSED] * 2, BeltDirection.FORWARD)
    assert (walk.facing, turn.facing) == (Facing.CONSOLE, Facing.CONSOLE)


def test_a_share_may_stand_wherever_the_person_goes_backward() -> None:
    """Facing the console on a reversed belt is backward too."""
    text = TURNING.replace("facing: rear\n", "facing: console\nbelt: reversed\n")
    assert parse_workout(text.encode(), "t.yaml").planned_steps(6.0)[1].start == Setpoint(3.6)


def test_a_plan_of_absolute_speeds_needs_no_maximum() -> None:
    plan = parse_workout(FULL.encode(), "full.yaml")
    assert not plan.needs_backward_max
    assert plan.planned_steps() == plan.planned_steps(3.0)


def test_a_step_without_incline_is_flat_and_inherits_nothing() -> None:
    steps = parse_workout(FULL.encode(), "full.yaml").planned_steps()
    assert [step.start.incline_percent for step in steps[1:]] == [0.0] * 7


def test_a_problem_of_the_timeline_names_the_place_in_the_file() -> None:
    plan = parse_workout(FULL.replace("run: 60 s", "run: 2 s").encode(), "full.yaml")
    with pytest.raises(TimelineError) as caught:
        unroll(plan, RampRates(0.2, 0.5, 0.5), 0.8)
    assert str(caught.value).startswith("full.yaml:15:9: steps[1].steps[0]: run 2 s (1 of 2): the way in,")


def test_every_file_in_the_document_is_good() -> None:
    blocks = DOCUMENT.read_text(encoding="utf-8").split("```yaml\n")[1:]
    assert blocks
    for block in blocks:
        assert parse_workout(block.partition("```")[0].encode(), "example").planned_steps(backward_max_kph=5.0)


def refused(path: Path | str) -> str:
    with pytest.raises(WorkoutFileError) as caught:
        read_workout(path)
    return str(caught.value).removeprefix(f"{path}:")


def with_os(monkeypatch: pytest.MonkeyPatch, **instead: object) -> None:
    """The reader sees another ``os``; nothing else does."""
    monkeypatch.setattr(regular_file, "os", SimpleNamespace(**{**vars(os), **instead}))


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(FULL, encoding="utf-8")
    assert read_workout(path) == parse_workout(FULL.encode(), str(path))
    assert read_workout(str(path)).name == "everything once"


def test_a_folder_is_no_workout(tmp_path: Path) -> None:
    assert refused(tmp_path) == "1:1: file: is a folder, not a file; give the path of a file in it"


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "1:1: file: is a pipe, not a file; give the path of a regular file"


def test_a_socket_is_no_workout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        assert refused("s") == "1:1: file: is a socket, not a file; give the path of a regular file"


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/tty"])
def test_a_device_is_refused_before_it_is_opened(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_os(monkeypatch, open=lambda *_: pytest.fail("the device was opened"))
    assert refused(device) == "1:1: file: is a device, not a file; give the path of a regular file"


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "full.yaml").write_text(FULL, encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "full.yaml")
    sentence = "1:1: file: is a symbolic link, not a file; give the path of the file that it points to"
    assert refused(tmp_path / "link") == sentence


def test_what_takes_the_place_of_a_file_after_the_look_is_refused_at_the_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full.yaml").write_text(FULL, encoding="utf-8")
    regular = os.lstat(tmp_path / "full.yaml")
    (tmp_path / "link").symlink_to(tmp_path / "full.yaml")
    os.mkfifo(tmp_path / "pipe")
    with_os(monkeypatch, lstat=lambda _: regular)
    assert refused(tmp_path / "link").startswith("1:1: file: cannot be read: ")
    assert refused(tmp_path / "pipe") == "1:1: file: is a pipe, not a file; give the path of a regular file"
    assert refused(tmp_path) == "1:1: file: is a folder, not a file; give the path of a file in it"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    sentence = "1:1: file: there is no such file; look at the path, and at the folder that it starts from"
    assert refused(tmp_path / "gone.yaml") == sentence
    assert refused("-") == sentence


def test_a_file_that_vanishes_after_the_look_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(FULL, encoding="utf-8")
    look = os.lstat(path)
    path.unlink()
    with_os(monkeypatch, lstat=lambda _: look)
    assert refused(path).startswith("1:1: file: there is no such file")


def test_a_file_that_vanishes_while_it_is_open_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(FULL, encoding="utf-8")
    read = os.read

    def read_after_unlink(descriptor: int, count: int) -> bytes:
        path.unlink(missing_ok=True)
        return read(descriptor, min(count, 100))

    with_os(monkeypatch, read=read_after_unlink)
    assert read_workout(path).name == "everything once"
    assert not path.exists()


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * 10_000_000)
    asked, read = [], os.read

    def counted(descriptor: int, count: int) -> bytes:
        asked.append(count)
        return read(descriptor, count)

    with_os(monkeypatch, read=counted)
    sentence = "1:1: file: is larger than 256 KiB, the limit; a workout is a few kilobytes of text"
    assert refused(path) == sentence
    assert asked == [256 * 1024 + 1]


def test_the_file_is_closed_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(FULL, encoding="utf-8")
    opened: list[int] = []
    open_file = os.open

    def noted(path: Path, flags: int) -> int:
        opened.append(open_file(path, flags))
        return opened[-1]

    with_os(monkeypatch, open=noted)
    monkeypatch.setattr(regular_file, "_at_most", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read_workout(path)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])


def test_a_path_that_no_system_takes_is_refused() -> None:
    assert "cannot be read: " in refused("a\0b")
    assert "File name too long" in refused("a" * 5000)


def test_the_timeline_and_the_engine_load_neither_pydantic_nor_yaml() -> None:
    code = (
        "import sys, retrotread.workouts.engine, retrotread.workouts.timeline\n"
        "print([m for m in sys.modules if m.partition('.')[0] in ('pydantic', 'pydantic_core', 'ruamel')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"
