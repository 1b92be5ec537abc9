"""Main asks to listen: what is heard is told once, the end is always told, and nothing on the air floods the pipe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from retrotread.clock import SystemClock
from retrotread.devices.advert import Advert, Kind
from retrotread.devices.gatt.link import GattError
from retrotread.guardian.messages import PROTOCOL, Found, Scan, ScanEnded
from retrotread.guardian.process import GuardianProcess
from retrotread.guardian.scanning import ADVERTISERS_MAX, TELLINGS_MAX, scanned

BELT = Advert("AA:01", "Belt", Kind.TREADMILL, -60)

Heard = Callable[[Advert], None]


class Air:
    """What the radio hears, and how its search ends; the module of the real one stands aside."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.adverts: list[Advert] = [BELT]
        self.error: Exception | None = None
        self.hangs = False
        self.asked: list[tuple[float, str]] = []
        module = ModuleType("retrotread.devices.gatt.scan")
        module.scan = self._scan  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "retrotread.devices.gatt.scan", module)

    async def _scan(self, seconds: float, _clock: object, heard: Heard, via: str = "") -> None:
        self.asked.append((seconds, via))
        for advert in self.adverts:
            heard(advert)
        if self.hangs:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error


class Ahead(SystemClock):
    """A clock on which everybody has waited long enough."""

    async def sleep_until(self, moment_s: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> Air:
    return Air(monkeypatch)


def ask(
    seconds: float = 5.0, protocol: int = PROTOCOL, clock: SystemClock | None = None
) -> tuple[list[Found], str | None]:
    """What a scan told, and its problem."""
    told: list[Found] = []
    ended = asyncio.run(scanned(Scan(protocol, seconds, "usb:0"), clock or SystemClock(), told.append))
    return told, ended.problem


def test_what_is_heard_is_told_and_the_end_as_well(air: Air) -> None:
    assert ask() == ([Found(BELT)], None)
    assert air.asked == [(5.0, "usb:0")]


def test_an_advertiser_is_told_once_and_again_when_its_words_change(air: Air) -> None:
    louder, named = Advert("AA:01", "Belt", Kind.TREADMILL, -40), Advert("AA:01", "Belt 3000", Kind.TREADMILL, -40)
    air.adverts = [BELT, louder, louder, named, named]
    assert ask()[0] == [Found(BELT), Found(named)]


def test_an_advertiser_that_changes_its_name_for_ever_is_told_a_few_times(air: Air) -> None:
    air.adverts = [Advert("AA:01", f"Belt {number}", Kind.TREADMILL) for number in range(1000)]
    assert len(ask()[0]) == TELLINGS_MAX


def test_a_thousand_advertisers_do_not_crowd_the_pipe(air: Air) -> None:
    air.adverts = [Advert(f"AA:{number}", "Belt", Kind.TREADMILL) for number in range(1000)]
    assert len(ask()[0]) == ADVERTISERS_MAX


def test_a_name_without_end_is_not_told(air: Air) -> None:
    air.adverts = [Advert("AA:01", "B" * 249, Kind.TREADMILL), BELT]
    assert ask()[0] == [Found(BELT)]


def test_a_radio_that_is_not_there_is_told_in_its_own_sentence(air: Air) -> None:
    air.error = GattError("Bluetooth is switched off; switch it on")
    assert ask()[1] == "Bluetooth is switched off; switch it on"


def test_a_search_that_fails_for_no_reason_of_its_own_names_the_doctor(air: Air) -> None:
    air.error = RuntimeError("planted")
    problem = ask()[1]
    assert problem == "the search failed (RuntimeError: planted); run 'retrotread doctor'"


def test_a_radio_that_does_not_answer_is_given_up(air: Air) -> None:
    air.hangs = True
    problem = ask(clock=Ahead())[1]
    assert problem is not None
    assert "did not answer in time" in problem


@pytest.mark.parametrize("seconds", [0.0, -1.0, 121.0, float("nan"), float("inf")])
def test_a_search_without_an_end_or_a_beginning_is_refused(air: Air, seconds: float) -> None:
    problem = ask(seconds)[1]
    assert problem is not None
    assert "ask for up to 120 s" in problem
    assert not air.asked


def test_a_main_of_another_protocol_is_refused(air: Air) -> None:
    problem = ask(protocol=PROTOCOL + 1)[1]
    assert problem is not None
    assert "reinstall" in problem


async def test_the_guardian_searches_while_it_holds_no_treadmill_and_one_search_at_a_time(
    air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Any] = []
    guardian = GuardianProcess(SystemClock(), -1, -1, None)
    monkeypatch.setattr(guardian, "_tell", said.append)
    air.hangs = True
    guardian._message(Scan(PROTOCOL, 5.0))
    guardian._message(Scan(PROTOCOL, 5.0))
    for _ in range(10):
        await asyncio.sleep(0)
    busy = ScanEnded("the guardian holds a treadmill or searches already: end that first")
    assert said == [busy, Found(BELT)]
    for task in guardian._tasks:
        task.cancel()
    await asyncio.sleep(0)
    guardian._connecting, air.hangs = True, False
    guardian._message(Scan(PROTOCOL, 5.0))
    await asyncio.sleep(0)
    assert said[2:] == [busy]
