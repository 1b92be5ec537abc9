"""The voice with real child processes: small commands that tell what they were given and end when they are told to."""

from __future__ import annotations

import os
import queue
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrotread.sessions.voice import Speaker, Started, system_speaker
from retrotread.sessions.voice.child import Watched, start
from retrotread.sessions.voice.commands import SpeechCommand
from retrotread.sessions.voice.worker import CHARACTERS_AT_MOST, REAL_PACE, Pace, Worker

# Nothing here takes a tenth of it; it bounds how long a test that fails keeps others waiting.
SOON_S = 10.0

# Tells its arguments, then waits for the exit code that it is to end with. "hang" in the text: it keeps the pipe
# "life" open as long as it lives. "stubborn": it does not listen to a request to end.
SCRIPT = """#!/bin/sh
case "$*" in *stubborn*) trap '' TERM;; esac
case "$*" in *hang*) exec 3>"{folder}/life";; esac
printf '%s\\n' "$(printf '[%s]' "$@")" >"{folder}/told"
read -r code <"{folder}/gate"
exit "$code"
"""


class FakeCommand:
    """The speech command, seen from outside: what it was told, and when it ends."""

    def __init__(self, folder: Path, name: str = "espeak-ng") -> None:
        self.path = folder / name
        self.path.write_text(SCRIPT.format(folder=folder))
        self.path.chmod(0o755)
        for pipe in ("told", "gate", "life"):
            os.mkfifo(folder / pipe)
        # Open at both ends, so that opening holds up nobody; but "life" ends with the child.
        self._told = os.fdopen(os.open(folder / "told", os.O_RDWR), "rb", buffering=0)
        self._gate = os.open(folder / "gate", os.O_RDWR)
        self._life = os.open(folder / "life", os.O_RDONLY | os.O_NONBLOCK)

    @property
    def command(self) -> SpeechCommand:
        return SpeechCommand("espeak-ng", (str(self.path), "-v", "en"))

    def told(self) -> str:
        """The arguments of the child that began, without the options: ``[walk]``."""
        assert select.select([self._told], [], [], SOON_S)[0], "no child began"
        return self._told.readline().decode().strip().removeprefix("[-v][en][--]")

    def is_silent(self) -> bool:
        return not select.select([self._told], [], [], 0)[0]

    def end(self, exit_code: int = 0) -> None:
        os.write(self._gate, f"{exit_code}\n".encode())

    def has_died(self) -> bool:
        """Whether the child that hung, and all that it started, is gone (or soon will be)."""
        return bool(select.select([self._life], [], [], SOON_S)[0]) and os.read(self._life, 1) == b""

    def close(self) -> None:
        self._told.close()
        os.close(self._gate)
        os.close(self._life)


class Leaps:
    """Virtual time: a wait with a bound lasts until ``leap``, and from then on takes no time at all."""

    def __init__(self, leaping: bool = False) -> None:
        self.at_s = 100.0
        self.idle = threading.Event()
        """Set when the voice has nothing to do."""
        self._leaping = leaping
        self._changed: threading.Condition | None = None
        self.pace = Pace(lambda: self.at_s, self._wait)

    def leap(self) -> None:
        self._leaping = True
        assert self._changed is not None
        with self._changed:
            self._changed.notify_all()

    def _wait(self, changed: threading.Condition, seconds: float | None) -> None:
        self._changed = changed
        if seconds is None:
            self.idle.set()
        if seconds is None or not self._leaping:
            changed.wait(SOON_S)
        else:
            self.at_s += seconds


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeCommand]:
    command = FakeCommand(tmp_path)
    yield command
    command.close()


@contextmanager
def voice(
    command: SpeechCommand | None, bell: Callable[[], None] = lambda: None, pace: Pace = REAL_PACE
) -> Iterator[tuple[Worker, queue.Queue[Started]]]:
    """A voice and what it said has started; closed in the end."""
    begun: queue.Queue[Started] = queue.Queue()
    speaker = Worker(bell, command, pace)
    speaker.started = begun.put
    try:
        yield speaker, begun
    finally:
        speaker.close()


# --- words -------------------------------------------------------------------------------------------------


