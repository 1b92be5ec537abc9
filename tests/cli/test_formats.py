"""``retrotread import``, ``export`` and ``convert``: asked before written, whole or not at all, never over a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from retrotread.cli.commands import command_line
from retrotread.cli.converting import allowance_of
from retrotread.safety.tiers import tier_for_level
from retrotread.sessions.person import Person
from retrotread.sessions.treadmills import profile_at
from retrotread.workouts.formats import fit_records
from retrotread.workouts.source import read_workout

ROWS = '<rows><row duration="00:06:00" speed="3.0" inclination="1" forcespeed="1"/></rows>'
ICU = "- easy 6m 10:00/km Pace\n- 6m 8:20/km Pace\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A command with what is typed at it: its exit code and what it says."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

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
    assert "6.0 km/h  2.5 km/h" in out
    assert "total: 12.0 min forward, 12.0 min backward" in out
    made = read_workout(tmp_path / "b.yaml")
    assert (made.level, made.facing.value) == (3, "rear")
    assert max(step.start.speed_kph for step in made.planned_steps()) == 3.0


@pytest.mark.parametrize(
    ("level", "own_kph", "highest_kph", "reason"),
    [
        (3, None, 3.0, "level 3"),
        (8, None, 7.5, "level 8"),
        (8, 6.5, 6.5, "your own backward maximum"),
        (3, 6.5, 3.0, "level 3"),
    ],
)
def test_the_lowest_of_level_tier_and_person_is_what_a_proposal_may_reach(
    level: int, own_kph: float | None, highest_kph: float, reason: str
) -> None:
    person = Person("A", adult=True, backward_max_kph=own_kph)
    allowance = allowance_of(level, profile_at("sim://well-behaved"), person)
    assert (allowance.highest_kph, allowance.reason) == (highest_kph, reason)


@pytest.mark.parametrize("level", range(11))
def test_no_level_allows_more_than_its_tier(level: int) -> None:
    allowance, tier = allowance_of(level, profile_at("sim://well-behaved")), tier_for_level(level)
    assert allowance.highest_kph <= tier.backward_max_ckph / 100
    assert allowance.incline_max_percent <= tier.incline_max_dpct / 10
    assert allowance.runs == (tier.running_min_day is not None)


def test_a_run_of_ten_minutes_is_no_first_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text("- 5m 12:00/km Pace\n- 10m 5:00/km Pace\n")
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    code, _, err = run("convert", tmp_path / "w.yaml", "--level", 7, "--out", tmp_path / "b.yaml", typed="yes\n")
    assert (code, (tmp_path / "b.yaml").exists()) == (1, False)
    assert "a bout would last 10 min, and the longest of level 7 is 30 s" in err


def test_what_check_would_refuse_is_not_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text("- 60m 20:00/km Pace\n")
    run("import", tmp_path / "w.txt", "--out", tmp_path / "w.yaml")
    code, _, err = run("convert", tmp_path / "w.yaml", "--level", 3, "--out", tmp_path / "b.yaml", typed="yes\n")
    assert (code, (tmp_path / "b.yaml").exists()) == (1, False)
    assert "limit: " in err
    assert "nothing is written: change the forward workout, or take another level" in err
