"""The command line: exit codes, what goes where, and that no flag starts or raises a belt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from retrotread import cli, config
from retrotread.__main__ import main
from retrotread.cli import commands
from retrotread.sessions.folder import VARIABLE, FolderLock
from retrotread.sessions.journal import Journal, RunHead
from retrotread.sessions.summary import Summary
from retrotread.tui import app as screens
from retrotread.tui import plain
from retrotread.workouts.library import shipped

FAST = "retrotread: 1\nname: Fast\nfacing: rear\nsteps:\n  - walk: 1 min\n    speed: 5.0 km/h\n"
SHORT = "retrotread: 1\nname: Short\nfacing: rear\nsteps:\n  - walk: 1 min\n    speed: 2.0 km/h\n"
BROKEN = "retrotread: 1\nname: Broken\nfacing: rear\nsteps:\n  - walk: 1 min\n    speed: 5\n"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    return tmp_path / "data"


@pytest.fixture
def workout(tmp_path: Path) -> Any:
    """Writes a workout and gives its path."""

    def write(text: str, name: str = "workout.yaml") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


class Said:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, capsys: pytest.CaptureFixture[str]) -> None:
        self.code = code
        self.out, self.err = capsys.readouterr()


class Terminal:
    """Commands on a terminal, whose screens only note that they were opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self.opened: list[Any] = []
        monkeypatch.setattr(screens, "run_app", self._run_app)

    def _run_app(self, launcher: Any, _history: Any = None, _keep: Any = None) -> int:
        self.opened.append(launcher)
        return 0

    def command(self, *words: str) -> Said:
        for stream in (sys.stdin, sys.stdout):
            self._monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
        return Said(main(list(words)), self._capsys)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    terminal = Terminal(monkeypatch, capsys)
    yield terminal
    for launcher in terminal.opened:
        launcher.close()


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda *words: Said(main(list(words)), capsys)


# --- exit codes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("check", "--help"),
        ("check", "ladder-1"),
        ("check", "ladder-8", "--tier", "runner", "--treadmill", "sim://well-behaved?seed=3"),
        ("check", "--quick", "10 min at 2 km/h backward"),
        ("check", "--quick", "5 min at 1 km/h", "--alone", "--json"),
        ("check", "ladder-1", "--treadmill", "sim://well-behaved?min_kph=1", "--accept-lowest"),
        ("check", "ladder-3", "--treadmill", "coach://track"),
    ],
)
def test_what_was_done_without_a_finding_ends_with_0_and_says_it_on_stdout(
    command: Any, words: tuple[str, ...]
) -> None:
    said = command(*words)
    assert (said.code, said.err) == (0, "")
    assert said.out


def test_a_finding_ends_with_1_and_is_data(command: Any, workout: Any) -> None:
    said = command("check", workout(FAST))
    assert (said.code, said.err) == (1, "")
    assert "limit: step 1, walk 60 s: 5.0 km/h is above 3.0 km/h (tier novice at home, backward)" in said.out


def test_a_run_on_virtual_time_that_ends_well_ends_with_0(command: Any, workout: Any) -> None:
    said = command("simulate", workout(SHORT))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("ended well: the plan is done\n")


def test_a_run_on_virtual_time_that_does_not_end_well_ends_with_1(command: Any, workout: Any) -> None:
    said = command("simulate", workout(SHORT), "--fault", "silent@0")
    assert (said.code, said.err) == (1, "")
    assert said.out.startswith("did not end well: nothing was started\n")


def test_json_is_one_object_with_the_published_keys(command: Any, workout: Any) -> None:
    said = command("simulate", workout(SHORT), "--json", "--seed", "7", "--fault", "silent@40")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert {
        "phase",
        "elapsed_s",
        "distance_m",
        "max_speed_kph",
        "max_incline_percent",
        "stops",
        "violations",
    } <= told.keys()
    assert told["violations"] == 0
    assert told["stops"][0]["cause"] == "telemetry_silent"


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("--bogus",),
        ("check",),
        ("simulate",),
        ("run", "--plain"),
        ("run",),
        ("run", "ladder-1", "--quick", "10 min at 2 km/h backward"),
        ("check", "ladder-1", "--quick", "10 min at 2 km/h backward"),
        ("simulate", "ladder-1", "--quick", "10 min at 2 km/h backward"),
        ("check", "ladder-1", "--alone", "--tier", "novice"),
        ("run", "ladder-1", "--plain", "--start"),
        ("check", "ladder-1", "extra"),
        ("check", "ladder-1", "--speed", "5"),
        ("check", "ladder-1", "--fault", "silent@1"),
        ("run", "ladder-1", "--plain", "--yes"),
        ("run", "ladder-1", "--plain", "--speed=-5"),
        ("run", "bw-blt-30", "--plain", "--tier", "clinic", "--alone"),
        ("simulate", "ladder-1", "--seed", "nan"),
        ("simulate", "ladder-1", "--json=5"),
    ],
)
def test_a_command_line_that_cannot_be_understood_ends_with_2_and_nothing_on_stdout(
    command: Any, data: Path, words: tuple[str, ...]
) -> None:
    said = command(*words)
    assert (said.code, said.out) == (2, "")
    assert "Error: " in said.err
    assert not data.exists()


