"""``retrotread treadmills qualify``: try a machine out with nobody on its belt, in plain lines on a terminal.

While the belt moves the terminal gives every key at once and echoes none; any key is a stop, Ctrl+C and the end of the
input as well. In between it is an ordinary line conversation.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..machine import Facing
from ..sessions.folder import FolderError, hold_data_folder
from . import FOUND, MISUSED, NO_FOLDER
from .paragraphs import paragraph, tell

if TYPE_CHECKING:
    from ..devices.sheet import Sheet
    from ..sessions.qualify.live import LiveBench
    from ..sessions.qualify.verdict import Verdict

app = typer.Typer()

READ_BYTES = 1024
"""Whatever is typed in one go: one stop is as good as a thousand."""


Address = Annotated[str, typer.Argument(help="A remembered name, or an address as scan shows it.", metavar="ADDRESS")]


@app.command()
def qualify(
    address: Address,
    full: Annotated[bool, typer.Option("--full", help="Everything: about ten minutes instead of two.")] = False,
) -> None:
    """Try a treadmill out, with nobody on the belt.

    Says what it really does and what it then allows, and seals that for this one machine.
    """
    raise typer.Exit(_at_terminal(address, lambda folder, found: _qualify(folder, found, full)))


@app.command("key-test")
def key_test(
    address: Address,
    facing: Annotated[Facing, typer.Option(help="Which way the person on the belt will face.")] = Facing.REAR,
) -> None:
    """Test the safety key of the day, nobody on the belt.

    The belt runs, the key is pulled and put back.
    """
    raise typer.Exit(_at_terminal(address, lambda folder, found: _key_test(folder, found, facing)))


def _at_terminal(which: str, work: Callable[[Path, str], int]) -> int:
    """The work with the data folder held and the machine's address, on a terminal; its exit code."""
    from .machines import address_of

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("retrotread: a belt is tried out only from a terminal, where any key can stop it", file=sys.stderr)
        return MISUSED
    try:
        folder, lock = hold_data_folder()
    except FolderError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        return NO_FOLDER
    try:
        return _carried_out(folder, address_of(which), work)
    finally:
        lock.release()


def _carried_out(folder: Path, address: str, work: Callable[[Path, str], int]) -> int:
    """What ends the work from outside becomes a sentence; a family that is never driven is not even connected to."""
    from ..sessions.machines.lookup import look_up
    from ..sessions.qualify.live import NotConnected
    from ..sessions.selftest.record import locked
    from ..sessions.treadmills import is_real

    family = look_up(address, folder).family
    if family is not None and family.refusal is not None:  # nothing connects: some start by themselves when it does
        print(f"retrotread: {family.refusal}", file=sys.stderr)
        return FOUND
    if is_real(address) and (why := locked(folder)) is not None:
        print(f"retrotread: {why}", file=sys.stderr)
        return FOUND
    try:
        return work(folder, address)
    except NotConnected as error:
        print(f"retrotread: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nEnded by you; nothing is kept.")
    return FOUND


def _key_test(folder: Path, address: str, facing: Facing) -> int:
    from ..machine import BeltDirection
    from ..sessions.machines.lookup import sheet_for
    from ..sessions.qualify.bench import hold
    from ..sessions.qualify.conversation import key_conversation
    from ..sessions.qualify.key_test import KeySeen, forget_key_tests, record_key_test
    from ..sessions.qualify.live import LiveBench

    terminal = Terminal(sys.stdin.fileno())
    with LiveBench(folder, address, sheet_for(address, folder), terminal.keys) as bench:
        try:
            forget_key_tests(folder, address)  # before anything can fail: only a test that ends well is one of today
        except OSError as error:
            print(f"retrotread: {folder} cannot be written ({error.strerror}); make room for it", file=sys.stderr)
            return FOUND
        seen = hold(key_conversation(bench.machine, facing, _digits()), bench, terminal)
    if not isinstance(seen, KeySeen):
        tell([f"The key is not tested: {seen}."])
        return FOUND
    try:
        record_key_test(folder, address, facing, BeltDirection.FORWARD, seen)
    except OSError as error:
        print(f"retrotread: {folder} cannot be written ({error.strerror}); make room for it", file=sys.stderr)
        return FOUND
    tell([f"The key works: {seen.value}. It counts for today, facing the {facing.value}."])
    return 0


def _qualify(folder: Path, address: str, full: bool) -> int:
    """The whole conversation; its exit code."""
    from ..machine import Qualification
    from ..sessions.qualify.bench import hold
    from ..sessions.qualify.conversation import conversation

    level = Qualification.FULL if full else Qualification.QUICK
    terminal = Terminal(sys.stdin.fileno())
    card = _card(folder, address)
    with _bench(folder, address, terminal) as bench:
        if bench.remark is not None:
            tell([f"Note: {bench.remark}."])
        verdict = hold(conversation(bench.machine, level, card, _digits()), bench, terminal)
        simulated = bench.machine.profile.simulated
    return _end(folder, address, verdict, simulated)


