"""The safety core stays what a reviewer can read in an hour, and every file of safety is in the core or a table."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import retrotread

PACKAGE = Path(retrotread.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "safety" / "core.md"
CORE_LINES_MAX = 1_600
CORE = frozenset(
    {
        "safety/belt.py",
        "safety/config.py",
        "safety/drive.py",
        "safety/health.py",
        "safety/limits.py",
        "safety/modes.py",
        "safety/reports.py",
        "safety/requests.py",
        "safety/run.py",
        "safety/stopping.py",
        "safety/supervisor.py",
        "safety/work.py",
        "guardian/gate.py",
    }
)
TABLES = frozenset(
    {
        "__init__",
        "attention",
        "conditions",
        "document",
        "facts",
        "feeling",
        "following",
        "hazards",
        "heart",
        "inputs",
        "policy",
        "real_machines",
        "tiers",
        "turning",
    }
)
_NO_CODE = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


def code_lines(path: Path) -> int:
    """Lines that are neither empty nor a comment nor a docstring."""
    source = path.read_text()
    lines = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def test_the_core_can_be_read_in_an_hour() -> None:
    counted = {name: code_lines(PACKAGE / name) for name in CORE}
    assert sum(counted.values()) <= CORE_LINES_MAX, counted


def test_every_file_of_safety_is_in_the_core_or_a_table() -> None:
    assert {f"safety/{name}.py" for name in TABLES} | CORE - {"guardian/gate.py"} == {
        f"safety/{path.name}" for path in (PACKAGE / "safety").glob("*.py")
    }


def test_the_page_names_every_file_of_the_core() -> None:
    page = PAGE.read_text()
    assert [name for name in sorted(CORE) if f"`{name}`" not in page] == []


def test_a_docstring_and_a_comment_are_no_code(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text('"""Two\nlines."""\n\n# a comment\nA = 1\n"""What A is."""\n')
    assert code_lines(path) == 1