def test_a_text_is_an_argument_of_its_own_and_no_shell_reads_it(fake: FakeCommand) -> None:
    text = '-f $(id); `id` "it\'s" & 100 %'
    with voice(fake.command) as (speaker, _):
        speaker.say(text)
        assert fake.told() == f"[{text}]"


def test_a_command_that_reads_its_text_gets_it_and_its_end(tmp_path: Path) -> None:
    reader = tmp_path / "say"
    reader.write_text(f'#!/bin/sh\ncat >"{tmp_path}/heard"\n')
    reader.chmod(0o755)
    os.mkfifo(tmp_path / "heard")
    with voice(SpeechCommand("say", (str(reader),), by_stdin=True)) as (speaker, _):
        speaker.say("größer: turn now")
        assert (tmp_path / "heard").read_text("utf-8") == "größer: turn now"


def test_what_began_is_told_with_the_moment_that_was_planned_and_the_one_that_was(fake: FakeCommand) -> None:
    time = Leaps()
    with voice(fake.command, pace=time.pace) as (speaker, begun):
        speaker.say("3", urgent=True, planned_s=99.9)
        assert begun.get(timeout=SOON_S) == Started("3", 99.9, 100.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [("a\0b\nc", "a b c"), ("\udc80 up", "up"), ("x" * 100_000, "x" * CHARACTERS_AT_MOST)],
    ids=["control characters", "half a character", "too long"],
)
def test_a_text_that_no_command_takes_is_made_into_one(fake: FakeCommand, text: str, words: str) -> None:
    with voice(fake.command) as (speaker, _):
        speaker.say(text)
        assert fake.told() == f"[{words}]"


def test_nothing_is_spoken_for_an_empty_text(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, begun):
        speaker.say(" \n")
        speaker.say("walk")
        assert begun.get(timeout=SOON_S).text == "walk"


# --- who goes first ----------------------------------------------------------------------------------------


def test_an_urgent_text_ends_the_child_that_speaks_and_nothing_waits_behind_it(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, _):
        speaker.say("hang")
        assert fake.told() == "[hang]"
        speaker.say("run 60 s")
        speaker.say("stopping", urgent=True)
        assert fake.has_died()
        assert fake.told() == "[stopping]"
        fake.end()
        speaker.say("after it")
        assert fake.told() == "[after it]"


def test_a_child_that_does_not_listen_is_killed_for_an_urgent_text(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, _):
        speaker.say("hang, stubborn")
        fake.told()
        speaker.say("stopping", urgent=True)
        assert fake.has_died()
        assert fake.told() == "[stopping]"


def test_being_interrupted_is_no_failure(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, _):
        for count in ("3", "2", "1", "0"):
            speaker.say(count, urgent=True)
            assert fake.told() == f"[{count}]"
            assert speaker.ok


def test_of_two_urgent_texts_that_have_not_begun_the_newer_one_is_spoken(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, begun):
        go_on = threading.Event()

        def hold(_: Started) -> None:
            speaker.started = begun.put
            go_on.wait(SOON_S)

        speaker.started = hold
        speaker.say("first")
        assert fake.told() == "[first]"
        speaker.say("slower", urgent=True)
        speaker.say("stopping", urgent=True)
        go_on.set()
        assert begun.get(timeout=SOON_S).text == "stopping"


def test_two_texts_wait_and_a_newer_one_takes_the_place_of_the_oldest(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, _):
        speaker.say("spoken")
        assert fake.told() == "[spoken]"
        for text in ("one", "two", "three"):
            speaker.say(text)
        fake.end()
        assert fake.told() == "[two]"
        fake.end()
        assert fake.told() == "[three]"


def test_a_text_that_waited_more_than_4_s_is_left_out(fake: FakeCommand) -> None:
    time = Leaps()
    with voice(fake.command, pace=time.pace) as (speaker, _):
        speaker.say("spoken")
        fake.told()
        speaker.say("in 5 seconds: faster")
        time.at_s += 4.1
        speaker.say("now")
        fake.end()
        assert fake.told() == "[now]"


# --- what can fail -----------------------------------------------------------------------------------------