def _bench(folder: Path, address: str, terminal: Terminal) -> LiveBench:
    """The machine, reached with what is known of its family. A family that only a connection tells is reached anew."""
    from ..sessions.machines.families import family_for
    from ..sessions.machines.lookup import sheet_for
    from ..sessions.qualify.live import LiveBench, NotConnected

    print(f"Connecting to {address} ...")
    sheet = sheet_for(address, folder)
    bench = LiveBench(folder, address, None if sheet is None else _untried(sheet), terminal.keys)
    family = family_for(bench.machine.identity)
    if family is not None and family.refusal is not None:
        bench.close()
        raise NotConnected(family.refusal)
    if sheet is not None or family is None or bench.machine.profile.simulated:
        return bench
    bench.close()
    print(f"It belongs to the family {family.title}; connecting anew ...")
    return LiveBench(folder, address, _untried(family.sheet), terminal.keys)


def _untried(sheet: Sheet) -> Sheet:
    """The sheet as of a machine that nobody has tried out: what an earlier qualification allowed is found out anew."""
    from ..machine import Qualification

    profile = replace(
        sheet.profile,
        qualification=Qualification.NONE,
        stop_repeat_ok=False,
        set_never_starts=False,
        reverses=False,
    )
    return replace(sheet, profile=profile, sealed_for=None)


def _end(folder: Path, address: str, verdict: Verdict, simulated: bool) -> int:
    """What came of it: the reasons, or the sealed sheet and the card once more."""
    tell(f"Note: {remark}." for remark in verdict.remarks)
    if verdict.sheet is None:
        tell(["Not qualified:", *(f"  {refusal}" for refusal in verdict.refusals)])
        if verdict.void and not simulated:
            _void(folder, address, verdict)
        return FOUND
    tell(f"Only the quick qualification: {missing}." for missing in verdict.missing)
    if simulated:
        tell(["A simulated treadmill carries its own profile: this was an exercise, and nothing is kept. It measured:"])
        tell(_figures(verdict))
        return 0
    return _sealed(folder, address, verdict)


def _void(folder: Path, address: str, verdict: Verdict) -> None:
    """A danger was seen: what an earlier qualification allowed counts no more."""
    from ..clock import wall_now
    from ..sessions.machines.lookup import look_up
    from ..sessions.machines.sealed import REFUSAL, Finding, Findings, SealError, seal

    before = look_up(address, folder).sealed
    if before is None:
        return
    why = tuple(Finding(REFUSAL, one) for one in verdict.refusals)
    sheet = replace(_untried(before.sheet), sealed_for=before.sheet.sealed_for)
    try:
        seal(sheet, Findings(wall_now().astimezone().isoformat(timespec="seconds"), why), folder)
    except SealError as error:
        print(
            f"retrotread: {error}; until then the earlier qualification still stands, so do not use this machine, and "
            "try it out once more",
            file=sys.stderr,
        )
        return
    tell(["What an earlier qualification allowed counts no more: it is only read until it is qualified again."])


def _sealed(folder: Path, address: str, verdict: Verdict) -> int:
    from ..clock import wall_now
    from ..sessions.machines.known import TreadmillsError, met
    from ..sessions.machines.sealed import Finding, Findings, SealError, seal

    assert verdict.sheet is not None, "only a machine that was tried out is sealed"
    steps = (("figure", _figures(verdict)), ("remark", verdict.remarks), ("missing", verdict.missing))
    found = tuple(Finding(step, line) for step, lines in steps for line in lines)
    try:
        path = seal(verdict.sheet, Findings(wall_now().astimezone().isoformat(timespec="seconds"), found), folder)
        if verdict.sheet.sealed_for is not None:
            met(address, verdict.sheet.sealed_for, folder)
    except (SealError, TreadmillsError) as error:
        print(f"retrotread: {error}", file=sys.stderr)
        return FOUND
    print(f"Qualified ({verdict.sheet.profile.qualification.name.lower()}); sealed in {path}", "")
    tell(_card(folder, address))
    return 0


def _figures(verdict: Verdict) -> list[str]:
    assert verdict.sheet is not None, "only a machine that was tried out has figures"
    from ..sessions.qualify.figures import figures

    return figures(verdict.sheet)


def _card(folder: Path, address: str) -> tuple[str, ...]:
    from ..sessions.machines.card import card, card_lines

    return tuple(card_lines(card(address, folder)))


def _digits() -> Iterator[int]:
    """Digits that no habit types."""
    while True:
        yield secrets.randbelow(9) + 1


class Terminal:
    """The person at the terminal: lines in between, and any key while the belt moves."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def tell(self, text: str) -> None:
        """As of ``bench.Voice``."""
        tell([text])

    def ask(self, key: str, text: str) -> str | None:  # noqa: ARG002  the terminal needs no name for a question
        """As of ``bench.Voice``; the end of the input is no answer."""
        try:
            return input(f"{paragraph(text)} ")
        except EOFError:
            return None

    @contextlib.contextmanager
    def keys(self) -> Iterator[Callable[[], bool]]:
        """As of ``live.Keys``."""
        with keys_at_once(self._descriptor):
            yield self._pressed

    def _pressed(self) -> bool:
        """A terminal that is gone counts as a key: nobody can stop the belt from it any more."""
        ready, _, _ = select.select([self._descriptor], [], [], 0)
        with contextlib.suppress(OSError):
            return bool(ready) and os.read(self._descriptor, READ_BYTES) is not None
        return True


@contextlib.contextmanager
def keys_at_once(descriptor: int) -> Iterator[None]:
    """Every key as it is pressed, the ones that would end or freeze the program as well."""
    import termios

    before = termios.tcgetattr(descriptor)
    now = [*before]
    now[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG)
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, now)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
