"""Mitigations switched off, one after another, each with the one test that must fail then.

``python -m tests.proof.hazards.switching NAME...`` prints a line of JSON for each: what its test did without it.
Each runs in a child of this process that has pytest and its plug-ins already, and nothing of the program: so a defect
is planted before the program is imported, and the children do not load the same libraries sixty times. No file changes.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from tests.proof.hazards.log import ROOT, Mitigation, hazards, switched
from tests.proof.mutants.planting import PACKAGE, DefectError, plant

PLUGINS_ARE_LOADED = "ignore::pytest.PytestAssertRewriteWarning"
# A test that waits for ever for what is switched off has not failed: its process ends without an answer.
WITHIN_CPU_S, WITHIN_S = 20, 120
TOLD = 2_000  # characters of what pytest printed, enough for the last failure


@dataclass(frozen=True, slots=True)
class Result:
    """What the test of a mitigation did while that was switched off, and the processor seconds that it took."""

    name: str
    failed: int
    passed: int
    told: str
    cpu_s: float = 0.0


def switched_off(names: Iterable[str]) -> dict[str, Result]:
    """Each of these, by name, out of one process of its own. RuntimeError where that fails by itself."""
    command = [sys.executable, "-m", "tests.proof.hazards.switching", *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"switching off failed: {done.stderr[-TOLD:]}")
    return {row["name"]: Result(**row) for row in map(json.loads, done.stdout.splitlines())}


def why_not_guarded(result: Result) -> str | None:
    """Why the mitigation is not proved by its test; None where that failed without it."""
    if result.failed:
        return None
    if result.passed:
        return f"{result.name} is switched off and its test stays green: name another test, or write one"
    return f"{result.name}: its test did not run: {result.told}"


class _Outcomes:
    """Counts what tests did; one that fails before or after its own lines has not failed by the mitigation."""

    def __init__(self) -> None:
        self.failed = self.passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.failed += report.failed
            self.passed += report.passed


def _run(one: Mitigation) -> Result:
    """In a child: plant, test, tell."""
    assert one.off is not None
    assert one.test is not None
    outcomes, printed = _Outcomes(), io.StringIO()
    options = ["-q", "-x", "-p", "no:cacheprovider", "--no-header", "--tb=short", "-W", PLUGINS_ARE_LOADED]
    try:
        plant(one.off)
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            pytest.main([*options, one.test], plugins=[outcomes])
    except DefectError as error:
        return Result(one.name, 0, 0, str(error))
    return Result(one.name, outcomes.failed, outcomes.passed, printed.getvalue()[-TOLD:])


def _in_a_child(one: Mitigation) -> Result:
    """A fork: this process has one thread. Its answer comes back in a file, for a test may close any descriptor."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer"
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (WITHIN_CPU_S, WITHIN_CPU_S))
            signal.alarm(WITHIN_S)
            try:
                answer.write_text(json.dumps(asdict(_run(one))), encoding="utf-8")
            except BaseException:  # noqa: BLE001  whatever it is, this process ends here, and tells why
                traceback.print_exc()
            os._exit(0)
        _, _, used = os.wait4(child, 0)
        cpu_s = used.ru_utime + used.ru_stime
        if not answer.exists():
            return Result(one.name, 0, 0, "its process ended without an answer", cpu_s)
        return replace(Result(**json.loads(answer.read_text(encoding="utf-8"))), cpu_s=cpu_s)


def main(names: list[str]) -> int:
    """Every line as soon as it is known."""
    known = switched(hazards())
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    assert PACKAGE not in sys.modules, "planting comes before the import"
    gc.collect()
    gc.freeze()  # what children share is not written to, and they live too shortly to collect anything
    gc.disable()
    for name in names:
        sys.stdout.write(f"{json.dumps(asdict(_in_a_child(known[name])))}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