@pytest.mark.parametrize("how", [("check",), ("simulate",), ("run", "--plain")])
def test_a_file_that_cannot_be_read_names_its_place_and_the_mend(
    command: Any, workout: Any, data: Path, how: tuple[str, ...]
) -> None:
    path = workout(BROKEN)
    said = command(*how, path)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"{path}:6:12: steps[0].speed: ")
    assert "; " in said.err
    assert not data.exists()


@pytest.mark.parametrize("how", [("check",), ("simulate",), ("run", "--plain")])
def test_a_workout_that_is_not_there_names_those_that_are(command: Any, how: tuple[str, ...]) -> None:
    said = command(*how, "stroll")
    assert (said.code, said.out) == (2, "")
    there = ", ".join(path.stem for path in shipped())
    assert said.err == f"'stroll' is neither a shipped workout nor a file; shipped are {there}\n"


@pytest.mark.parametrize("how", [("check",), ("simulate",), ("run", "--plain")])
@pytest.mark.parametrize(
    ("address", "mend"),
    [
        ("gym", "write for example sim://well-behaved?seed=7"),
        ("smoke://gym", "write sim://NAME"),
        ("sim://gym", "the known ones are well-behaved, slow-reporter, ignores-stop"),
        ("sim://well-behaved?speed=3", "the known ones are fault, seed, report_hz"),
        ("/dev/mem", "write for example sim://well-behaved?seed=7"),
    ],
)
def test_an_address_that_is_none_says_what_is_wrong_and_the_mend(
    command: Any, data: Path, how: tuple[str, ...], address: str, mend: str
) -> None:
    said = command(*how, "ladder-1", "--treadmill", address)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"address '{address}': ")
    assert mend in said.err
    assert not data.exists()


@pytest.mark.parametrize("how", ["check", "simulate"])
def test_a_tier_that_is_none_names_those_that_are(command: Any, how: str) -> None:
    said = command(how, "ladder-1", "--tier", "expert")
    assert (said.code, said.out) == (2, "")
    assert (
        said.err == "there is no tier 'expert'; the tiers are frail, clinic, alone, novice, walker, runner, harness\n"
    )


@pytest.mark.parametrize("fault", ["silent", "silent@", "silent@-1", "silent@nan", "silent@1e3", "thunder@5"])
def test_a_fault_that_is_none_says_how_one_is_written(command: Any, fault: str) -> None:
    said = command("simulate", "ladder-1", "--fault", fault)
    assert (said.code, said.out) == (2, "")
    assert "silent, ignore-stop, self-start" in said.err


@pytest.mark.parametrize("how", [("run", "ladder-1"), ("run", "ladder-1", "--plain")])
def test_a_folder_that_another_program_uses_ends_with_3(terminal: Terminal, data: Path, how: tuple[str, ...]) -> None:
    data.mkdir()
    lock = FolderLock(data)
    said = terminal.command(*how)
    lock.release()
    assert (said.code, said.out) == (3, "")
    assert said.err == (
        f"retrotread: another Retrotread is using {data}; end it first, "
        "or choose another folder with RETROTREAD_DATA=FOLDER\n"
    )
    assert terminal.opened == []


def test_a_folder_that_cannot_be_used_ends_with_3(command: Any, data: Path) -> None:
    data.write_text("a file")
    said = command("run", "ladder-1", "--plain")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(f"retrotread: {data} cannot be used (File exists); ")


# --- a workout in words, the person, the lowest speed ----------------------------------------------------------------


def settings(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "settings.toml").write_text(text, encoding="utf-8")


