"""The schema for editors: current, true of every shipped file, and never stricter than the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from retrotread.workouts import schema
from retrotread.workouts.library import shipped
from retrotread.workouts.problems import WorkoutFileError
from retrotread.workouts.source import parse_workout

COMMITTED = Path(__file__).parents[2] / "workouts" / "workout.schema.json"
DOCUMENT = Path(__file__).parents[2] / "docs" / "workout-file.md"

SCHEMA = schema.workout_schema()
VALIDATOR = Draft7Validator(SCHEMA)

HEAD = "retrotread: 1\nname: x\nfacing: rear\n"
ONE = f"{HEAD}steps: [{{walk: 5 min, speed: 1 km/h}}]\n"


def editor_takes(text: str) -> bool:
    """What an editor that reads YAML 1.2 and this schema makes of ``text``."""
    return bool(VALIDATOR.is_valid(YAML(typ="safe", pure=True).load(text)))


def program_takes(text: str) -> bool:
    try:
        parse_workout(text.encode(), "w.yaml")
    except WorkoutFileError:
        return False
    return True


def step(keys: str) -> str:
    """A file whose second step is this."""
    return f"{HEAD}steps:\n  - {{walk: 5 min, speed: 1 km/h}}\n  - {{{keys}}}\n  - {{walk: 5 min, speed: 1 km/h}}\n"


def test_the_committed_schema_is_current() -> None:
    mend = "run: python -m retrotread.workouts.schema workouts/workout.schema.json"
    assert COMMITTED.read_text(encoding="utf-8") == schema.schema_text(), mend


def test_the_schema_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft7Validator.META_SCHEMA["$schema"]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_an_editor_finds_nothing_in_a_shipped_workout(path: Path) -> None:
    tree = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(tree)] == []


def test_an_editor_finds_nothing_in_the_examples_of_the_document() -> None:
    blocks = DOCUMENT.read_text(encoding="utf-8").split("```yaml\n")[1:]
    assert blocks
    assert all(editor_takes(block.partition("```")[0]) for block in blocks)


BOTH_TAKE = {
    "a walk": step("walk: 60 s, speed: 2 km/h"),
    "a distance": step("run: 0.25 mi, speed: 2 km/h"),
    "a ramp with blanks": step("walk: 1 h 5 min 30 s, speed: ' 2 km/h  ->  2.5 mph '"),
    "a share": step("walk: 400 m, speed: 60 % -> 1.2 m/s, incline: 2.5%"),
    "a cool down with a cue": step("cool down: 90s, speed: 2 km/h, say: slower"),
    "a turn": step("turn: to the console"),
    "a turn of the belt": step("turn: to the rear, belt: reversed, say: wait"),
    "a rest off the belt": step("off belt: 3 min, say: toe raises"),
    "repeats in repeats": step("repeat: 2, steps: [{repeat: 500, steps: [{walk: 1 s, speed: 1 km/h}]}]").replace(
        "500", "5"
    ),
    "every key": ONE
    + "level: 0\nbelt: reversed\nsource: {text: y, grade: trial, doi: 10.1055/a-1, url: 'https://example.org'}\n"
    + "needs: [rails, spotter]\nafter: [z]\nwhere: clinic\npopulation: 3 people\nfilled in: [speed]\nnot for: [us]\n"
    + "dose: {speed: 3 km/h, incline: 10 %, time: 5 min, times a week: 3, weeks: 6, sessions: 18, also: slowly}\n"
    + "support: {handrail: one hand, assistance: a hand, body weight: none}\ntags: [small-dose, walking]\n",
    "a word that is no truth": ONE.replace("name: x", "name: no"),
    "eighty characters": ONE.replace("name: x", f"name: {'x' * 80}"),
}

BOTH_REFUSE = {
    "no table": "- walk: 5 min\n",
    "no steps": f"{HEAD}steps: []\n",
    "no name": ONE.replace("name: x\n", ""),
    "no speed": step("walk: 5 min"),
    "an unknown key": ONE + "colour: red\n",
    "an unknown key of a step": step("walk: 5 min, speed: 1 km/h, sya: x"),
    "an unknown key of a source": ONE + "source: {text: y, grade: trial, isbn: z}\n",
    "an address without https": ONE + "source: {text: y, grade: trial, url: 'http://example.org'}\n",
    "a doi with its address": ONE + "source: {text: y, grade: trial, doi: 'https://doi.org/10.1/x'}\n",
    "a dose of no weeks": ONE + "dose: {weeks: 0}\n",
    "a dose a day in words": ONE + "dose: {times a week: three}\n",
    "an unknown key of a dose": ONE + "dose: {minutes: 5}\n",
    "a hand on something else": ONE + "support: {handrail: a stick}\n",
    "a tag with a capital": ONE + "tags: [Small]\n",
    "a tag twice": ONE + "tags: [small, small]\n",
    "neither home nor clinic": ONE + "where: garden\n",
    "a kind in a workout": ONE + "kind: card\n",
    "another format": ONE.replace("retrotread: 1", "retrotread: 2"),
    "a level in quotes": ONE + "level: '1'\n",
    "a level off the ladder": ONE + "level: 11\n",
    "no value": ONE + "level:\n",
    "a number for a name": ONE.replace("name: x", "name: 5"),
    "a truth for a name": ONE.replace("name: x", "name: true"),
    "an empty name": ONE.replace("name: x", "name: ''"),
    "a long name": ONE.replace("name: x", f"name: {'x' * 81}"),
    "a long cue": step(f"turn: to the console, say: {'x' * 201}"),
    "an unknown way to face": ONE.replace("facing: rear", "facing: left"),
    "an unknown need": ONE + "needs: [spoter]\n",
    "a need twice": ONE + "needs: [rails, rails]\n",
    "an unknown grade": ONE + "source: {text: y, grade: A}\n",
    "a text for a list": ONE + "after: stretch\n",
    "a long list": ONE + f"after: [{', '.join('x' * 21)}]\n",
    "no kind of step": step("speed: 1 km/h"),
    "two kinds of step": step("walk: 5 min, run: 5 min, speed: 1 km/h"),
    "a kind of step that is none": step("jump: 5 min, speed: 1 km/h"),
    "a turn and a walk": step("turn: to the console, walk: 5 min, speed: 1 km/h"),
    "a turn with a speed": step("turn: to the console, speed: 1 km/h"),
    "a walk with a belt": step("walk: 5 min, speed: 1 km/h, belt: reversed"),
    "a rest with an incline": step("off belt: 3 min, incline: 2 %"),
    "turn: left": step("turn: left"),
    "turn: console": step("turn: console"),
    "belt: backward": step("turn: to the console, belt: backward"),
    "a distance off the belt": step("off belt: 400 m"),
    "a length without a unit": step("walk: 5, speed: 1 km/h"),
    "a length as a clock shows it": step("walk: 1:30, speed: 1 km/h"),
    "a negative distance": step("walk: -400 m, speed: 1 km/h"),
    "a distance and a time": step("walk: 400 m 30 s, speed: 1 km/h"),
    "10^9 km": step("walk: 1000000000 km, speed: 1 km/h"),
    "a length of nothing": step("walk: '', speed: 1 km/h"),
    "a speed without a unit": step("walk: 5 min, speed: 1.0"),
    "a speed with a comma": step("walk: 5 min, speed: '1,5 km/h'"),
    "a speed in other digits": step("walk: 5 min, speed: ３ km/h"),
    "a leading zero": step("walk: 5 min, speed: 01 km/h"),
    "one unit for two speeds": step("walk: 5 min, speed: 1 -> 2 km/h"),
    "two arrows": step("walk: 5 min, speed: 1 km/h -> 2 km/h -> 1 km/h"),
    "an incline in degrees": step("walk: 5 min, speed: 1 km/h, incline: 5 °"),
    "an incline in km/h": step("walk: 5 min, speed: 1 km/h, incline: 5 km/h"),
    "no repeats": step("repeat: 0, steps: [{walk: 5 min, speed: 1 km/h}]"),
    "a repeat of nothing": step("repeat: 2, steps: []"),
    "a repeat without steps": step("repeat: 2"),
    "a bad step in a repeat": step("repeat: 2, steps: [{walk: 5, speed: 1 km/h}]"),
}

PROGRAM_ALONE_REFUSES = {
    "too fast": step("walk: 5 min, speed: 90 km/h"),
    "a belt that stands": step("walk: 5 min, speed: 0 km/h"),
    "a share above 100 %": step("walk: 5 min, speed: 101 %"),
    "a share of 0 %": step("walk: 5 min, speed: 0 %"),
    "too steep": step("walk: 5 min, speed: 1 km/h, incline: 41 %"),
    "0 m": step("walk: 0 m, speed: 1 km/h"),
    "five hours": step("walk: 5 h, speed: 1 km/h"),
    "too many steps": step("repeat: 500, steps: [{repeat: 500, steps: [{walk: 1 s, speed: 1 km/h}]}]"),
    "a turn to where one faces": step("turn: to the rear"),
    "a turn at the end": f"{HEAD}steps: [{{walk: 5 min, speed: 1 km/h}}, {{turn: to the console}}]\n",
    "nobody on the belt": f"{HEAD}steps: [{{off belt: 5 min}}]\n",
    "a share going forward": step("walk: 5 min, speed: 60 %").replace("rear", "console"),
    "a blank name": ONE.replace("name: x", "name: ' '"),
    "a whole number with a point": ONE + "level: 1.0\n",
}


@pytest.mark.parametrize("text", BOTH_TAKE.values(), ids=BOTH_TAKE)
def test_what_the_program_takes_an_editor_takes(text: str) -> None:
    assert (program_takes(text), editor_takes(text)) == (True, True)


@pytest.mark.parametrize("text", BOTH_REFUSE.values(), ids=BOTH_REFUSE)
def test_what_has_the_wrong_shape_both_refuse(text: str) -> None:
    assert (program_takes(text), editor_takes(text)) == (False, False)


@pytest.mark.parametrize("text", PROGRAM_ALONE_REFUSES.values(), ids=PROGRAM_ALONE_REFUSES)
def test_bounds_and_order_the_program_alone_refuses(text: str) -> None:
    assert (program_takes(text), editor_takes(text)) == (False, True)


numbers = st.integers(0, 30).map(str) | st.from_regex(r"[0-9]{0,3}(\.[0-9]{0,4})?", fullmatch=True)
blanks = st.sampled_from(["", " ", "  "])
units = st.sampled_from(["s", "min", "m", "km/h", "mph", "%", ""])
ends = st.tuples(numbers, blanks, units).map("".join)
quantities = st.tuples(blanks, ends, st.sampled_from(["", " ", "->", " -> ", "  ->"]), st.just("") | ends).map("".join)
keys = st.sampled_from(
    ["walk: {}, speed: 1 km/h", "walk: 400 m, speed: {}", "off belt: {}", "walk: 5 min, speed: 1 km/h, incline: {}"]
)


@given(keys, quantities)
def test_an_editor_never_refuses_a_quantity_that_the_program_takes(key: str, quantity: str) -> None:
    text = step(key.format(json.dumps(quantity)))
    assert editor_takes(text) or not program_takes(text)


@pytest.mark.parametrize(
    "name", [" " + "x" * 80, "e\u0301" * 41, "\u0958" * 41], ids=["blank", "composed", "decomposed"]
)
def test_a_text_is_as_long_as_it_is_written_or_shown(name: str) -> None:
    text = ONE.replace("name: x", f"name: {json.dumps(name)}")
    assert not program_takes(text)
    assert editor_takes(text) == (len(name) <= 80)


@given(st.text(max_size=90))
def test_an_editor_never_refuses_a_name_that_the_program_takes(name: str) -> None:
    text = ONE.replace("name: x", f"name: {json.dumps(name)}")
    assert not program_takes(text) or editor_takes(text)


def objects(tree: Any) -> list[dict[str, Any]]:
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [
        *([tree] if isinstance(tree, dict) and "properties" in tree else []),
        *(o for p in parts for o in objects(p)),
    ]


def test_every_table_is_closed_and_every_key_described() -> None:
    tables = objects(SCHEMA)
    assert len(tables) == 10
    for table in tables:
        assert table["additionalProperties"] is False
        assert table["description"]
        assert all(key["description"] for key in table["properties"].values())


def test_the_key_that_says_what_to_do_comes_first() -> None:
    firsts = {next(iter(one["properties"])) for one in SCHEMA["definitions"].values()}
    assert firsts == {"walk", "run", "cool down", "turn", "off belt", "repeat", "text", "speed", "handrail"}


def test_every_grammar_has_a_mend_and_examples_that_fit_it() -> None:
    grammars = [key for table in objects(SCHEMA) for key in table["properties"].values() if "pattern" in key]
    assert len(grammars) == 15
    for one in grammars:
        assert one["patternErrorMessage"].startswith("write ")
        assert one["examples"]
        assert all(Draft7Validator(one).is_valid(example) for example in one["examples"])


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "workout.schema.json"
    assert schema.main([str(path)]) == 0
    assert path.read_bytes() == COMMITTED.read_bytes()


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_the_command_wants_one_path(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main(arguments) == 2
    said = capsys.readouterr()
    assert said.err == "one path is needed: python -m retrotread.workouts.schema workout.schema.json\n"
