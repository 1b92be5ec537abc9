"""The frames of manuals, other programs and logs, each with its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FRAMES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``said_by_PROTOCOL`` and ``told_PROTOCOL``: every frame of that protocol, from and to the machine."""
    for name in metafunc.fixturenames:
        way, _, protocol = name.partition("_frame_of_")
        if protocol:
            wanted = {"machine": "device->host", "host": "host->device"}[way]
            found = [one for one in FRAMES if one["direction"] == wanted and one["protocol"].startswith(protocol)]
            assert found, f"no frames of {protocol}"
            metafunc.parametrize(name, found, ids=[f"{one['hex']} {one['meaning'][:30]}" for one in found])
