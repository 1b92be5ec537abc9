"""The pins, the ranges and the version say the same thing, and no file of pins says where it came from."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import retrotread

ROOT = Path(__file__).parent.parent
PINS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements(file: Path) -> list[str]:
    """Each requirement of a file of pins as one line, its hashes with it."""
    text = file.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pinned(file: Path) -> dict[str, str]:
    """Name -> exact version."""
    found = (re.match(r"([\w.-]+)==(\S+)", line) for line in requirements(file))
    return {canonicalize_name(match[1]): match[2] for match in found if match}


RUN = pinned(ROOT / "requirements" / "run.txt")


def test_the_installed_version_is_the_one_in_the_source() -> None:
    assert version("retrotread") == retrotread.__version__


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.name)
def test_every_pin_is_exact_and_carries_its_hashes(file: Path) -> None:
    lines = requirements(file)
    assert len(pinned(file)) == len(lines) > 0
    assert [line for line in lines if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", line)] == []


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.name)
def test_no_file_of_pins_names_an_index(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--\w*index\w*|--find-links|--trusted-host)\b", text, re.MULTILINE)


def test_the_pins_serve_every_system() -> None:
    windows = [line for line in requirements(ROOT / "requirements" / "run.txt") if "sys_platform == 'win32'" in line]
    assert windows != []


@pytest.mark.parametrize("dependency", PROJECT["dependencies"])
def test_each_dependency_is_pinned_inside_its_range(dependency: str) -> None:
    wanted = Requirement(dependency)
    assert wanted.specifier.contains(RUN[canonicalize_name(wanted.name)])


def test_checks_run_with_the_versions_that_the_program_runs_with() -> None:
    dev = pinned(ROOT / "requirements" / "dev.txt")
    assert {name: dev.get(name) for name in RUN} == RUN
