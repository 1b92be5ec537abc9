"""The list of formulas, their page, and who may look at them."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

from retrotread.training import estimates
from retrotread.training.estimates.catalogue import BEGIN, FORMULAS, main, section, with_formulas
from retrotread.training.estimates.formula import Formula

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "estimates.md"


def test_the_page_says_what_the_formulas_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_formulas(page) == page, "run: python -m retrotread.training.estimates.catalogue docs/estimates.md"


def test_every_formula_of_every_file_is_in_the_list_once() -> None:
    names = [module.name for module in pkgutil.iter_modules(estimates.__path__)]
    modules = [importlib.import_module(f"{estimates.__name__}.{name}") for name in names]
    found = {value.id for module in modules for value in vars(module).values() if isinstance(value, Formula)}
    ids = [formula.id for formula in FORMULAS]
    assert sorted(ids) == sorted(found)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_every_formula_has_all_that_a_reader_needs(formula: Formula) -> None:
    assert formula.version >= 1
    assert all((formula.title, formula.equation, formula.source, formula.width, formula.worked))
    assert f"(`{formula.name}`)" in section(formula)


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no markers\n")
    with pytest.raises(ValueError, match=BEGIN):
        main([str(page)])
    assert page.read_text() == "no markers\n"


SHOWS = {"sessions/steady_done.py", "cli/estimate.py"}
"""The files outside the room that look into it: they tell what was done, when it is over, or answer a question."""


def test_no_estimate_drives_the_belt() -> None:
    """Only what shows a summary imports an estimate; nothing that plans, allows or moves does."""
    importers = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if "training" not in path.relative_to(ROOT / "src").parts[:1] and _imports_estimates(path)
    }
    assert importers <= SHOWS


def _imports_estimates(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import) and any("estimates" in alias.name.split(".") for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            if "estimates" in names:
                return True
    return False
