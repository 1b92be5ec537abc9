"""What the doctor learns of logind on a bus of its own: a lock is taken, and given back at once."""

from __future__ import annotations

import asyncio
from typing import Any

from retrotread.sessions.doctor.logind import LogindFacts, asked, judge


def keys(facts: LogindFacts) -> list[str]:
    return [one.entry.key for one in judge(facts)]


def test_a_logind_that_answers_and_gives_the_lock(bus: Any, logind: Any) -> None:
    assert asyncio.run(asked(bus.address)) == LogindFacts(True)
    assert logind.manager.taken == [
        ("sleep:idle:handle-lid-switch", "Retrotread", "A treadmill is moving a person", "block")
    ]
    assert logind.took(1)
    assert logind.released(0)


def test_a_lock_that_is_refused_is_told_with_the_reason(bus: Any, logind: Any) -> None:
    logind.manager.refuses = True
    facts = asyncio.run(asked(bus.address))
    assert facts.refused is not None
    assert "Permission denied" in facts.refused
    assert keys(facts) == ["logind-refuses"]


def test_a_bus_without_logind(bus: Any) -> None:
    facts = asyncio.run(asked(bus.address))
    assert keys(facts) == ["logind-none"]


def test_no_bus_at_all(tmp_path: Any) -> None:
    facts = asyncio.run(asked(f"unix:path={tmp_path}/none"))
    assert facts.unreachable is not None
    assert "the system bus cannot be reached" in facts.unreachable
