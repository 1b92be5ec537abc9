"""The document of progression shows the tables that progression runs on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retrotread.training.document import PARTS, main, renewed
from retrotread.training.history import Event, Session
from retrotread.training.history_file import history_from_json

DOCUMENT = Path(__file__).parents[2] / "docs" / "progression.md"


def test_the_document_shows_the_tables_of_the_code() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(document) == document, "run: python -m retrotread.training.document docs/progression.md"


@pytest.mark.parametrize("part", PARTS)
def test_a_document_that_lacks_a_marker_is_refused(part: str) -> None:
    document = DOCUMENT.read_text(encoding="utf-8").replace(f"<!-- {part}: end -->", "")
    with pytest.raises(ValueError, match=f"the document has no lines <!-- {part}: begin -->"):
        renewed(document)


def test_the_file_that_is_named_is_renewed(tmp_path: Path) -> None:
    path = tmp_path / "progression.md"
    emptied = re.sub(r"(<!-- scales: begin -->\n).*?(<!-- scales: end -->)", r"\1\2", _text(), flags=re.DOTALL)
    path.write_text(emptied, encoding="utf-8")
    main([str(path)])
    assert path.read_text(encoding="utf-8") == _text() != emptied


def test_the_history_of_the_document_can_be_read() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", _text(), re.DOTALL)
    history = history_from_json(block)
    assert len(history) == 4
    assert any(isinstance(one, Session) and one.answered for one in history)


def test_the_document_names_every_event() -> None:
    assert [event for event in Event if f"`{event.value}`" not in _text()] == []


def _text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")
