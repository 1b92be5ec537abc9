"""``retrotread library``: lists to stdout, how many there are to stderr, sentences for what is not there."""

from __future__ import annotations

import json

import pytest

from retrotread.cli.commands import command_line

Said = pytest.CaptureFixture[str]


def test_it_lists_what_is_for_home_and_says_where_the_rest_is(capsys: Said) -> None:
    assert command_line(["library"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].split() == ["ladder-0", "level", "0", "proposal", "Ladder", "0:", "before", "the", "first", "walk"]
    assert said.err == (
        f"{len(lines)} for home; 18 for a clinic: retrotread library --clinic; "
        "one in full: retrotread library show NAME\n"
    )


def test_list_is_the_same_word_by_word(capsys: Said) -> None:
    command_line(["library", "--level", "3", "--tag", "small-dose"])
    without = capsys.readouterr()
    assert command_line(["library", "list", "--level", "3", "--tag", "small-dose"]) == 0
    assert capsys.readouterr() == without
    assert "daily-five-minutes" in without.out


def test_the_clinic_has_its_own_list(capsys: Said) -> None:
    assert command_line(["library", "--clinic"]) == 0
    said = capsys.readouterr()
    assert "region-calf" in said.out
    assert "ladder" not in said.out
    assert said.err.startswith("18 for a clinic; 60 for home: retrotread library; ")


def test_json_is_one_object_and_nothing_else(capsys: Said) -> None:
    assert command_line(["library", "--tag", "defence", "--json"]) == 0
    said = capsys.readouterr()
    assert [one["file"] for one in json.loads(said.out)["workouts"]] == ["sport-defence", "sport-defence-runs"]
    assert said.err == ""


def test_show_tells_one_in_full(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert command_line(["library", "show", "bw-slope-20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Backward walk: 20 min at 3 km/h and 10 %"
    assert "published   speed: 3 km/h" in lines
    assert "            incline: 10 %" in lines
    assert all(len(line) <= 60 for line in lines)
    goes_on = lines[lines.index("not for     a fall in the last twelve months, dizziness,") + 1]
    assert goes_on == "            numb feet, or trouble with balance or sight; ask"
    assert all(len(line) - len(line.lstrip()) in (0, 12) for line in lines)


def test_show_as_json(capsys: Said) -> None:
    assert command_line(["library", "show", "bw-15-20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["where"]) == ("card", "clinic")
    assert "Doğan" in told["population"]


MISUSED = {
    "a level off the ladder": (["--level", "11"], "there is no level 11; the ladder goes from 0 to 10\n"),
    "a level below it": (["--level", "-1"], "there is no level -1; the ladder goes from 0 to 10\n"),
    "a tag of nothing": (["--tag", "fast"], "nothing has the tag 'fast'; the tags are card, clinic, cool-down, "),
    "a name of nothing": (
        ["show", "lader-3"],
        "'lader-3' is neither a shipped workout nor a file; did you mean ladder-3?",
    ),
}


@pytest.mark.parametrize(("words", "sentence"), MISUSED.values(), ids=MISUSED)
def test_what_is_not_there_is_a_sentence(words: list[str], sentence: str, capsys: Said) -> None:
    assert command_line(["library", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(sentence)


@pytest.mark.parametrize("how", [["check"], ["simulate"], ["run", "--plain"]], ids=lambda how: how[0])
@pytest.mark.parametrize(("name", "what"), [("bw-10deg", "a card: a"), ("region-calf", "a template without a dose: t")])
def test_a_card_and_a_template_start_nowhere(how: list[str], name: str, what: str, capsys: Said) -> None:
    assert command_line([*how, name]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"kind: this is {what}" in said.err
