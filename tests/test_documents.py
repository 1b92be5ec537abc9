"""What the documents point at is there: files, sections, tests, targets of make, the program's commands and options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from retrotread.cli.commands import app

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}

LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]+)\)")
CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`|^ {4}(?=\S)([^\n]+)", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^(?:\$ )?make ([a-z-]+)", re.MULTILINE)
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?retrotread( [^\n#]+)", re.MULTILINE)
REMARK = re.compile(r" {2,}")
WORD = re.compile(r"[a-z][a-z-]+$")
OPTION = re.compile(r"--[a-z][a-z-]*")

PLACE = re.compile(r"^(?:src|tests|docs|tools|workouts|benchmarks)/[\w./-]*$")
STANDS_FOR_ANY = ("maker", "NNNN")

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda found: str(found.relative_to(ROOT)))


def code_in(document: Path) -> list[str]:
    """Each block and each span of code."""
    return ["".join(found) for found in CODE.findall(document.read_text(encoding="utf-8"))]


def anchors_of(document: Path) -> set[str]:
    """The names under which its sections are linked to."""
    titles = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def why_dead(document: Path, link: str) -> str | None:
    """Why a relative link leads nowhere; None where it leads somewhere."""
    path, _, anchor = link.partition("#")
    to = (document.parent / path).resolve() if path else document
    if not to.exists():
        return f"{link}: no such file"
    if anchor and anchor not in anchors_of(to):
        return f"{link}: no such section"
    return None


def why_unknown(line: str) -> str | None:
    """Why the program would not know the words and options behind ``retrotread``; None where it does."""
    words, known = line.split(), get_command(app)
    while words and (below := getattr(known, "commands", None)):
        if known.name == "capture" and words[0] not in below and not words[0].startswith("--"):
            words = ["record", *words]  # an address stands for it
        if not WORD.match(words[0]):
            break
        if words[0] not in below:
            return f"retrotread {line}: no command {words[0]!r}"
        known, words = below[words[0]], words[1:]
    given = {option for parameter in known.params for option in parameter.opts} | {"--help", "--version"}
    strange = [option for option in OPTION.findall(" ".join(words)) if option not in given]
    return f"retrotread {line}: no option {', '.join(strange)}" if strange else None


@documents
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [dead for link in links if (dead := why_dead(document, link))] == []


@documents
def test_every_target_of_make_that_is_named_is_there(document: Path) -> None:
    there = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = {target for code in code_in(document) for target in TARGET.findall(code)}
    assert named <= there, f"not in the Makefile: {sorted(named - there)}"


@documents
def test_every_command_that_is_named_is_known_with_its_options(document: Path) -> None:
    lines = [REMARK.split(line)[0].strip() for code in code_in(document) for line in COMMAND.findall(code)]
    assert [unknown for line in lines if (unknown := why_unknown(line))] == []


@documents
def test_every_place_in_the_tree_that_is_named_is_there(document: Path) -> None:
    if document.parent.name == "decisions":  # they also name what was rejected
        return
    named = [code for code in code_in(document) if PLACE.match(code) and not any(w in code for w in STANDS_FOR_ANY)]
    assert [place for place in named if not (ROOT / place).exists()] == []


@documents
def test_every_test_that_is_named_is_there(document: Path) -> None:
    named = {code for code in code_in(document) if re.fullmatch(r"test_\w+", code)}
    assert sorted(named - TESTS) == []


def test_every_document_is_reached_from_the_first_page() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        document = ahead.pop()
        if document in reached or document.suffix != ".md" or not document.exists():
            continue
        reached.add(document)
        links = (link.partition("#")[0] for link in LINK.findall(document.read_text(encoding="utf-8")))
        found = [(document.parent / link).resolve() for link in links if link]
        ahead += [inner for path in found for inner in (sorted(path.glob("*.md")) if path.is_dir() else [path])]
    assert sorted(str(document.relative_to(ROOT)) for document in set(DOCUMENTS) - reached) == []
