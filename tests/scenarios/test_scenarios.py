"""The golden scenarios: what was recorded once is what today's program does, to the last sentence."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from retrotread.sessions.replay import replay
from retrotread.sessions.tape import SUFFIX, read_scenario

FOLDER = Path(__file__).parent
LARGEST_BYTES = 60_000
"""Small enough to keep every version of every scenario in the history."""

MEND = """
Today's program does something else than {name} says. First look at the difference:
    retrotread replay tests/scenarios/{name}
If it was meant, and only then, record the scenarios anew with `make golden`, and commit them with the change."""


def _record() -> ModuleType:
    """The file beside this one that records them."""
    spec = importlib.util.spec_from_file_location("recorded_scenarios", FOLDER / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


RECORD = _record()
FILES = sorted(FOLDER.glob(f"*{SUFFIX}"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


@every_file
def test_a_recorded_scenario_goes_today_as_it_went(path: Path) -> None:
    tape = read_scenario(path)
    done = replay(tape)
    assert done.agrees, "\n".join((*map(str, done.differences), MEND.format(name=path.name)))
    assert (done.supervisor_steps, done.engine_steps) == (len(tape.steps), len(tape.taken))
    assert done.supervisor_steps > 300
    assert done.engine_steps > 100


def test_every_scenario_has_its_file_and_no_file_is_left_over() -> None:
    assert [path.name for path in FILES] == sorted(one.path.name for one in RECORD.SCENARIOS)


@pytest.mark.parametrize("scenario", RECORD.SCENARIOS, ids=lambda one: one.name)
def test_a_scenario_shows_what_it_is_named_for(scenario: object) -> None:
    """Else a scenario that was recorded anew could agree with everything and show nothing."""
    assert scenario.shows <= RECORD.shown(read_scenario(scenario.path))  # type: ignore[attr-defined]


@every_file
def test_a_scenario_is_small(path: Path) -> None:
    assert path.stat().st_size < LARGEST_BYTES


def test_the_readme_says_what_each_scenario_shows() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [one.name for one in RECORD.SCENARIOS if f"| `{one.name}` |" not in text] == []
