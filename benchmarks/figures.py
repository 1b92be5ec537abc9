"""What a figure is, and how a row of them is told."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Figure:
    """One row: what was measured, the values in ``unit``, and what was aimed for.

    ``less_is_worse``: the small values are told instead of the large ones. Without values, ``aim`` says why.
    """

    name: str
    values: tuple[float, ...]
    unit: str
    aim: str
    less_is_worse: bool = False

    def __str__(self) -> str:
        if not self.values:
            return f"{self.name:<58} not measured: {self.aim}"
        ordered = sorted(self.values)
        row = f"{self.name:<58} n={len(ordered):<4} median {_text(median(ordered))}"
        if len(ordered) > 1 and self.less_is_worse:
            row += f"  p1 {_text(percentile(ordered, 1))}  min {_text(ordered[0])}"
        elif len(ordered) > 1:
            row += f"  p99 {_text(percentile(ordered, 99))}  max {_text(ordered[-1])}"
        return f"{row} {self.unit}  (aim: {self.aim})"


def percentile(ordered: list[float], per_cent: float) -> float:
    """The smallest value that at least ``per_cent`` of them do not exceed (nearest rank)."""
    rank = max(1, -(-len(ordered) * per_cent // 100))
    return ordered[int(rank) - 1]


def _text(value: float) -> str:
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2f}"


def heading() -> str:
    """Machine, date and commit."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit or 'unknown'}, "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} CPUs ({_cpu()})"
    )


def _cpu() -> str:
    if sys.platform == "darwin":
        asked = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        )
        return asked.stdout.strip() or platform.processor()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
