"""``retrotread import``, ``export`` and ``convert``: asked before written, whole or not at all, never over a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from retrotread.cli.commands import command_line
from retrotread.clock import wall_now
from retrotread.sessions.folder import VARIABLE
from retrotread.training.history import Pain, Session
from retrotread.training.history_file import history_as_json
from retrotread.training.ladder import HILLY
from retrotread.workouts.formats import fit_records
from retrotread.workouts.source import read_workout

ROWS = '<rows><row duration="00:06:00" speed="3.0" inclination="1" forcespeed="1"/></rows>'
ICU = "- easy 6m 10:00/km Pace\n- 6m 8:20/km Pace\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A command with what is typed at it: its exit code and what it says."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))

    def call(*arguments: object, typed: str | None = None) -> tuple[int, str, str]:
        class Keyboard(io.StringIO):
            def isatty(self) -> bool:
                return typed is not None

        monkeypatch.setattr("sys.stdin", Keyboard(typed or ""))
        code = command_line([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_nothing_is_written_before_every_question_has_its_answer(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.xml").write_text(ROWS)
    code, out, err = run("import", tmp_path / "w.xml", "--speed-unit", "mph", "--out", tmp_path / "w.yaml")
    assert (code, out) == (2, "")
    assert "--answer 'incline-unit=...': percent or fraction or degrees" in err
    assert "nothing is imported before each of these has its answer" in err
    assert not (tmp_path / "w.yaml").exists()


def test_answers_by_options_write_a_workout_of_ours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.xml").write_text(ROWS)
    answers = ("--speed-unit", "mph", "--answer", "incline-unit=percent")
    code, _, err = run("import", tmp_path / "w.xml", *answers, "--out", tmp_path / "w.yaml")
    assert (code, "is written" in err) == (0, True)
    (step,) = read_workout(tmp_path / "w.yaml").planned_steps()
    assert step.start.speed_kph == pytest.approx(4.828032)
    assert step.start.incline_percent == 1.0


def test_at_a_terminal_the_questions_are_asked_until_there_is_an_answer(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.xml").write_text(ROWS)
    code, out, err = run("import", tmp_path / "w.xml", typed="furlongs\nkm/h\npercent\n")
    assert code == 0
    assert "speed: 3.0 km/h" in out
    assert "'furlongs' is no answer" in err


def test_without_a_place_to_write_the_workout_goes_to_the_screen(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text(ICU)
    code, out, err = run("import", tmp_path / "w.txt")
    assert (code, err) == (0, "")
    assert out.startswith("# Imported from intervals.icu text")


def test_no_file_is_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text(ICU)
    (tmp_path / "w.yaml").write_text("mine")
    code, _, err = run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    assert (code, (tmp_path / "w.yaml").read_text()) == (2, "mine")
    assert "is there already, and nothing is written over" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--answer", "speed-unit"), "is no answer; write it as KEY=ANSWER"),
        (("--answer", "colour=red"), "'colour' is no question of this file"),
        (("--speed-unit", "mph", "--answer", "speed-unit=km/h"), "speed-unit is answered twice, as mph and as km/h"),
        (("--as", "gpx"), "'gpx' is no format"),
        (("--as", "zwo"), "the outer element is <rows>"),
    ],
)
def test_a_slip_on_the_command_line_is_a_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "w.xml").write_text(ROWS)
    code, out, err = run("import", tmp_path / "w.xml", *arguments)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_a_broken_file_is_named_with_its_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.xml").write_text("<rows>\n<row duration='x'/></rows>")
    code, _, err = run("import", tmp_path / "w.xml", "--out", tmp_path / "w.yaml")
    assert (code, (tmp_path / "w.yaml").exists()) == (2, False)
    assert f"{tmp_path / 'w.xml'}:2:1: rows[0].duration: 'x' is no duration" in err


def test_an_export_says_what_is_lost(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", "ladder-3", "--as", "zwo", "--out", tmp_path / "w.zwo")
    assert code == 0
    assert "lost: where the person faces" in err
    assert (tmp_path / "w.zwo").read_text().startswith("<?xml")


def test_without_the_fit_libraries_the_commands_say_how_to_get_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_records, "find_spec", lambda name: None)
    (tmp_path / "w.fit").write_bytes(b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT")
    for arguments in (
        ("import", tmp_path / "w.fit"),
        ("export", "ladder-3", "--as", "fit", "--out", tmp_path / "out.fit"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "pip install 'retrotread[fit]'" in err
    assert not (tmp_path / "out.fit").exists()


def test_programs_of_qdomyos_are_read_and_not_written(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", "ladder-3", "--as", "qz", "--out", tmp_path / "w.xml")
    assert (code, (tmp_path / "w.xml").exists()) == (2, False)
    assert "is not written here" in err


def test_a_conversion_is_shown_and_written_after_a_yes_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text(ICU)
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    arguments = ("convert", tmp_path / "w.yaml", "--level", 3, "--out", tmp_path / "b.yaml")
    for typed in ("no\n", "\n", "y\n", ""):
        code, out, err = run(*arguments, typed=typed)
        assert (code, (tmp_path / "b.yaml").exists()) == (1, False), typed
        assert "nothing is written" in err
    code, out, _ = run(*arguments, typed="yes\n")
    assert code == 0
    assert "6 min   walk 6.0 km/h  walk 1.6 km/h\n" in out
    assert "speeds: 28 % of forward, so that the fastest is 2.0 km/h (the first step of level 3)\n" in out
    assert "total: 12.0 min forward, 12.0 min backward" in out
    made = read_workout(tmp_path / "b.yaml")
    assert (made.level, made.facing.value) == (3, "rear")
    assert max(step.start.speed_kph for step in made.planned_steps()) == 2.0


def test_a_conversion_is_held_to_the_bouts_of_the_level(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text("- 5m 12:00/km Pace\n- 10m 5:00/km Pace\n")
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    code, _, err = run("convert", tmp_path / "w.yaml", "--level", 6, "--out", tmp_path / "b.yaml", typed="yes\n")
    assert (code, (tmp_path / "b.yaml").exists()) == (1, False)
    said = " ".join(err.split())
    assert f"{tmp_path / 'w.yaml'}: step 2, walk 10 min: a bout of 10 min would begin here, and none is longer" in said
    assert "than 60 s at the first step of level 6" in said


def led_to_the_last_step_of_level_7() -> tuple[Session, ...]:
    """Three good sessions at each step, and two at that one, the last of them four days ago."""
    steps = [step for step in HILLY if step.level.number <= 7 for _ in range(3)][:-1]
    today = wall_now().astimezone().date()
    return tuple(
        Session(
            today - timedelta(days=4 * (len(steps) - n)),
            step.level.number,
            step.session_min,
            dose=step.dose,
            pain=Pain(0, 1, 0, 0),
            effort=3,
            supervised=True,
        )
        for n, step in enumerate(steps)
    )


SPRINTS = "- 6m 12:00/km Pace\n\n{}x\n- 30s 5:00/km Pace\n- {}s 12:00/km Pace\n\n- cool down 3m 14:00/km Pace\n"


@pytest.mark.parametrize(
    ("level", "bouts", "rest_s", "said"),
    [
        (7, 12, 90, "step 22, run 30 s (11 of 12): bout 11 of 12 of up to 30 s would begin here, and there are 10 at"),
        (7, 10, 40, "step 3, walk 40 s (1 of 10): a rest of 40 s would lie here between two bouts, and it is 45 s at"),
        (7, 8, 90, "so that the fastest is 6.5 km/h (your step of level 7)"),
        (9, 8, 90, "level 9 has backward runs, and up to level 7 they are open today: your next step is level 7"),
    ],
)
def test_somebody_who_came_to_level_7_gets_its_runs_and_no_more(
    run: Run, tmp_path: Path, level: int, bouts: int, rest_s: int, said: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "history.json").write_text(history_as_json(led_to_the_last_step_of_level_7()))
    (tmp_path / "w.txt").write_text(SPRINTS.format(bouts, rest_s))
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    code, out, err = run("convert", tmp_path / "w.yaml", "--level", level, "--out", tmp_path / "b.yaml", typed="yes\n")
    assert said in " ".join((out + err).split())
    assert (code, (tmp_path / "b.yaml").exists()) == ((0, True) if "fastest" in said else (1, False))


def test_without_a_history_no_run_is_proposed_and_a_walk_is_told_to_earn_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text(ICU)
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    arguments = ("convert", tmp_path / "w.yaml", "--out", tmp_path / "b.yaml")
    code, out, err = run(*arguments, "--level", 7, typed="yes\n")
    assert (code, out, (tmp_path / "b.yaml").exists()) == (1, "", False)
    assert "level 7 has backward runs, and none is open today: your next step is level 0" in " ".join(err.split())
    code, out, _ = run(*arguments, "--level", 3, typed="yes\n")
    assert (code, "note: level 3 is above your next step, level 0; it earns nothing" in out) == (0, True)


def test_behind_a_history_that_cannot_be_read_walks_are_proposed_and_no_runs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "history.json").write_text("{")
    (tmp_path / "w.txt").write_text(ICU)
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    arguments = ("convert", tmp_path / "w.yaml", "--out", tmp_path / "b.yaml")
    code, _, err = run(*arguments, "--level", 7, typed="yes\n")
    assert code == 1
    assert "what comes next on the ladder is not known: " in err
    assert "none is open today: what you have done before cannot be read" in " ".join(err.split())
    code, out, _ = run(*arguments, "--level", 3, typed="yes\n")
    assert (code, "(the first step of level 3)" in out) == (0, True)


def test_what_check_would_refuse_is_not_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text("- 60m 20:00/km Pace\n")
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    code, _, err = run("convert", tmp_path / "w.yaml", "--level", 3, "--out", tmp_path / "b.yaml", typed="yes\n")
    assert (code, (tmp_path / "b.yaml").exists()) == (1, False)
    assert "limit: " in err
    assert "nothing is written: change the forward workout, or take another level" in err
