"""Defects can be planted: each is still there to be planted, and only the process that asked for it has it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.proof.mutants.planting import FOLDER, DefectError, defects

ROOT = FOLDER.parents[2]
DEFECT = "a_stop_without_an_end"
SHOWS = (
    "from retrotread.safety import stopping as s; "
    "print(s.unconfirmed(s.Stop(s.StopClass.PROTECTIVE, 54, since_ms=s.LONGEST_MS), s.Belt()))"
)
IN_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-P', '-c', {SHOWS!r}], check=True)"


def planted(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The planter as it is called from a shell."""
    command = [sys.executable, "-m", "tests.proof.mutants.plant", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", defects())
def test_a_defect_is_still_there_to_be_planted(name: str) -> None:
    source = defects()[name].source()
    compile(source, name, "exec")


def test_a_defect_whose_text_has_changed_is_told_in_a_sentence() -> None:
    with pytest.raises(DefectError, match=r"its old text stands 2 times in src/.*stopping\.py, not once; the code has"):
        defects()[DEFECT].planted("\n".join(2 * [(FOLDER.parents[2] / "src/safety/stopping.py").read_text()]))


def test_the_program_has_its_defect_and_the_file_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "shows.py").write_text(SHOWS)
    before = (ROOT / "src/safety/stopping.py").read_bytes()
    assert planted(DEFECT, "--", str(tmp_path / "shows.py")).stdout == "False\n"
    assert (ROOT / "src/safety/stopping.py").read_bytes() == before
    assert subprocess.check_output([sys.executable, "-c", SHOWS], cwd=ROOT, text=True) == "True\n"


def test_what_a_planted_program_starts_is_planted_too(tmp_path: Path) -> None:
    (tmp_path / "starts.py").write_text(IN_A_CHILD)
    assert planted(DEFECT, "--", str(tmp_path / "starts.py")).stdout == "False\n"


def test_pytest_plants_before_any_conftest_imports_the_program(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import retrotread.safety.stopping\n")
    (tmp_path / "test_it.py").write_text(
        f"def test_it(capfd):\n    {SHOWS}\n    assert capfd.readouterr().out == 'True\\n'\n"
    )
    plain = ["-m", "pytest", "-q", "-p", "tests.proof.mutants.plant", "-p", "no:cacheprovider", str(tmp_path)]
    assert subprocess.run([sys.executable, *plain], cwd=ROOT, capture_output=True, check=False).returncode == 0
    broken = subprocess.run([sys.executable, *plain, "--plant", DEFECT], cwd=ROOT, capture_output=True, check=False)
    assert broken.returncode == 1, broken.stdout


def test_pytest_as_a_program_does_not_come_between_a_defect_and_a_module_that_is_named_like_a_test(
    tmp_path: Path,
) -> None:
    """What rewrites assertions takes such modules for tests, and would read them from their files."""
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it():\n    assert type(sys.meta_path[0]).__name__ == '_Planter'\n"
    )
    told = planted(DEFECT, "--", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path))
    assert told.returncode == 0, told.stdout


def test_a_defect_that_is_none_is_told_with_those_that_are() -> None:
    told = planted("no_such_defect", "--", "-m", "this")
    assert told.returncode == 2
    assert DEFECT in told.stderr


def test_planting_after_the_import_is_refused() -> None:
    late = (
        "import retrotread.safety.stopping; from tests.proof.mutants.planting import named, plant; "
        f"plant(named({DEFECT!r}))"
    )
    told = subprocess.run([sys.executable, "-c", late], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "is imported already; plant before anything imports retrotread" in told.stderr