ADA = "[person]\nname = 'Ada'\nadult = true\nbackward_experience = 'walks'\nbackward_max = '5 km/h'\n"


@pytest.mark.parametrize("how", [("check",), ("simulate",), ("run", "--plain")])
def test_words_that_are_no_workout_say_how_one_is_written(command: Any, data: Path, how: tuple[str, ...]) -> None:
    said = command(*how, "--quick", "run fast")
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith("; write it like 10 min at 2 km/h backward, or 400 m at 3 km/h forward at 2 %\n")
    assert not data.exists()


def test_a_workout_in_words_is_simulated(command: Any) -> None:
    said = command("simulate", "--quick", "2 min at 1 km/h backward")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("ended well: the plan is done\n")


def test_check_holds_a_run_against_the_history_on_a_belt_that_carries_somebody(command: Any) -> None:
    by_hand = "--treadmill", "coach://"
    for more, held in ((by_hand, True), ((*by_hand, "--tier", "runner"), False), ((), False)):
        said = command("check", "ladder-8", *more)
        assert (": a backward run of level 8, and none is open today: your next step is level 0" in said.out) is held
    assert "level 3 is above your next step, level 0; it earns nothing" in command("check", "ladder-3", *by_hand).out


def test_check_holds_a_workout_against_the_person_of_the_settings(command: Any, tmp_path: Path) -> None:
    settings(tmp_path, ADA)
    said = command("check", "ladder-8")
    assert (said.code, said.err) == (1, "")
    assert "tier trained, no harness, for Ada" in said.out
    assert "somebody who walks backward trains up to level 6" in said.out
    assert command("check", "ladder-8", "--tier", "runner").code == 0


def test_a_share_of_a_maximum_is_taken_of_the_persons_own(command: Any, tmp_path: Path, workout: Any) -> None:
    path = workout(SHORT.replace("2.0 km/h", "40 %"))
    assert command("check", path).code == 1
    settings(tmp_path, ADA)
    assert "fastest      2.0 km/h" in command("check", path).out


def test_broken_settings_are_told_and_stop_nobody(command: Any, tmp_path: Path) -> None:
    settings(tmp_path, "[person]\nname = 'Ada'\n")
    said = command("check", "ladder-1")
    assert said.code == 0
    file = tmp_path / "settings" / "settings.toml"
    assert said.err == f"{file}:1: [person] adult: is missing; write it; careful defaults hold\n"


def test_check_counts_what_was_done_today(command: Any, data: Path) -> None:
    (data / "runs").mkdir(parents=True)
    head = RunHead("x", "Ladder 3", "h", 600.0, b"", "novice", "coach://", "retrotread")
    journal = Journal(data / "runs" / "today.sqlite", head)
    journal.close(Summary("Ladder 3", "done", True, 600.0, 600.0, 600.0, 300.0, 2.0, 0.0, (), None, 600.0, 0.0))
    said = command("check", "ladder-3", "--treadmill", "coach://")
    assert said.code == 1
    assert "limit: 20 minutes backward after 10 done today are above 25 a day (tier novice at home)" in said.out
    assert command("check", "ladder-3").code == 0, "on a simulated treadmill nobody tires"


def test_check_tells_what_the_person_may_accept_and_simulate_runs_it(command: Any) -> None:
    words = ("ladder-1", "--treadmill", "sim://well-behaved?min_kph=1")
    said = command("check", *words)
    assert said.code == 1
    assert "you may accept (--accept-lowest): walk 5 min: asks for 0.8 km/h" in said.out
    assert command("simulate", *words).code == 1
    assert command("simulate", *words, "--accept-lowest").code == 0


def test_a_workout_that_cannot_be_laid_out_is_json_too(command: Any) -> None:
    said = command("simulate", "ladder-1", "--treadmill", "sim://well-behaved?min_kph=1", "--json")
    assert (said.code, said.err) == (1, "")
    told = json.loads(said.out)
    assert (told["ended"], told["ended_well"]) == ("the workout cannot be laid out", False)
    assert "the lowest speed of this belt is 1.0 km/h" in told["problems"][0]
    done = json.loads(command("simulate", "ladder-1", "--json").out)
    assert done.keys() == told.keys()
    assert (done["ended_well"], done["problems"]) == (True, [])


def test_check_as_json_is_one_object(command: Any) -> None:
    said = command("check", "ladder-3", "--json")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out)["title"] == "Ladder 3: ten minutes backward"


