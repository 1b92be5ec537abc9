"""The page about the library is current, and each statement of the articles has an answer that leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retrotread.workouts import library_page
from retrotread.workouts.catalogue import catalogue

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "library.md"
ARTICLES = ROOT / "docs" / "articles.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in ARTICLES.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")


def test_the_committed_page_is_the_one_that_the_files_make() -> None:
    mend = "run: python -m retrotread.workouts.library_page docs/library.md"
    assert PAGE.read_text(encoding="utf-8") == library_page.page(), mend


def test_every_file_is_in_the_page_once() -> None:
    sections = re.findall(r"^### (\S+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted(entry.name for entry in catalogue())


def test_the_page_leads_to_every_file() -> None:
    links = {link for link, _ in LINK.findall(PAGE.read_text(encoding="utf-8")) if link.endswith(".yaml")}
    assert {(PAGE.parent / link).resolve() for link in links} == {entry.path.resolve() for entry in catalogue()}


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    path = tmp_path / "library.md"
    assert library_page.main([str(path)]) == 0
    assert path.read_bytes() == PAGE.read_bytes()


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_the_command_wants_one_path(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert library_page.main(arguments) == 2
    said = capsys.readouterr()
    assert said.err == "one path is needed: python -m retrotread.workouts.library_page docs/library.md\n"


def test_the_articles_have_fifty_seven_statements_in_their_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 58))
    assert "".join(row[1] for row in ROWS) == "A" * 12 + "B" * 11 + "C" * 11 + "D" * 13 + "E" * 10
    assert all(len(row) == 4 and row[2] for row in ROWS)


def why_no_answer(answer: str) -> str | None:
    """Why ``answer`` leads nowhere; None where every link in it does, or where it says why there is none."""
    links = LINK.findall(answer)
    if not links:
        return None if re.search(r"\b[Ll]eft out, because \w", answer) else "neither a link nor a reason"
    for path, anchor in links:
        to = (ARTICLES.parent / path).resolve()
        if not to.exists():
            return f"{path} is not there"
        titles = re.findall(r"^#+ (.+)$", to.read_text(encoding="utf-8"), re.MULTILINE) if to.suffix == ".md" else []
        names = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
        if anchor and anchor not in names:
            return f"{path} has no section {anchor}"
    return None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_statement_leads_to_a_file_a_rule_or_a_cue_or_says_why_it_is_left_out(row: list[str]) -> None:
    assert why_no_answer(row[3]) is None


CUES = ("land softly on the forefoot", "short steps", "stay tall", "eyes level")


def test_the_cues_that_the_answers_name_are_spoken() -> None:
    spoken = (ROOT / "src" / "workouts" / "languages" / "en.toml").read_text(encoding="utf-8")
    answers = " ".join(row[3] for row in ROWS)
    for cue in CUES:
        assert cue in answers
        assert f'"{cue}"' in spoken
