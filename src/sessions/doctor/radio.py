"""The radio, tried in a child process: a radio stack that hangs or aborts takes nothing with it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ..folder import FolderError, FolderLock, folder_path
from .finding import Entry, Finding, Mend, everywhere, ok, problem
from .probe import Probe

DEADLINE_S = 10.0
"""A sound stack answers within a second; a cold start of bluetoothd or of the radio on a Mac takes a few."""

SAID_MAX = 2000
"""Characters that are read of the child: an answer is one line."""


class RadioState(Enum):
    """What came of starting a scan and ending it at once. The words are those of the child."""

    WORKS = "works"
    NO_LIBRARY = "no-library"
    NO_BLUETOOTH = "no-bluetooth"
    NO_CENTRAL = "no-central"
    OFF = "off"
    DENIED_BY_USER = "denied-by-user"
    DENIED_BY_SYSTEM = "denied-by-system"
    DENIED = "denied"
    FAILED = "failed"
    HUNG = "hung"
    CRASHED = "crashed"
    IN_USE = "in-use"


WITHOUT = "Simulated and coached sessions work without a radio."

_OFF = Mend(
    "Switch Bluetooth on: bluetoothctl power on (and rfkill unblock bluetooth, if that is refused).",
    "Switch Bluetooth on in System Settings > Bluetooth.",
    "Switch Bluetooth on in Settings > Bluetooth & devices; look for a flight mode, too.",
)
_DENIED = Mend(
    "Your user may not talk to bluetoothd over D-Bus; see the finding bluez-denied. In a container or a sandbox, "
    "share the system bus (/run/dbus) with it.",
    "Open System Settings > Privacy & Security > Bluetooth, switch your terminal program on there, and start it anew. "
    "Over ssh no program gets this permission: use the Mac's own terminal.",
    "Open Settings > Privacy & security > Radios (and Bluetooth, where it is listed), and let desktop apps use them.",
)
_REPORT = everywhere("Try once more after switching Bluetooth off and on; if it stays so, report it with this output.")

ENTRIES_BY_STATE: dict[RadioState, Entry] = {
    RadioState.WORKS: ok("radio-works", "the radio began a scan and ended it"),
    RadioState.IN_USE: ok(
        "radio-in-use", "another Retrotread is running: the radio was left alone, because a search disturbs its links"
    ),
    RadioState.NO_LIBRARY: problem(
        "radio-no-library",
        "the Bluetooth library cannot be loaded: {detail}",
        everywhere("Install Retrotread anew into its environment: make clean and make run."),
    ),
    RadioState.NO_BLUETOOTH: problem(
        "radio-none",
        f"there is no Bluetooth radio that programs can use: {{detail}}. {WITHOUT}",
        Mend(
            "Plug in a Bluetooth adapter that speaks Low Energy (4.0 or newer), install bluez and start it: "
            "sudo systemctl enable --now bluetooth. The findings adapter-... and bus-... say which of them is missing.",
            "This Mac shows no Bluetooth; restart it. A virtual Mac has none.",
            "Plug in a Bluetooth adapter that speaks Low Energy (4.0 or newer) and look at the Device Manager.",
        ),
    ),
    RadioState.NO_CENTRAL: problem(
        "radio-classic-only",
        f"the Bluetooth adapter cannot reach Low Energy devices: {{detail}}. {WITHOUT}",
        everywhere("Plug in an adapter that speaks Low Energy (4.0 or newer)."),
    ),
    RadioState.OFF: problem("radio-off", f"the radio is switched off: {{detail}}. {WITHOUT}", _OFF),
    RadioState.DENIED_BY_USER: problem(
        "radio-denied-by-user", "somebody once answered that this program may not use Bluetooth: {detail}", _DENIED
    ),
    RadioState.DENIED_BY_SYSTEM: problem(
        "radio-denied-by-system", "the system does not let this program use Bluetooth: {detail}", _DENIED
    ),
    RadioState.DENIED: problem("radio-denied", "this program may not use Bluetooth: {detail}", _DENIED),
    RadioState.FAILED: problem(
        "radio-failed",
        "the radio began no scan: {detail}",
        Mend(
            "Start Bluetooth anew: sudo systemctl restart bluetooth; read journalctl -u bluetooth. Where there is no "
            "system bus, see the findings bus-....",
            "Switch Bluetooth off and on in System Settings; if it stays so, restart the Mac.",
            "Switch Bluetooth off and on in Settings; if it stays so, restart the computer.",
        ),
    ),
    RadioState.HUNG: problem(
        "radio-hangs",
        "the radio did not answer within {detail}",
        Mend(
            "Start Bluetooth anew: sudo systemctl restart bluetooth; if it hangs again, unplug the adapter or restart.",
            "A question may be waiting behind a window: may the terminal use Bluetooth? Else switch Bluetooth off "
            "and on.",
            "Switch Bluetooth off and on in Settings; if it hangs again, restart the computer.",
        ),
    ),
    RadioState.CRASHED: problem(
        "radio-crashes",
        "the process that tried the radio ended by itself: {detail}",
        Mend(
            _REPORT.linux,
            "macOS ends programs that may not use Bluetooth: start Retrotread from Terminal or iTerm, allow it in "
            "System Settings > Privacy & Security > Bluetooth, and start it anew.",
            _REPORT.windows,
        ),
    ),
}
ENTRIES = tuple(ENTRIES_BY_STATE.values())


@dataclass(frozen=True, slots=True)
class RadioFacts:
    """What came of the try; ``detail``: the words of the library, or the deadline, or how the child ended."""

    state: RadioState
    detail: str = ""


def judge(facts: RadioFacts) -> tuple[Finding, ...]:
    """One finding for each way that the try can end."""
    return (ENTRIES_BY_STATE[facts.state].found(detail=facts.detail or "no reason was given"),)


def tried(arguments: tuple[str, ...], deadline_s: float) -> RadioFacts:
    """What the child said, or how it ended; the child is killed at its deadline and never outlives it."""
    try:
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline_s, check=False)
    except subprocess.TimeoutExpired:
        return RadioFacts(RadioState.HUNG, f"{deadline_s:g} s")
    return answer(done.stdout[:SAID_MAX].decode(errors="replace"), done.returncode)


def answer(said: str, code: int) -> RadioFacts:
    """From what the child printed and its exit code. Total: a child may say anything."""
    words = said.strip().splitlines()
    state, _, detail = (words[-1] if words else "").partition(" ")
    if code != 0 or state not in {one.value for one in RadioState}:
        how = f"signal {-code}" if code < 0 else f"exit code {code}, and it said {said.strip()[:100]!r}"
        return RadioFacts(RadioState.CRASHED, how)
    return RadioFacts(RadioState(state), detail[:300])


def collect() -> RadioFacts:
    """Try the radio of this computer in a child process, unless a session may be using it."""
    return collected((sys.executable, "-m", _CHILD), folder_path())


def collected(child: tuple[str, ...], folder: Path) -> RadioFacts:
    """Try with ``child`` while the data folder is held, so that no session begins meanwhile either."""
    try:
        lock: FolderLock | None = FolderLock(folder)
    except FolderError as error:
        if isinstance(error.__cause__, BlockingIOError):
            return RadioFacts(RadioState.IN_USE)
        lock = None  # no session runs in a folder that is not there; the finding disk-unusable tells of another
    try:
        return tried(child, DEADLINE_S)
    finally:
        if lock is not None:
            lock.release()


_CHILD = f"{__name__.partition('.')[0]}.devices.gatt.radio_try"

PROBE = Probe("radio", collect, judge, ENTRIES)