def test_a_run_is_opened_with_everything_that_was_asked_for(terminal: Terminal) -> None:
    words = ("--quick", "5 min at 0.3 km/h backward", "--alone", "--accept-lowest")
    assert terminal.command("run", *words).code == 0
    (launcher,) = terminal.opened
    offer = launcher.offers("sim://well-behaved")[0]
    assert (launcher.alone, offer.tier, offer.problems) == (True, "alone", ())
    assert "the lowest speed of this belt is 0.5 km/h, which it will run" in offer.findings[0]


# --- run --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, 1])
def test_plain_is_run_on_the_treadmill_that_was_named_and_its_code_is_passed_on(
    command: Any, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    asked: list[Any] = []

    def run_plain(launcher: Any, address: str, _keep: Any = None) -> int:
        asked.extend((launcher.offers(address)[0].title, address))
        launcher.close()
        return code

    monkeypatch.setattr(plain, "run_plain", run_plain)
    assert command("run", "ladder-3", "--plain", "--treadmill", "sim://slow-reporter").code == code
    assert asked == ["Ladder 3: ten minutes backward", "sim://slow-reporter"]


def test_a_remembered_treadmill_is_run_and_checked_by_the_name_that_it_was_given(terminal: Terminal) -> None:
    assert terminal.command("treadmills", "remember", "ble://Gym", "--name", "garage").code == 0
    assert terminal.command("run", "ladder-3", "--treadmill", "Garage").code == 0
    (launcher,) = terminal.opened
    assert launcher.treadmills()[0].address == "ble://Gym"
    by_name, by_address = (terminal.command("check", "ladder-3", "--treadmill", one) for one in ("garage", "ble://Gym"))
    assert by_name.out == by_address.out
    assert "nobody has measured" in by_name.out


def test_without_a_command_the_screens_open(terminal: Terminal) -> None:
    assert terminal.command().code == 0
    (launcher,) = terminal.opened
    assert launcher.treadmills()[0].address == "sim://well-behaved"


def test_a_run_opens_the_screens_with_what_was_asked_for(terminal: Terminal) -> None:
    assert terminal.command("run", "ladder-3", "--treadmill", "sim://slow-reporter").code == 0
    (launcher,) = terminal.opened
    assert launcher.treadmills()[0].address == "sim://slow-reporter"
    assert launcher.offers("sim://slow-reporter")[0].level == 3


@pytest.mark.parametrize("words", [(), ("run", "ladder-1")])
def test_without_a_terminal_the_screens_do_not_open_and_plain_is_named(
    command: Any, data: Path, words: tuple[str, ...]
) -> None:
    said = command(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err == "retrotread: the screens need a terminal; use: retrotread run WORKOUT --plain\n"
    assert not data.exists()


@pytest.mark.parametrize("words", [("run", "ladder-11"), ("run", "ladder-1", "--treadmill", "smoke://gym")])
def test_what_cannot_be_run_opens_no_screen(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal.command(*words).code == 2
    assert terminal.opened == []


# --- flags ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", ["novice", "walker", "runner", "harness"])
def test_no_tier_for_home_is_named_at_a_start(command: Any, data: Path, tier: str) -> None:
    said = command("run", "ladder-10", "--plain", "--tier", tier)
    assert (said.code, said.out) == (2, "")
    assert f"a run is not started in tier {tier} by name: at home the workout's level and your experience" in said.err
    assert not data.exists()


def every_flag(command: Any, path: str = "") -> Iterator[tuple[str, set[str]]]:
    """The flags of each command, of the commands below it too; a group without a flag is left out."""
    for name, one in getattr(command, "commands", {}).items():
        flags = {option for parameter in one.params for option in parameter.opts if option.startswith("-")}
        if flags and not path.startswith("sim "):
            yield f"{path}{name}", flags
        yield from every_flag(one, f"{path}{name} ")


def test_no_flag_starts_or_raises_a_belt_or_skips_the_checklist() -> None:
    """Every flag there is. A new one belongs on this list only if it can do neither.

    The simulated machines of ``sim`` have belts of their own, which carry nobody.
    """
    flags = dict(every_flag(typer.main.get_command(commands.app)))
    workout = {"--quick", "--treadmill", "--alone", "--accept-lowest"}
    assert flags == {
        "run": {*workout, "--plain", "--tier", "--participant"},
        "check": {*workout, "--tier", "--json"},
        "simulate": {*workout, "--tier", "--seed", "--fault", "--json", "--record"},
        "replay": {"--json", "--export"},
        "next": {
            *("--history", "--today", "--treadmill", "--json", "--out", "--belt"),
            *("--clinic", "--harness", "--placed", "--by"),
        },
        "person": {
            *("--name", "--experience", "--backward-max", "--call", "--json"),
            *("--limit", "--take-away", "--author", "--reason", "--until"),
        },
        "rehearse": {
            *("--quick", "--treadmill", "--accept-lowest", "--audio", "--fast", "--from", "--lang", "--no-speech"),
        },
        "new": {"--level", "--minutes", "--kind", "--no-edit", "--treadmill"},
        "edit": {"--treadmill", "--tier"},
        "estimate heart": {"--age", "--rest", "--held", "--json"},
        "estimate oxygen": {
            *("--speed", "--incline", "--facing", "--belt", "--run", "--minutes", "--handrail", "--mass", "--json"),
        },
        "estimate cadence": {"--forward", "--speed", "--run", "--json"},
        "estimate load": {"--effort", "--minutes", "--json"},
        "import": {"--as", "--speed-unit", "--answer", "--out"},
        "export": {"--as", "--out", "--backward-max"},
        "convert": {"--level", "--out", "--treadmill"},
        "bench": {"--plain"},
        "doctor": {"--json", "--bundle"},
        "capture record": {"--out", "--seconds"},
        "capture make": {"--family", "--into", "--title", "--name-prefix"},
        "history": {"--json", "--participant"},
        "history list": {"--about", "--from", "--json", "--level", "--real", "--to", "--to-its-end"},
        "history show": {"--json"},
        "history compare": {"--json"},
        "history trends": {"--about", "--from", "--json", "--simulated", "--to", "--weeks"},
        "history report": {"--force", "--hide", "--identified", "--out", "--pseudonymous"},
        "history export": {
            *(
                "--all",
                "--as",
                "--force",
                "--from",
                "--hide",
                "--identified",
                "--out",
                "--pseudonymous",
                "--session",
                "--to",
            ),
        },
        "history backup": {"--force"},
        "history restore": {"--although-damaged", "--although-of-another"},
        "clinic add": {"--minor"},
        "clinic prescribe": {
            *("--author", "--reason", "--speed", "--incline", "--minutes", "--heart", "--pain"),
            *("--tier", "--treadmill", "--way", "--from", "--until", "--instead", "--beside"),
        },
        "clinic go-on-without": {"--author", "--reason"},
        "clinic withdraw": {"--author", "--reason"},
        "clinic leave": {"--author", "--reason"},
        "clinic show": {"--json"},
        "clinic log": {"--json"},
        "library": {"--level", "--tag", "--clinic", "--json"},
        "library list": {"--level", "--tag", "--clinic", "--json"},
        "library show": {"--json"},
        "scan": {"--seconds", "--all", "--via", "--json"},
        "treadmills": {"--json"},
        "treadmills list": {"--json"},
        "treadmills show": {"--json"},
        "treadmills remember": {"--name", "--json"},
        "treadmills forget": {"--json"},
        "treadmills qualify": {"--full"},
        "treadmills key-test": {"--facing"},
    }


def test_no_variable_of_the_environment_stands_for_a_flag(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIER", "RETROTREAD_TIER", "RETROTREAD_CHECK_TIER"):
        monkeypatch.setenv(name, "harness")
    assert "tier novice at home" in command("check", "ladder-1").out


# --- the program as it is started -------------------------------------------------------------------------------


def started(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "retrotread", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
        timeout=60,
    )


def test_the_program_ends_with_the_code_of_its_command(workout: Any) -> None:
    done = started("check", workout(FAST))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("Fast\n")


def test_a_letter_that_the_terminal_cannot_show_is_replaced(workout: Any) -> None:
    done = started("check", workout(SHORT.replace("Short", "Kürze")), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("K?rze\n")


def test_plain_with_an_input_that_has_ended_starts_nothing(data: Path) -> None:
    done = started("run", "ladder-1", "--plain")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("the input has ended; nothing was started\n")
    assert list((data / "runs").iterdir()) == []


def test_the_codes_are_those_that_the_documentation_names() -> None:
    assert (cli.FOUND, cli.MISUSED, cli.NO_FOLDER) == (1, 2, 3)
    assert cli.__doc__ is not None
    assert [line.split()[0] for line in cli.__doc__.splitlines() if line[4:5].isdigit()] == ["0", "1", "2", "3"]
