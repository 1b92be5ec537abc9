"""The hazard log is whole: every hazard says all of itself, every measure has its test, and the page is up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.proof.hazards.log import ROOT, LogError, hazards, switched
from tests.proof.hazards.page import page
from tests.proof.hazards.switching import Result, switched_off, why_not_guarded

LOG = hazards()
MEASURES = [one for hazard in LOG for one in hazard.mitigations]
FIRST = """[[hazard]]
id = "H01"
group = "line"
title = "t"
severity = "S1"
cause = "c"
harm = "h"
detection = "d"
residual = "r"
"""
OPEN = FIRST + 'open = "o"\n'
MEASURE = '[[hazard.mitigation]]\nwhat = "w"\n'


def text_of(document: str) -> str:
    """A document of this repository, with its lines joined."""
    return " ".join((ROOT / document).read_text(encoding="utf-8").split())


def defined(test: str) -> bool:
    """Whether the file of this test defines it."""
    file, _, name = test.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).is_file() else ""
    return re.search(rf"^(async )?def {re.escape(name.partition('[')[0])}\(", text, re.MULTILINE) is not None


def test_the_hazards_that_were_agreed_are_all_there() -> None:
    assert {f"H{number:02d}" for number in range(1, 46)} <= {one.id for one in LOG}


def test_the_test_of_every_measure_is_there() -> None:
    named = {one.name: one.test for one in MEASURES if one.test is not None}
    assert [f"{name}: there is no test {test}" for name, test in named.items() if not defined(test)] == []


def test_every_measure_can_still_be_switched_off() -> None:
    for name, one in switched(LOG).items():
        assert one.off is not None
        compile(one.off.source(), name, "exec")


def test_the_place_of_every_measure_is_there() -> None:
    places = {one.where for one in MEASURES if one.where is not None}
    assert [place for place in places if not (ROOT / "src" / place).exists()] == []


def test_what_a_document_must_say_it_says() -> None:
    said = [one.says for one in MEASURES if one.says is not None]
    assert said
    assert [words for document, words in said if words not in text_of(document)] == []


def test_the_page_is_up_to_date() -> None:
    written = (ROOT / "docs" / "safety" / "hazards.md").read_text(encoding="utf-8")
    assert written == page(LOG), "write it anew: python -m tests.proof.hazards.page docs/safety/hazards.md"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (2 * OPEN, "H01 stands twice"),
        (FIRST.replace('residual = "r"\n', ""), "has no residual"),
        (FIRST.replace("H01", "1"), "an id is H and two digits"),
        (FIRST.replace("S1", "S9"), "the severities S1, S2"),
        (FIRST, "has no mitigation and does not say that it is open"),
        (FIRST + MEASURE, "is either switched off"),
        (FIRST + MEASURE + 'none = "n"\n', "neither a test nor a document"),
        (FIRST + MEASURE + 'old = "a"\nnew = "b"\n', "needs where, old and new"),
        (FIRST + MEASURE + 'where = "x.py"\nold = "a"\nnew = "b"\n', "names no test that must fail"),
        (FIRST + MEASURE + 'where = "x.py"\nold = "a"\nnew = "b"\ntest = "t"\nnone = "n"\n', "is either switched off"),
        (FIRST + MEASURE + 'colour = "red"\n', "has colour, which is none of"),
    ],
)
def test_a_log_that_is_not_whole_is_refused_with_a_sentence(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "hazards.toml").write_text(text)
    with pytest.raises(LogError, match=why):
        hazards(tmp_path / "hazards.toml")


def test_a_test_that_stays_green_is_told_and_so_is_one_that_did_not_run() -> None:
    assert why_not_guarded(Result("H01.1", failed=1, passed=3, told="", cpu_s=0.5)) is None
    assert "its test stays green" in str(why_not_guarded(Result("H01.1", failed=0, passed=3, told="", cpu_s=0.5)))
    assert "did not run" in str(why_not_guarded(Result("H01.1", failed=0, passed=0, told="", cpu_s=0.5)))


def test_nothing_but_what_was_asked_for_is_switched_off() -> None:
    name = next(iter(switched(LOG)))
    assert list(switched_off([name])) == [name]
