"""``retrotread next``: the recommendation as a person reads it and as a program does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from retrotread import config
from retrotread.__main__ import main
from retrotread.sessions import diary
from retrotread.sessions.diary import ClearedBy, Held
from retrotread.sessions.folder import VARIABLE
from retrotread.sessions.next_command import HISTORY_NAME
from retrotread.sessions.step_workout import workout_of
from retrotread.training.history import Event, History, Pain, Placed, Session
from retrotread.training.history_file import history_as_json, history_from_json
from retrotread.training.ladder import HILLY, Step

DAY = date(2026, 3, 2)


class Next:
    """The command, with a data folder and settings of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = main(["next", *words])
        out, err = self._capsys.readouterr()
        return code, out, err

    def object(self, *words: str) -> dict[str, Any]:
        found = json.loads(self(*words, "--json")[1])
        assert isinstance(found, dict)
        return found

    def keep(self, history: History, name: str = HISTORY_NAME) -> Path:
        path = self.folder / name
        path.write_text(history_as_json(history), encoding="utf-8")
        return path


@pytest.fixture
def following(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Next:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    monkeypatch.setenv("COLUMNS", "100")
    return Next(tmp_path, capsys)


def good(step: Step, day: date, events: frozenset[Event] = frozenset()) -> Session:
    return Session(
        day,
        step.level.number,
        step.session_min,
        dose=step.dose,
        pain=Pain(0, 1, 0, 0),
        effort=3,
        events=events,
        supervised=True,
    )


TWO_GOOD = (good(HILLY[0], DAY), good(HILLY[0], DAY + timedelta(days=2)))


def test_without_a_history_it_begins_at_the_bottom(following: Next) -> None:
    code, out, err = following("--today", "2026-03-02")
    assert (code, err) == (0, "")
    assert out.startswith(
        "2026-03-02: begin here\n"
        "  level 0, walk 4 x 30 s backward at 0.5 km/h\n"
        "  both hands on the rails; as a workout: retrotread next --out FILE\n"
    )
    assert "  note: level 0 needs: spotter, rails\n" in out
    assert "easier is always open" in out
    assert "you confirm before anything is harder" in out


def test_the_history_of_the_data_folder_is_read_and_another_one_on_request(following: Next) -> None:
    following.keep(TWO_GOOD)
    other = following.keep(TWO_GOOD[:1], "other.json")
    assert "2026-03-06: one step up\n" in following("--today", "2026-03-06")[1]
    assert "2026-03-06: stay at this step\n" in following("--today", "2026-03-06", "--history", str(other))[1]


def test_each_reason_comes_with_its_source(following: Next) -> None:
    following.keep(TWO_GOOD)
    out = following("--today", "2026-03-06")[1]
    assert "because: 2 good sessions at level 0, walk 4 x 30 s backward at 0.5 km/h: 2026-03-02, 2026-03-04" in out
    assert "(Retrotread's own proposal, after coaches' texts" in out.replace("\n      ", " ")


def test_a_rest_day_names_the_first_day_after_it(following: Next) -> None:
    following.keep(TWO_GOOD)
    assert following("--today", "2026-03-05")[1].startswith("2026-03-05: a rest day; from 2026-03-06 on one step up\n")


def test_a_lock_is_a_finding_and_offers_no_workout(following: Next) -> None:
    following.keep((good(HILLY[0], DAY, frozenset({Event.SYMPTOM_STOP})),))
    code, out, _ = following("--today", "2026-03-09")
    assert code == 1
    assert out.startswith("2026-03-09: not until it is cleared\n  because: a stop because of a symptom on 2026-03-02")
    assert "workout" not in out


def test_the_step_is_written_as_a_workout_and_nothing_is_written_over(following: Next) -> None:
    following.keep(TWO_GOOD)
    path = following.folder / "next.yaml"
    words = ("--today", "2026-03-06", "--out", str(path))
    code, _, err = following(*words)
    assert (code, path.read_text(encoding="utf-8")) == (0, workout_of(HILLY[1]))
    assert f"{path} is written; look at it with: retrotread check {path}" in err
    assert main(["check", str(path)]) == 0
    assert following(*words)[0] == 2


def test_while_it_is_locked_no_workout_is_written(following: Next) -> None:
    following.keep((good(HILLY[0], DAY, frozenset({Event.SYMPTOM_STOP})),))
    path = following.folder / "next.yaml"
    code, _, err = following("--today", "2026-03-09", "--out", str(path))
    assert (code, path.exists()) == (1, False)
    assert f"{path} is not written: training is locked, for the reason above" in err


def test_as_an_object_it_says_the_same(following: Next) -> None:
    following.keep(TWO_GOOD)
    found = following.object("--today", "2026-03-06")
    assert (found["advice"], found["then"], found["not_before"]) == ("promote", "promote", "2026-03-06")
    assert found["step"] == {
        "level": 0,
        "file": workout_of(HILLY[1]),
        "bouts": 4,
        "bout_s": 30,
        "speed_kph": 0.8,
        "incline_percent": 0,
        "session_min": 2.5,
        "text": "level 0, walk 4 x 30 s backward at 0.8 km/h",
    }
    assert [one["rule"] for one in found["reasons"]] == ["good sessions"]
    assert found["week"]["backward_min"] == 5.0


def test_a_treadmill_that_is_named_is_learned_first_and_decides_whether_there_are_hills(following: Next) -> None:
    walked = [step for step in HILLY if step.level.number < 5 and not step.dose.incline_percent]
    climb = [good(step, DAY + timedelta(days=3 * n)) for n, step in enumerate(one for one in walked for _ in range(3))]
    following.keep(tuple(replace(one, device="sim://well-behaved") for one in climb))
    words = ("--today", str(climb[-1].day + timedelta(days=3)), "--treadmill")
    assert following.object(*words[:2])["step"]["incline_percent"] == 2
    assert following.object(*words, "sim://well-behaved")["step"]["incline_percent"] == 2
    flat = following.object(*words, "ble://gym")
    assert (flat["advice"], flat["step"]["level"], flat["earned"]["incline_percent"]) == ("refamiliarise", 1, 0)
    assert following(*words, "smoke://gym")[0] == 2


SETTINGS = '[person]\nname = "Ada"\nadult = {adult}\nbackward_experience = "none"\n'


def settings(following: Next, adult: bool, more: str = "") -> None:
    folder = following.folder / "settings"
    folder.mkdir()
    (folder / "settings.toml").write_text(SETTINGS.format(adult=str(adult).lower()) + more, encoding="utf-8")


def test_what_the_settings_do_not_open_yet_is_said(following: Next) -> None:
    settings(following, True)
    top = next(step for step in reversed(HILLY) if step.level.number == 3)
    climb = tuple(good(step, DAY + timedelta(days=3 * n)) for n, step in enumerate(_twice(top)))
    following.keep(climb)
    said = following("--today", str(climb[-1].day + timedelta(days=3)))[1].replace("\n      ", " ")
    assert "level 4, walk 15 min" in said
    assert "your settings open up to level 3: say so when you agree, with retrotread person --experience" in said


def _twice(top: Step) -> list[Step]:
    return [step for step in HILLY[: HILLY.index(top) + 1] for _ in range(2)]


EXPERIENCED = '[person]\nname = "Ada"\nadult = true\nbackward_experience = "walks"\n'


def experienced(following: Next) -> None:
    (following.folder / "settings").mkdir()
    (following.folder / "settings" / "settings.toml").write_text(EXPERIENCED, encoding="utf-8")


def test_what_holds_somebody_back_is_told_with_the_way_out(following: Next) -> None:
    experienced(following)
    diary.add(following.folder, Held("ab12", "2026-03-01", "fall"))
    code, out, _ = following("--today", "2026-03-02")
    said = " ".join(out.split())
    assert code == 1
    assert "because: in the run of 2026-03-01 you fell; a doctor or a therapist says when it goes on" in said
    assert "a question of who may begin" not in said
    assert "in the run of 2026-03-01 you fell: speak to a doctor or a therapist before the next run" in said
    diary.add(following.folder, ClearedBy("2026-03-02", "a doctor"))
    assert following("--today", "2026-03-02")[0] == 0


def test_somebody_who_knows_backward_walking_is_told_of_a_placement_until_there_is_one(following: Next) -> None:
    assert "placement-walk" not in following("--today", "2026-03-02")[1]
    experienced(following)
    said = " ".join(following("--today", "2026-03-02")[1].split())
    assert "do retrotread run placement-walk, and keep what they saw you manage, at most level 4" in said
    code, out, err = following("--today", "2026-03-02", "--placed", "4", "--by", "a coach")
    assert (code, f"{following.folder / HISTORY_NAME} has it: placed at level 4 by a coach" in err) == (0, True)
    assert out.startswith("2026-03-02: begin here\n  level 4, walk 15 min backward at 3 km/h\n")
    assert "placement-walk" not in out
    assert following("--today", "2026-03-02")[1] == out


def test_a_placement_of_which_nothing_came_in_four_weeks_is_offered_again(following: Next) -> None:
    experienced(following)
    following("--today", "2026-03-02", "--placed", "4", "--by", "a coach")
    assert "placement-walk" not in following("--today", "2026-03-30")[1]
    said = following("--today", "2026-03-31")[1]
    assert said.startswith("2026-03-31: begin here\n  level 0, ")
    assert "placement-walk" in said


def test_a_placement_leaves_the_rest_of_the_history_as_it_is(following: Next) -> None:
    following.keep(TWO_GOOD)
    following("--today", "2026-03-06", "--placed", "2", "--by", "a coach")
    kept = history_from_json((following.folder / HISTORY_NAME).read_text(encoding="utf-8"))
    assert kept == (*TWO_GOOD, Placed(date(2026, 3, 6), 2, "a coach"))


@pytest.mark.parametrize(
    "words",
    [
        ("--placed", "5", "--by", "a coach"),
        ("--placed", "3"),
        ("--by", "a coach"),
        ("--placed", "3", "--by", " "),
        ("--placed", "3", "--by", "a coach", "--history", "other.json"),
    ],
)
def test_a_placement_without_its_half_or_too_high_is_refused_and_nothing_is_kept(
    following: Next, words: tuple[str, ...]
) -> None:
    assert following(*words)[0] == 2
    assert not (following.folder / HISTORY_NAME).exists()


def test_who_and_what_is_there_reaches_the_rules(following: Next) -> None:
    assert "you and the supervisor confirm" in following("--today", "2026-03-02", "--clinic")[1]
    top = next(step for step in reversed(HILLY) if step.level.number == 8)
    walks = [step for step in HILLY if step.level.number <= 8 for _ in range(3)]
    climb = [good(step, DAY + timedelta(days=4 * n)) for n, step in enumerate(walks)]
    climb += [good(top, climb[-1].day + timedelta(days=4 * n)) for n in range(1, 4)]
    following.keep(tuple(climb))
    words = ("--today", str(climb[-1].day + timedelta(days=4)))
    assert following.object(*words)["step"]["level"] == 8
    assert following.object(*words, "--harness")["step"]["level"] == 8
    assert following.object(*words, "--harness", "--clinic")["step"]["level"] == 9
    reversed_belt = following.object(*words, "--belt", "reversed")
    assert (reversed_belt["advice"], reversed_belt["step"]["level"]) == ("refamiliarise", 1)


def test_under_18_there_is_no_recommendation_at_home(following: Next) -> None:
    settings(following, False)
    code, out, _ = following("--today", "2026-03-02")
    assert (code, "adults only here" in out) == (1, True)


@pytest.mark.parametrize(("health", "code"), [("ask first", 1), ("cleared", 0), ("nothing", 0)])
def test_whoever_has_to_ask_first_gets_no_recommendation_before(following: Next, health: str, code: int) -> None:
    settings(following, True, f'health = "{health}"\n')
    said = following("--today", "2026-03-02")
    assert said[0] == code
    assert ("a doctor or a therapist says whether it can begin" in " ".join(said[1].split())) is (code == 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "it is not JSON"),
        ('{"retrotread_history": 1, "entries": [{"kind": "x"}]}', "entry 1: its kind is none of"),
    ],
)
def test_a_history_that_cannot_be_read_is_named_with_the_mend(following: Next, content: str, words: str) -> None:
    path = following.folder / HISTORY_NAME
    path.write_text(content, encoding="utf-8")
    code, out, err = following()
    assert (code, out) == (2, "")
    assert str(path) in err
    assert words in err
    assert "mend the file, or give another with --history" in err


def test_a_history_that_is_asked_for_and_not_there_is_an_error(following: Next) -> None:
    code, _, err = following("--history", str(following.folder / "none.json"))
    assert code == 2
    assert "none.json" in err


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1.3.2026"])
def test_a_day_that_is_none_is_refused(following: Next, day: str) -> None:
    assert following("--today", day)[0] == 2
