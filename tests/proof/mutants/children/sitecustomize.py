"""Python looks for this file when it starts: a process that was started by a planted one is planted like it."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

_path = Path(__file__).resolve().parent.parent / "planting.py"
_spec = importlib.util.spec_from_file_location("_retrotread_planting", _path)
assert _spec is not None, "the planting lies beside the folder of this file"
assert _spec.loader is not None
_planting = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _planting
_spec.loader.exec_module(_planting)
if name := os.environ.get(_planting.IN_FORCE):
    _planting.plant(_planting.named(name))
