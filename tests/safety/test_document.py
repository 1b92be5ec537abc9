"""The document of the supervisor shows the tables that the supervisor runs on."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from retrotread.safety.document import main, modes_diagram, renewed, rules_table
from retrotread.safety.hazards import Action, Clears, Hazard
from retrotread.safety.modes import TRANSITIONS, Mode, Trigger
from retrotread.safety.policy import POLICY, Rule

DOCUMENT = Path(__file__).parents[2] / "docs" / "supervisor.md"


def test_the_document_shows_the_tables_of_the_code() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(document) == document, "run: python -m retrotread.safety.document docs/supervisor.md"


def test_every_row_of_the_modes_is_an_arrow() -> None:
    arrows = {line.strip().partition(" : ")[0] for line in modes_diagram().splitlines() if " : " in line}
    assert arrows == {f"{mode.name} --> {target.name}" for (mode, _), target in TRANSITIONS.items()}


def test_an_arrow_carries_every_trigger_between_its_modes() -> None:
    text = modes_diagram(
        {
            (Mode.IDLE, Trigger.ARM): Mode.ARMED,
            (Mode.IDLE, Trigger.HOLD): Mode.ARMED,
            (Mode.ARMED, Trigger.LAPSE): Mode.IDLE,
        }
    )
    assert "    IDLE --> ARMED : arm, hold completed" in text.splitlines()
    assert "    ARMED --> IDLE : arming lapsed or cancelled" in text.splitlines()


def test_every_rule_is_a_row() -> None:
    rows = rules_table().splitlines()[2:]
    assert [row.split(" | ")[1] for row in rows] == [f"`{rule.hazard.value}`" for rule in POLICY]


def test_a_row_says_what_is_done_where_and_until_when() -> None:
    rule = Rule(
        "R99", Hazard.RUNAWAY, Action.ESCALATE, Clears.BY_RESTART, "it is so", frozenset({Mode.RUN, Mode.PAUSING})
    )
    assert rules_table([rule]).splitlines()[2] == (
        "| R99 | `runaway` | protective stop and key alarm | running, pausing | when the program is started anew"
        " | it is so |"
    )


@pytest.mark.parametrize("lost", ["<!-- modes: begin -->", "<!-- rules: end -->"])
def test_a_document_that_lacks_a_marker_is_refused(lost: str) -> None:
    document = DOCUMENT.read_text(encoding="utf-8").replace(lost, "")
    with pytest.raises(ValueError, match="the document has no lines <!-- "):
        renewed(document)


def test_the_program_renews_the_file_that_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "a\n<!-- modes: begin -->\nlast year's\n<!-- modes: end -->\n<!-- rules: begin --><!-- rules: end -->\nb\n"
    )
    main([str(page)])
    renewed_page = page.read_text()
    assert renewed_page.startswith("a\n<!-- modes: begin -->\n```mermaid")
    assert renewed_page.endswith("|\n<!-- rules: end -->\nb\n")
    assert "last year" not in renewed_page


def test_it_is_run_by_its_name_as_the_failing_test_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "supervisor.md"
    document.write_text(DOCUMENT.read_text(encoding="utf-8").replace("| R10 |", "| R99 |"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["document", str(document)])
    monkeypatch.delitem(sys.modules, "retrotread.safety.document")
    runpy.run_module("retrotread.safety.document", run_name="__main__")
    assert document.read_text(encoding="utf-8") == DOCUMENT.read_text(encoding="utf-8")
