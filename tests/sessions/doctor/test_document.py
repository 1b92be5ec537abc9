"""The document shows every kind of finding that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.sessions.doctor.document import findings_text, main, renewed
from retrotread.sessions.doctor.everything import catalogue

DOCUMENT = Path(__file__).parents[3] / "docs" / "doctor.md"


def test_the_document_shows_the_findings_of_the_code() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(document) == document, "run: python -m retrotread.sessions.doctor.document docs/doctor.md"


def test_every_finding_is_a_row_of_four_cells() -> None:
    rows = [line for line in findings_text().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [entry.key for _, of_one in catalogue() for entry in of_one]
    assert {row.replace("\\|", "").count(" | ") for row in rows} == {3}
    assert [row.split("`")[1] for row in rows if "{" in row] == ["serial-modemmanager"]
    assert 'with ENV{ID_MM_DEVICE_IGNORE}="1".' in findings_text()


def test_a_mend_that_is_the_same_everywhere_is_written_once() -> None:
    (row,) = [line for line in findings_text().splitlines() if "`clock-stands`" in line]
    assert "Linux" not in row
    (row,) = [line for line in findings_text().splitlines() if "`radio-off`" in line]
    assert row.index("**Linux:**") < row.index("**macOS:**") < row.index("**Windows:**")


def test_a_document_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="the document has no lines"):
        renewed("# The doctor\n")


def test_the_program_renews_the_file_that_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- findings: begin -->last year's<!-- findings: end -->\nb\n")
    main([str(page)])
    assert "last year" not in page.read_text()
    assert page.read_text().endswith("<!-- findings: end -->\nb\n")
