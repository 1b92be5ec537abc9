"""The computer as a run sees it: locks, sleep, and a bus that refuses, falls silent or goes away."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dbus_fast import ErrorType, Message, Variant

from retrotread.sessions.host import LOCKED, SilentHost, system_host
from retrotread.sessions.host.logind import Listener, Logind
from retrotread.sessions.host.logind import connect as reach
from retrotread.sessions.host.watched import Pace, WatchedHost

if TYPE_CHECKING:
    from tests.sessions.host.conftest import Bus, FakeLogind, Watched

Watch = Callable[..., "Watched"]
MANAGER_PATH = "/org/freedesktop/login1"
SESSION_PATH = "/org/freedesktop/login1/session/_31"


def there(host: WatchedHost) -> bool:
    """Whether logind was reached."""
    return host._logind is not None


def holds_both(host: WatchedHost) -> bool:
    """Whether both locks have arrived."""
    return len(host._locks) == 2


def descriptors() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def refusal(asked: Message) -> Message:
    """What logind answers about a process that belongs to no session."""
    return Message.new_error(asked, ErrorType.INVALID_ARGS, "no such session")


def test_a_screen_that_is_locked_already_is_known_and_so_is_its_unlocking(logind: FakeLogind, watch: Watch) -> None:
    logind.session.locked = True
    one = watch()
    assert one.until(lambda host: host.unreachable() == {LOCKED})
    logind.locks(False)
    assert one.until(lambda host: host.unreachable() == frozenset())
    assert one.host.why is None


def test_a_lock_is_learned_from_the_property_and_from_the_signal(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    assert one.until(there)
    logind.locks(True)
    assert one.until(lambda host: LOCKED in host.unreachable())
    logind.says(logind.session.Unlock)
    assert one.until(lambda host: LOCKED not in host.unreachable())
    logind.says(logind.session.Lock)
    assert one.until(lambda host: LOCKED in host.unreachable())


@pytest.mark.parametrize("what", ["PrepareForSleep", "PrepareForShutdown"])
def test_sleep_and_shutdown_are_known_until_they_are_over(logind: FakeLogind, watch: Watch, what: str) -> None:
    one = watch()
    assert one.until(there)
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
    one = watch(address=f"unix:path={tmp_path / 'nothing'}")
    assert one.until(lambda host: "the system bus cannot be reached" in str(host.why))
    assert not one.host.sleeping()
    assert one.host.unreachable() == frozenset()


def test_another_system_is_silent_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    host = system_host()
    assert isinstance(host, SilentHost)
    assert host.why == "whether the screen is locked or the computer goes to sleep is not known on darwin"


def test_a_lock_that_was_only_asked_for_is_forgotten_at_a_new_start(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    assert one.until(there)
    logind.says(logind.session.Lock)
    assert one.until(lambda host: LOCKED in host.unreachable())
    one.host.arm()
    assert one.until(lambda host: LOCKED not in host.unreachable())


@pytest.mark.parametrize("value", [Variant("s", "yes"), Variant("u", 1), Variant("d", float("nan"))])
def test_a_property_of_another_type_is_said_and_not_believed(logind: FakeLogind, watch: Watch, value: Variant) -> None:
    logind.answers["Get"] = lambda asked: Message.new_method_return(asked, "v", [value])
    one = watch()
    assert one.until(lambda host: host.why is not None and "LockedHint" in host.why)
    assert one.host.why == f"logind says {value.value!r} for LockedHint, which is neither yes nor no"
    assert not one.host.sleeping()
    assert one.host.unreachable() == frozenset()
    del logind.answers["Get"]
    one.host.arm()
    assert one.until(lambda host: host.why is None)


def test_a_signal_of_another_shape_is_said_and_not_believed(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    assert one.until(there)
    logind.sends(MANAGER_PATH, "Manager.PrepareForSleep")
    assert one.until(lambda host: host.why == "logind says [] for PrepareForSleep, which is neither yes nor no")
    logind.sends(MANAGER_PATH, "Manager.PrepareForShutdown", "as", [["now"]])
    assert one.until(lambda host: "['now'] for PrepareForShutdown" in str(host.why))
    assert not one.host.sleeping()


def test_what_a_stranger_says_in_the_name_of_logind_is_not_believed(bus: Bus, logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    assert one.until(there)
    assert one.host._logind is not None
    us = one.host._logind._bus.unique_name
    stranger = type(logind)(bus.address)  # on the same bus, second in the queue for logind's name
    try:
        stranger.sends(SESSION_PATH, "Session.Lock", to=us)
        stranger.sends(MANAGER_PATH, "Manager.PrepareForSleep", "b", [True], to=us)
        stranger.leaves()  # an answer of the bus: both have been passed on
    finally:
        stranger.end()
    logind.sends(MANAGER_PATH, "Manager.PrepareForShutdown", "s", ["soon"], to=us)
    assert one.until(lambda host: host.why is not None)
    assert not one.host.sleeping()
    assert one.host.unreachable() == frozenset()


@pytest.mark.parametrize("named", ["7", None])
def test_a_process_outside_every_session_goes_by_its_environment_and_then_by_what_is_seen(
    logind: FakeLogind, watch: Watch, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    asked_for: list[object] = []

    def answer(asked: Message) -> Message:
        asked_for.extend(asked.body)
        return Message.new_method_return(asked, "o", [SESSION_PATH])

    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    if named is not None:
        monkeypatch.setenv("XDG_SESSION_ID", named)
    logind.answers.update(GetSessionByPID=refusal, GetSession=answer)
    logind.session.locked = True
    one = watch()
    assert one.until(lambda host: LOCKED in host.unreachable())
    assert asked_for == [named or "auto"]
    assert one.host.why is None


def test_a_program_without_a_session_says_so_and_still_hears_of_sleep(logind: FakeLogind, watch: Watch) -> None:
    logind.answers.update(GetSessionByPID=refusal, GetSession=refusal)
    one = watch()
    assert one.until(there)
    assert str(one.host.why).startswith(
        "whether the screen is locked is not known, because this program has no login session"
    )
    logind.says(logind.manager.PrepareForSleep, True)
    assert one.until(lambda host: host.sleeping())


def test_a_lock_that_comes_too_late_is_given_back_at_once(logind: FakeLogind, watch: Watch) -> None:
    logind.manager.silent.set()
    one = watch(Pace(answer_s=0.2, retry_s=0.2))
    one.host.arm()
    assert one.until(lambda host: "a sleep or shutdown would not wait" in str(host.why))
    logind.speaks()
    assert logind.took(2)
    assert logind.released(0)
    assert logind.released(1)


def test_a_lock_that_is_no_descriptor_is_said(logind: FakeLogind, watch: Watch) -> None:
    logind.answers["Inhibit"] = lambda asked: Message.new_method_return(asked, "s", ["granted"])
    one = watch()
    one.host.arm()
    assert one.until(lambda host: "would not wait" in str(host.why))
    assert "logind answered Inhibit with ['granted'] instead of one file descriptor" in str(one.host.why)


def test_a_sleep_that_was_announced_still_comes_when_the_bus_goes_first(
    bus: Bus, logind: FakeLogind, watch: Watch
) -> None:
    one = watch(Pace(answer_s=5.0, retry_s=1000.0))
    assert one.until(there)
    logind.says(logind.manager.PrepareForShutdown, True)
    assert one.until(lambda host: host.sleeping())
    bus.process.kill()
    assert one.until(lambda host: host.why is not None)
    assert one.host.sleeping()
    one.host.arm()  # a new start, and the bus is still gone: what it told is too old
    assert one.until(lambda host: not host.sleeping())


def test_a_lock_outlives_the_bus_and_is_taken_anew_from_the_next_one(
    tmp_path: Path, bus: Bus, logind: FakeLogind, watch: Watch
) -> None:
    one = watch(Pace(answer_s=5.0, retry_s=0.05))
    one.host.arm()
    assert one.until(holds_both)
    bus.end()
    assert one.until(lambda host: host.why is not None)
    assert logind.held(0)
    assert logind.held(1)
    next_bus = type(bus)(tmp_path)
    next_logind = type(logind)(next_bus.address)
    try:
        assert next_logind.took(2)
        assert one.until(lambda host: host.why is None)
        assert logind.released(0)
        assert logind.released(1)
        assert next_logind.held(0)
        one.host.disarm()
        assert next_logind.released(0)
        assert next_logind.released(1)
    finally:
        next_logind.end()
        next_bus.end()


def test_no_program_that_is_started_inherits_a_lock(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    one.host.arm()
    assert one.until(holds_both)
    assert [os.get_inheritable(descriptor) for descriptor in one.host._locks.values()] == [False, False]


def test_a_bus_without_logind_is_left_alone(bus: Bus, watch: Watch) -> None:
    one = watch()
    assert one.until(lambda host: "is not known: GetNameOwner: " in str(host.why))
    assert "NameHasNoOwner" in str(one.host.why)
    assert not one.host.sleeping()


def test_a_logind_that_ends_is_said(logind: FakeLogind, watch: Watch) -> None:
    one = watch(Pace(answer_s=5.0, retry_s=1000.0))
    assert one.until(there)
    logind.leaves()
    assert one.until(lambda host: str(host.why).endswith("is not known: logind has ended"))


def test_what_the_library_complains_of_is_not_written_on_the_screen() -> None:
    """In a fresh Python: here the test runner takes what is logged."""
    program = "import logging, retrotread.sessions.host.logind; logging.getLogger('dbus_fast.aio').error('a slip')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""


def test_a_descriptor_that_nobody_asked_for_is_closed(logind: FakeLogind, watch: Watch) -> None:
    one = watch()
    assert one.until(there)
    logind.hands_out()
    assert logind.released(0)
    assert one.host.why is None


def test_a_lock_that_was_refused_is_not_asked_for_again_by_the_same_arming(logind: FakeLogind, watch: Watch) -> None:
    logind.manager.refuses = True
    one = watch()
    one.host.arm()
    assert one.until(lambda host: "would not wait" in str(host.why))
    one.host.arm()
    logind.locks(True)  # there and back on the same way, behind whatever was asked
    assert one.until(lambda host: LOCKED in host.unreachable())
    logind.locks(False)
    assert one.until(lambda host: LOCKED not in host.unreachable())
    assert logind.manager.asked == 2


class SocketInPlaceOfABus:
    """Takes one connection and answers what it is asked with ``words``, or with nothing."""

    def __init__(self, path: Path, words: bytes) -> None:
        self.address = f"unix:path={path}"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.settimeout(20.0)
        self._listening.bind(str(path))
        self._listening.listen(1)
        self._thread = threading.Thread(target=self._talk, args=(words,))
        self._thread.start()

    def _talk(self, words: bytes) -> None:
        there, _ = self._listening.accept()
        with there:
            there.settimeout(20.0)
            while there.recv(4096):
                there.sendall(words)

    def end(self) -> None:
        self._thread.join(20.0)
        self._listening.close()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (b"", "the system bus did not answer within 0.2 s"),
        (b"\xff\xfe nonsense\r\n", "the system bus cannot be reached ("),
        (b"OK 0123456789abcdef0123456789abcdef\r\nAGREE_UNIX_FD\r\nnonsense" + bytes(64), "the system bus "),
    ],
)
def test_a_bus_that_hangs_or_talks_nonsense_costs_a_sentence(
    tmp_path: Path, watch: Watch, words: bytes, why: str
) -> None:
    server = SocketInPlaceOfABus(tmp_path / "other", words)
    one = watch(Pace(answer_s=0.2), server.address)
    assert one.until(lambda host: f"is not known: {why}" in str(host.why))
    assert one.host.unreachable() == frozenset()
    assert not one.host.sleeping()
    server.end()


def test_an_address_that_is_none_costs_a_sentence(watch: Watch) -> None:
    one = watch(address="nonsense")
    assert one.until(lambda host: "is not known: the system bus cannot be reached" in str(host.why))


def test_where_no_logind_was_a_new_start_tries_again_and_nothing_else_does(
    tmp_path: Path, bus: Bus, logind: FakeLogind, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str | None] = []
    patience_s: list[float | None] = []

    async def connect(address: str | None, listener: Listener, deadline_s: float) -> Logind:
        tries.append(address)
        return await reach(address, listener, deadline_s)

    async def wait(waits: Any, **how: Any) -> Any:
        if "return_when" in how:
            patience_s.append(how["timeout"])
        return await wait_for(waits, **how)

    wait_for = asyncio.wait
    monkeypatch.setattr("asyncio.wait", wait)
    monkeypatch.setattr("retrotread.sessions.host.logind.connect", connect)
    one = watch(Pace(answer_s=5.0, retry_s=0.0), f"unix:path={tmp_path / 'later'}")
    assert one.until(lambda host: host.why is not None)
    (tmp_path / "later").symlink_to(tmp_path / "bus")
    one.host.arm()
    assert logind.took(2)
    assert one.until(lambda host: host.why is None)
    assert len(tries) == 2
    assert patience_s[0] is None


def test_everything_is_given_back_at_the_end(bus: Bus, logind: FakeLogind) -> None:
    before = descriptors()
    for _ in range(3):
        host = WatchedHost(bus.address)
        host.arm()
        assert logind.took(2)
        host.close()
        assert host.wait(20.0)
    assert [logind.released(index) for index in range(6)] == [True] * 6
    assert descriptors() - before == 6, "the fake's own ends and nothing else"


def test_whatever_fails_while_watching_costs_a_sentence(
    logind: FakeLogind, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_logind: Logind) -> None:
        raise RuntimeError("a slip")

    logind.session.locked = True
    one = watch()
    assert one.until(lambda host: LOCKED in host.unreachable())
    monkeypatch.setattr(Logind, "read", fail)
    one.host.arm()
    assert one.until(lambda host: "because watching it failed (RuntimeError('a slip'))" in str(host.why))
    assert one.host.unreachable() == frozenset()
    one.host.disarm()


def test_without_the_library_the_computer_is_not_known(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "retrotread.sessions.host.logind", None)
    one = watch()
    assert one.until(lambda host: "because D-Bus cannot be used here" in str(host.why))
