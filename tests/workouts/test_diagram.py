"""The diagram in the document is the table in the engine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from retrotread.workouts.diagram import BEGIN, END, main, mermaid, with_diagram
from retrotread.workouts.engine import (
    ENDS,
    TRANSITIONS,
    BeltStopped,
    Phase,
    StartRequested,
    StopRequested,
    Tick,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "engine.md"


def test_the_document_shows_the_table_of_the_engine() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_diagram(document) == document, f"run: {sys.executable} -m retrotread.workouts.diagram docs/engine.md"


def test_every_row_that_changes_something_is_an_arrow() -> None:
    rows = {(p, t) for (p, event), t in TRANSITIONS.items() if event is not Tick and (p not in ENDS or t is not p)}
    arrows = {line.strip().partition(" : ")[0] for line in mermaid(TRANSITIONS).splitlines() if " : " in line}
    assert arrows == {f"{phase.name} --> {target.name}" for phase, target in rows}


def test_an_arrow_carries_all_events_between_its_phases() -> None:
    text = mermaid(
        {
            (Phase.READY, Tick): Phase.READY,
            (Phase.READY, StartRequested): Phase.RUNNING,
            (Phase.RUNNING, StopRequested): Phase.STOPPED,
            (Phase.RUNNING, BeltStopped): Phase.STOPPED,
            (Phase.STOPPED, StopRequested): Phase.STOPPED,
        }
    )
    assert [line.strip() for line in text.splitlines() if " : " in line] == [
        "READY --> RUNNING : start requested",
        "RUNNING --> STOPPED : stop requested, belt stopped",
    ]


def test_the_command_writes_between_the_markers_and_touches_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "engine.md"
    path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    main([str(path)])
    assert (
        path.read_text(encoding="utf-8") == f"before\n{BEGIN}\n```mermaid\n{mermaid(TRANSITIONS)}\n```\n{END}\nafter\n"
    )


def test_a_document_without_markers_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "engine.md"
    path.write_text(f"before\n{BEGIN}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no lines"):
        main([str(path)])
    assert path.read_text(encoding="utf-8") == f"before\n{BEGIN}\n"
