"""Run a program with one defect in it: ``python -m tests.proof.mutants.plant NAME -- PROGRAM...``.

PROGRAM is what stands behind ``python``: ``-m MODULE ARGUMENTS`` or ``FILE ARGUMENTS``. Without NAME the defects are
listed. As a plug-in of pytest: ``python -m pytest -p tests.proof.mutants.plant --plant NAME ...``.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest
from tests.proof.mutants.planting import DefectError, defects, named, plant


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--plant", metavar="NAME", help="the defect that is planted in the code under test")


@pytest.hookimpl(tryfirst=True)  # before any conftest imports the code under test
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    name: str | None = early_config.known_args_namespace.plant
    if name is None:
        return
    try:
        plant(named(name))
    except DefectError as error:
        raise pytest.UsageError(str(error)) from error


def main(arguments: list[str]) -> int:
    """2 with a sentence where the defect or the program is none."""
    if not arguments:
        sys.stdout.writelines(f"{one.name}: {one.what} ({one.breaks}; src/{one.file})\n" for one in defects().values())
        return 0
    name, program = arguments[0], arguments[2:]
    if arguments[1:2] != ["--"] or not program or program == ["-m"]:
        sys.stderr.write("python -m tests.proof.mutants.plant NAME -- -m MODULE ARGUMENTS, or FILE ARGUMENTS\n")
        return 2
    try:
        if program[:2] == ["-m", "pytest"]:  # it plants by itself, in front of what rewrites assertions
            program[2:2] = ["-p", "tests.proof.mutants.plant", "--plant", named(name).name]
        else:
            plant(named(name))
    except DefectError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if program[0] == "-m":
        sys.argv = program[1:]
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = program
        sys.path.insert(0, str(Path(program[0]).resolve().parent))
        runpy.run_path(program[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
