"""The computer as a run sees it: locks, sleep, and a bus that refuses, falls silent or goes away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrotread.sessions.host import LOCKED, SilentHost, system_host
from retrotread.sessions.host.watched import Pace

if TYPE_CHECKING:
    from tests.sessions.host.conftest import Bus, FakeLogind, Watched

Watch = Callable[..., "Watched"]


def test_a_screen_that_is_locked_already_is_known_and_so_is_its_unlocking(logind: FakeLogind, watch: Watch) -> None:
    logind.session.locked = True
    one = watch()
    assert one.until(lambda host: host.unreachable() == {LOCKED})
    logind.locks(False)
    assert one.until(lambda host: host.unreachable() == frozenset())
    assert one.host.why is None


def test_a_lock_is_learned_from_the_property_and_from_the_signal(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    assert one.until(lambda host: host._logind is not None)
    logind.locks(True)
    assert one.until(lambda host: LOCKED in host.unreachable())
    logind.says(logind.session.Unlock)
    assert one.until(lambda host: LOCKED not in host.unreachable())
    logind.says(logind.session.Lock)
    assert one.until(lambda host: LOCKED in host.unreachable())


@pytest.mark.parametrize("what", ["PrepareForSleep", "PrepareForShutdown"])
def test_sleep_and_shutdown_are_known_until_they_are_over(logind: FakeLogind, watch: Watch, what: str) -> None:
    one = watch()
    assert one.until(lambda host: host._logind is not None)
    assert not one.host.sleeping()
    logind.says(getattr(logind.manager, what), True)
    assert one.until(lambda host: host.sleeping())
    logind.says(getattr(logind.manager, what), False)
    assert one.until(lambda host: not host.sleeping())


def test_while_armed_the_computer_is_kept_awake_and_no_longer(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    one.host.arm()
    assert logind.took(2)
    assert [(what, who, mode) for what, who, _, mode in logind.manager.taken] == [
        ("sleep:idle:handle-lid-switch", "Retrotread", "block"),
        ("sleep:shutdown", "Retrotread", "delay"),
    ]
    assert logind.held(0)
    assert logind.held(1)
    one.host.disarm()
    assert logind.released(0)
    assert logind.released(1)


def test_the_end_of_the_run_gives_every_lock_back(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    one.host.arm()
    assert logind.took(2)
    one.host.close()
    assert logind.released(0)
    assert logind.released(1)


def test_a_refused_lock_costs_a_sentence_and_nothing_else(logind: FakeLogind, watch: Watch) -> None:
    logind.manager.refuses = True
    one = watch()
    one.host.arm()
    assert one.until(lambda host: host.why is not None and "would not wait" in host.why)
    assert one.host.why is not None
    assert one.host.why.startswith("the computer may go to sleep while the belt moves: Inhibit: ")
    assert "AccessDenied" in one.host.why
    logind.locks(True)
    assert one.until(lambda host: LOCKED in host.unreachable())


def test_a_logind_that_never_answers_holds_up_nobody(logind: FakeLogind, watch: Watch) -> None:
    logind.manager.silent.set()
    one = watch(Pace(answer_s=0.2, retry_s=0.2))
    one.host.arm()
    assert one.until(lambda host: host.why is not None and "did not answer Inhibit within 0.2 s" in host.why)
    assert one.host.unreachable() == frozenset()


def test_a_bus_that_goes_away_is_said_and_what_was_known_is_not_claimed_any_more(
    bus: Bus, logind: FakeLogind, watch: Watch
) -> None:
    one = watch()
    logind.locks(True)
    assert one.until(lambda host: LOCKED in host.unreachable())
    bus.process.kill()
    assert one.until(lambda host: host.why is not None)
    assert one.host.unreachable() == frozenset()
    assert str(one.host.why).startswith("whether the screen is locked or the computer goes to sleep is not known: ")


def test_a_computer_without_a_bus_is_left_alone(tmp_path: Path, watch: Watch) -> None:
    from retrotread.sessions.host.watched import WatchedHost

    host = WatchedHost(f"unix:path={tmp_path / 'nothing'}")
    host.arm()
    host.close()
    assert host.wait(20.0)
    assert "the system bus cannot be reached" in str(host.why)
    assert not host.sleeping()


def test_another_system_is_silent_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    host = system_host()
    assert isinstance(host, SilentHost)
    assert host.why == "whether the screen is locked or the computer goes to sleep is not known on darwin"
