"""Is everything of this source tree in the installed package, and does every module import there?

usage: python -I tools/check_wheel.py ROOT, with the Python of an environment that holds the wheel and its
run-time requirements only. Prints what it saw; exit code 1 and one sentence for each thing that is missing.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

NOT_INSTALLED = {".pyc", ".pyo"}

OF_EXTRAS = {"bumble"}
"""What only an extra brings; a module that stops at one of these is imported where the extra is installed."""


def files_below(folder: Path) -> set[Path]:
    """Every file below ``folder``, relative to it, but for compiled ones."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in NOT_INSTALLED)
    return {path.relative_to(folder) for path in files}


def module_name(file: Path) -> str:
    """``guardian/core.py`` is ``retrotread.guardian.core``; ``__init__.py`` is its package."""
    parts = file.with_suffix("").parts
    return ".".join(("retrotread", *(part for part in parts if part != "__init__")))


def problems_of_import(names: list[str]) -> Iterator[str]:
    """What was raised by each module that cannot be imported."""
    for name in names:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in OF_EXTRAS:
                yield f"{name} cannot be imported from the wheel:\n{traceback.format_exc()}"
        except Exception:  # noqa: BLE001 - whatever a module raises is what this check reports
            yield f"{name} cannot be imported from the wheel:\n{traceback.format_exc()}"


def problems(root: Path, package: Path) -> Iterator[str]:
    """One sentence for each thing that the wheel lacks."""
    if root in package.parents:
        yield f"retrotread was imported from {package}, not from the wheel."
        return
    source = files_below(root / "src")
    for missing in sorted(source - files_below(package)):
        yield f"src/{missing} is not in the wheel."
    modules = sorted(module_name(file) for file in source if file.suffix == ".py")
    yield from problems_of_import(modules)
    shipped = package / "workouts" / "shipped"
    workouts = {file for file in files_below(root / "workouts") if file.suffix == ".yaml"}
    if not workouts:
        yield "There is no workout to ship: workouts/ holds no .yaml file."
    for missing in sorted(workouts - files_below(shipped)):
        yield f"workouts/{missing} is not in the wheel."
    print(f"modules looked for in the wheel: {len(modules)}")
    print("workouts found in the wheel: " + ", ".join(str(file) for file in sorted(files_below(shipped))))


def main() -> int:
    root = Path(sys.argv[1]).resolve()
    package = importlib.import_module("retrotread")
    found = list(problems(root, Path(str(package.__file__)).resolve().parent))
    command = Path(sys.executable).with_name("retrotread")
    answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    if answer.stdout.split() != ["retrotread", package.__version__]:
        found.append(f"retrotread --version answered {answer.stdout!r} {answer.stderr!r}.")
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