def test_two_failures_in_a_row_are_told_and_a_success_takes_them_back(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, _):
        heard: list[tuple[bool, str | None]] = []
        for exit_code in (3, 3, 0, 0):
            speaker.say("walk")
            fake.told()  # by now the one before it is judged
            heard.append((speaker.ok, speaker.why))
            fake.end(exit_code)
        speaker.say("walk")
        fake.told()
        assert [ok for ok, _ in heard] == [True, True, False, True]
        assert heard[2][1] == (
            "the voice failed 2 times in a row: espeak-ng ended with exit code 3; "
            "try it in another terminal, or set cues.speech to false and go by the bell"
        )
        assert (speaker.ok, speaker.why) == (True, None)


def test_failures_that_are_not_in_a_row_are_not_told(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, _):
        for exit_code in (3, 0, 3):
            speaker.say("walk")
            fake.told()
            fake.end(exit_code)
        speaker.say("walk")
        fake.told()
        assert speaker.ok


def test_a_command_that_cannot_be_started_is_a_failure_that_names_no_path(tmp_path: Path) -> None:
    rung = threading.Event()
    gone = SpeechCommand("espeak-ng", (str(tmp_path / "ada" / "espeak-ng"),))
    with voice(gone, rung.set, Leaps(leaping=True).pace) as (speaker, _):
        for expected in (True, False):
            speaker.say("walk", urgent=True)
            speaker.ring(1)  # comes behind the urgent text
            assert rung.wait(SOON_S)
            rung.clear()
            assert speaker.ok is expected
        assert speaker.why is not None
        assert "espeak-ng cannot be started (No such file or directory)" in speaker.why
        assert "ada" not in speaker.why


def test_a_child_that_lives_10_s_is_killed_and_has_failed(fake: FakeCommand) -> None:
    time, rung = Leaps(), threading.Event()
    with voice(fake.command, rung.set, time.pace) as (speaker, _):
        speaker.say("fail")
        fake.told()
        fake.end(1)
        speaker.say("hang, stubborn")
        fake.told()
        speaker.ring(1)  # rings when the text is done with
        time.leap()
        assert fake.has_died()
        assert rung.wait(SOON_S)
        assert speaker.why is not None
        assert "espeak-ng did not end within 10 s" in speaker.why
        assert time.at_s >= 110.0


def test_a_listener_that_fails_is_told_and_the_text_is_spoken_to_its_end(fake: FakeCommand) -> None:
    with voice(fake.command) as (speaker, begun):

        def fail(_: Started) -> None:
            speaker.started = begun.put
            raise RuntimeError("no room")

        speaker.started = fail
        speaker.say("first")
        speaker.say("second")
        assert fake.told() == "[first]"
        assert begun.empty()
        fake.end()
        assert fake.told() == "[second]"
        assert speaker.why == "the voice failed (RuntimeError: no room); end the program, start it anew"


