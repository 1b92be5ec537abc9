"""The bench on a screen, and in lines."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from textual.widgets import Static

from retrotread.clock import SystemClock
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.safety.modes import Mode
from retrotread.sessions.bench.room import Bench, bench_of
from retrotread.tui.bench import BenchApp
from retrotread.tui.plain_bench import PlainBench


def begin() -> Bench:
    return bench_of(ARCHETYPES["well-behaved"])


class Still:
    """A clock that stands, so that only keys change anything."""

    def now_s(self) -> float:
        return 100.0

    async def sleep_until(self, moment_s: float) -> None:
        await SystemClock().sleep_until(0.0)


def shown(app: BenchApp) -> str:
    return str(app.query_one("#face", Static).render())


async def test_a_key_does_what_stands_beside_it_and_the_screen_says_what_comes() -> None:
    app = BenchApp(begin, Still())
    async with app.run_test(size=(80, 24)) as pilot:
        assert "MODE running" in shown(app)
        await pilot.press("minus")
        app.bench.advance(app.bench.now_s + 0.1)
        app.look()
        assert "MODE stopping" in shown(app)
        assert "the computer slept for 600.0 s" in shown(app)
        assert app.query_one("#face", Static).has_class("stops")
        assert "NEXT in " in shown(app)


async def test_space_is_stop_and_n_begins_anew() -> None:
    app = BenchApp(begin, Still())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space")
        app.bench.advance(app.bench.now_s + 0.1)
        assert app.bench.view().snapshot.mode is Mode.STOPPING
        await pilot.press("n")
        assert app.bench.view().snapshot.mode is Mode.RUN


@pytest.mark.parametrize("key", ["escape", "q", "ctrl+c"])
async def test_the_bench_is_left_by_the_usual_keys(key: str) -> None:
    app = BenchApp(begin, Still())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
    assert app.return_code == 0


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    os.close(ends[0])


def test_in_lines_a_script_sees_all_that_follows(pipe: tuple[int, int]) -> None:
    told: list[str] = []
    os.write(pipe[1], b"g\nstop\n")
    os.close(pipe[1])
    assert PlainBench(begin, Still(), told.append).run(pipe[0]) == 0
    assert "> stop is ignored" in told
    assert "> STOP" in told
    assert "MODE escalated   ACTION ALARM, PULL THE KEY" in "\n".join(told)
    assert any(line.startswith("    R5  ALARM") for line in told)


def test_in_lines_a_key_without_a_meaning_is_said_and_q_ends_it(pipe: tuple[int, int]) -> None:
    told: list[str] = []
    os.write(pipe[1], b"?\nq\na\n")
    os.close(pipe[1])
    assert PlainBench(begin, Still(), told.append).run(pipe[0]) == 0
    assert "> '?' does nothing here" in told
    assert "> reports cease" not in told
