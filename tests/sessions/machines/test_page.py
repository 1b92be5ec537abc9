"""The page of machines says what the files say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import retrotread
from retrotread.sessions.machines.families import families
from retrotread.sessions.machines.page import PARTS, renewed

PAGE = Path(retrotread.__file__).resolve().parent.parent / "docs" / "machines.md"


def test_the_page_is_as_the_files_would_make_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "write it anew: python -m retrotread.sessions.machines.page docs/machines.md"


def test_every_family_has_a_row_and_a_section_with_its_sources() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for family in families():
        assert f"| {family.title} | " in page
        assert f"### {family.title}\n" in page
        for source in family.sources:
            assert source.url in page


def test_the_page_says_of_every_family_that_nobody_has_seen_it_on_hardware() -> None:
    rows = PARTS["families"]().splitlines()[2:]
    assert [row.split(" | ")[4] for row in rows] == ["nobody"] * len(families())


@pytest.mark.parametrize("part", PARTS)
def test_a_page_without_one_of_its_parts_is_refused(part: str) -> None:
    page = PAGE.read_text(encoding="utf-8").replace(f"<!-- end {part} -->", "")
    with pytest.raises(ValueError, match=f"the page lacks '<!-- begin {part} -->'"):
        renewed(page)


def test_the_command_writes_the_page_anew(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    old = tmp_path / "machines.md"
    old.write_text(page.replace("| Domyos (Decathlon) |", "| Something else |"), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "retrotread.sessions.machines.page", str(old)], check=True, timeout=60)
    assert old.read_text(encoding="utf-8") == page