def test_a_child_that_nobody_can_watch_is_ended(fake: FakeCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    process = start(fake.command.arguments("hang, stubborn"))
    fake.told()
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    with pytest.raises(OSError, match="no thread to watch it"):
        Watched(process, threading.Condition())
    assert fake.has_died()
    assert process.returncode is not None


# --- the bell ----------------------------------------------------------------------------------------------


def test_without_a_speech_command_each_urgent_text_rings_once() -> None:
    bells: list[int] = []
    with voice(None, lambda: bells.append(1)) as (speaker, begun):
        assert not speaker.can_speak
        assert speaker.ok
        speaker.say("faster", urgent=True, planned_s=1.0)
        speaker.say("3", urgent=True, planned_s=2.0)
        told = [begun.get(timeout=SOON_S) for _ in range(2)]
        assert [(one.text, one.planned_s) for one in told] == [("faster", 1.0), ("3", 2.0)]
        assert len(bells) == 2


def test_without_a_speech_command_texts_that_are_not_urgent_are_not_heard() -> None:
    time, rung = Leaps(leaping=True), threading.Semaphore(0)

    def bell() -> None:
        time.idle.clear()
        rung.release()

    with voice(None, bell, time.pace) as (speaker, begun):
        speaker.say("walk 60 s")
        speaker.ring(1)
        assert rung.acquire(timeout=SOON_S)
        assert time.idle.wait(SOON_S)
        assert not rung.acquire(blocking=False)
        assert begun.empty()


def test_bells_to_be_counted_ring_six_tenths_of_a_second_apart() -> None:
    time, rung = Leaps(leaping=True), queue.Queue[float]()
    with voice(None, lambda: rung.put(time.at_s), time.pace) as (speaker, _):
        speaker.ring(4)
        assert [rung.get(timeout=SOON_S) for _ in range(4)] == pytest.approx([100.0, 100.6, 101.2, 101.8])


def test_an_urgent_text_ends_the_counting() -> None:
    bells: list[int] = []

    def bell() -> None:
        bells.append(1)
        if len(bells) == 1:
            speaker.say("stopping", urgent=True)

    with voice(None, bell, Leaps(leaping=True).pace) as (speaker, begun):
        speaker.ring(5)
        begun.get(timeout=SOON_S)
        speaker.say("still", urgent=True)
        begun.get(timeout=SOON_S)
        assert len(bells) == 3


def test_a_bell_that_cannot_be_rung_is_told_until_it_can() -> None:
    broken = [True, False]

    def bell() -> None:
        if broken.pop(0):
            raise OSError("the terminal is gone")

    with voice(None, bell) as (speaker, begun):
        for expected in ("the bell could not be rung (OSError: the terminal is gone); do not go by sound", None):
            speaker.say("faster", urgent=True)
            begun.get(timeout=SOON_S)
            assert speaker.why == expected
            assert speaker.ok is (expected is None)


# --- the end -----------------------------------------------------------------------------------------------


def test_close_itself_kills_the_child_for_the_program_may_end_at_once(fake: FakeCommand) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: Started) -> None:
        begun.set()
        go_on.wait(3 * SOON_S)

    with voice(fake.command) as (speaker, _):
        speaker.started = hold
        speaker.say("hang, stubborn")
        fake.told()
        assert begun.wait(SOON_S)
        speaker.close()
        assert fake.has_died()
        go_on.set()


def test_close_silences_the_voice_and_ends_the_thread(fake: FakeCommand) -> None:
    before = set(threading.enumerate())
    with voice(fake.command) as (speaker, _):
        speaker.say("hang, stubborn")
        fake.told()
        speaker.say("behind it")
        speaker.close()
        assert fake.has_died()
        speaker.say("too late", urgent=True)
        speaker.ring(2)
        for thread in set(threading.enumerate()) - before:
            thread.join(SOON_S)
            assert not thread.is_alive()
        assert fake.is_silent()
        speaker.close()


# --- the voice of this computer ----------------------------------------------------------------------------

linux = pytest.mark.skipif(sys.platform != "linux", reason="the commands of Linux")


@linux
def test_the_command_on_the_path_speaks_in_the_language_that_was_asked_for(
    fake: FakeCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{fake.path.parent}{os.pathsep}{os.environ['PATH']}")
    speaker: Speaker = system_speaker(lambda: None, "de")
    try:
        assert speaker.can_speak
        speaker.say("schneller")
        assert fake.told() == "[-v][de][--][schneller]"
    finally:
        speaker.close()


@linux
def test_where_speech_is_switched_off_no_command_is_looked_for(
    fake: FakeCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{fake.path.parent}{os.pathsep}{os.environ['PATH']}")
    rung = threading.Event()
    speaker = system_speaker(rung.set, speech=False)
    try:
        assert not speaker.can_speak
        speaker.say("faster", urgent=True)
        assert rung.wait(SOON_S)
        assert fake.is_silent()
    finally:
        speaker.close()


def test_a_child_holds_no_descriptor_of_ours(fake: FakeCommand) -> None:
    """A pipe to the guardian that a child held would hide from it that this process has ended."""
    ours, other_end = os.pipe()
    os.set_inheritable(other_end, True)
    with voice(fake.command) as (speaker, _):
        speaker.say("walk")
        fake.told()
        os.close(other_end)
        assert select.select([ours], [], [], 0)[0], "the child holds the pipe"
    os.close(ours)
