"""``make process-faults``: what kills, freezes, blocks or deafens a process of a running session, and how soon a stop
then comes out at the far end of the wire.

    python -m tests.process.faults [TRIALS] [NAME...]

Real main processes (with the real screen where the fault is the screen's), real guardians and standbys, and a simulated
Trackmaster at the far end of a pseudo-terminal for each. A trial counts from the fault to the first stop. Where no stop
may come by itself (a full disk brakes no belt) it counts from a stop that a person asks for while the fault lasts. A
belt that was stopped before its fault, because this computer was too busy to keep a lease, is begun anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.process.far_end import FarEnd, FarEnds

from retrotread.devices.trackmaster.simulated import Setup, TrackmasterMachine
from retrotread.machine import SpeedUnit

HERE = Path(__file__).parent
STOP = b"\xa2"
# Belts of one main process, and main processes side by side: what two processors carry without a lapsed lease.
BELTS = 5
SIDE_BY_SIDE = 3
STARTS_WITHIN_S = 90.0
STOPS_WITHIN_S = 30.0
# A belt runs, and is heard, for this long before anything befalls it; a fault that stops nothing lasts as long.
RUNS_S = 1.0
ROUNDS_MAX = 6
# What a Trackmaster takes for a question; anything else beside a stop would be power over its belt.
QUESTIONS = bytes(range(0xC0, 0xD0))
# Not UTF-8, a report of the old kind from far to the right (it ends Textual 8.2.8), and one without numbers.
MALFORMED = b"\xff\xfe\x80\xc3\x1b[M \xf7\x80\x1b[<32;NaN;NaNM"


def machine(now_s: float) -> TrackmasterMachine:
    """A belt whose lowest speed is 0.8 km/h."""
    return TrackmasterMachine(Setup(unit=SpeedUnit.KPH, speed_min_tenths=8), now_s)


@dataclass(slots=True)
class Trial:
    """One belt: its far end, the processes that guard it, the moment of its fault."""

    end: FarEnd
    guardian: int
    standby: int
    fault_s: float | None = None

    @property
    def stopped(self) -> bool:
        return bool(self.end.stops_s)

    @property
    def after_s(self) -> float | None:
        """From the fault to the first stop."""
        return None if self.fault_s is None or not self.end.stops_s else self.end.stops_s[0] - self.fault_s


class Mains:
    """One main process with its belts, and what can be done to it."""

    def __init__(self, fault: Fault, ends: FarEnds, folder: Path) -> None:
        self.folder, self._ends = folder, ends
        self.opened = [ends.open(machine, STOP) for _ in range(BELTS)]
        self._turns = folder / "turns"
        self.planted = folder / "planted"
        self.planted.mkdir()
        self._words, self._reads = "", -1
        self.trials: list[Trial] = []
        self.terminal = -1
        self._stalled = threading.Event()
        self._begin(fault)

    def _begin(self, fault: Fault) -> None:
        self._reads, says = os.pipe()
        hears, self._orders = os.pipe()
        options = ["yes" if fault.screen else "no", "yes" if fault.standby else "no"]
        words = [sys.executable, str(HERE / "child.py"), str(says), str(hears), str(self._turns), *options]
        command = [*words, str(self.folder / "belts"), *(one.port for one in self.opened)]
        (self.folder / "belts").mkdir()
        path = os.pathsep.join([str(HERE / "planted"), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = os.environ | {"RETROTREAD_PLANTED": str(self.planted), "PYTHONPATH": path, "TERM": "xterm"}
        with (self.folder / "said").open("wb") as said:
            if fault.screen:
                self.process = self._on_a_terminal(command, environment, (says, hears))
            else:
                self.process = subprocess.Popen(
                    command, env=environment, pass_fds=(says, hears), stdin=subprocess.DEVNULL,
                    stdout=said, stderr=said, start_new_session=True,
                )  # fmt: skip
        os.close(says)
        os.close(hears)

    def _on_a_terminal(
        self, command: list[str], environment: dict[str, str], ends: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        self.terminal, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        starter = (
            "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
            "os.execv(sys.argv[1], sys.argv[1:])"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", starter, *command],
            env=environment, pass_fds=ends, stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        self._reader = threading.Thread(target=self._read_terminal, daemon=True)
        self._reader.start()
        return process

    def _read_terminal(self) -> None:
        terminal = self.terminal
        with contextlib.suppress(OSError):
            while not self._stalled.is_set():
                ready, _, _ = select.select([terminal], [], [], 0.1)
                if ready and not os.read(terminal, 65536):
                    return

    def running(self) -> list[Trial]:
        """The belts that move, once all have begun or have failed to."""
        due_s, heard = time.monotonic() + STARTS_WITHIN_S, ""
        while heard.count("\n") < BELTS and time.monotonic() < due_s:
            ready, _, _ = select.select([self._reads], [], [], max(0.0, due_s - time.monotonic()))
            data = os.read(self._reads, 65536) if ready else b""
            if not data:
                break
            heard += data.decode(errors="replace")
        rows = [line.split() for line in heard.splitlines()]
        self.trials = [Trial(self.opened[int(row[1])], int(row[2]), int(row[3])) for row in rows if row[0] == "running"]
        time.sleep(RUNS_S)
        self.why = [line for line in heard.splitlines() if line.startswith("over")]
        return [one for one in self.trials if not one.stopped]

    def order(self, what: str) -> None:
        os.write(self._orders, f"{what}\n".encode())

    def last_turn_s(self) -> float:
        """When the screen last had a turn."""
        moment: float = struct.unpack("d", self._turns.read_bytes())[0]
        return moment

    def deafen(self) -> None:
        """Nobody reads the terminal any more."""
        self._stalled.set()
        self._reader.join()

    def stall(self) -> None:
        """Nobody reads the terminal, and it grows and shrinks, so that there is much to read."""
        self.deafen()
        due_s = time.monotonic() + STOPS_WITHIN_S
        size = 0
        while time.monotonic() < due_s and not all(one.stopped for one in self.trials):
            size += 1
            fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24 + size % 2 * 20, 80, 0, 0))
            time.sleep(0.05)

    def end(self) -> None:
        """No process of it is left."""
        for pid in [self.process.pid, *(pid for one in self.trials for pid in (one.guardian, one.standby) if pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        for descriptor in (self._reads, self._orders, self.terminal):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        for one in self.opened:
            self._ends.close(one)


# --- the faults ---------------------------------------------------------------------------------------------


def _to_main(number: int) -> Callable[[Mains, list[Trial]], None]:
    def inject(mains: Mains, trials: list[Trial]) -> None:
        _now(trials)
        os.kill(mains.process.pid, number)

    return inject


def _now(trials: list[Trial]) -> None:
    for one in trials:
        one.fault_s = time.monotonic()


def _close_terminal(mains: Mains, trials: list[Trial]) -> None:
    mains.deafen()
    terminal, mains.terminal = mains.terminal, os.open(os.devnull, os.O_RDWR)
    _now(trials)
    os.close(terminal)


def _block_session(mains: Mains, trials: list[Trial]) -> None:
    _now(trials)
    mains.order("block session")


def _block_screen(mains: Mains, trials: list[Trial]) -> None:
    mains.order("block screen")
    _wait_for(trials)
    _since_the_last_turn(mains, trials)


def _stall_terminal(mains: Mains, trials: list[Trial]) -> None:
    mains.stall()
    _since_the_last_turn(mains, trials)


def _since_the_last_turn(mains: Mains, trials: list[Trial]) -> None:
    for one in trials:
        one.fault_s = mains.last_turn_s()


def _mouse(mains: Mains, trials: list[Trial]) -> None:
    """The screen lives on, and the stop key after it is one: as long as the run on the screen is one that runs."""
    os.write(mains.terminal, MALFORMED)
    _nothing_stops(trials)
    if mains.opened[0] not in [one.end for one in trials]:
        trials.clear()
    _now(trials)
    os.write(mains.terminal, b" ")


def _fill_disk(mains: Mains, trials: list[Trial]) -> None:
    for pid in [mains.process.pid, *(one.guardian for one in trials)]:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    (mains.planted / "full").touch()
    _stop_key(mains, trials)


def _slow_fsync(mains: Mains, trials: list[Trial]) -> None:
    (mains.planted / "slow").touch()
    _stop_key(mains, trials)


def _stop_key(mains: Mains, trials: list[Trial]) -> None:
    """The fault stops nothing; a person does, while it lasts."""
    _nothing_stops(trials)
    _now(trials)
    mains.order("stop")


def _nothing_stops(trials: list[Trial]) -> None:
    """The fault has had its time; a belt that was stopped in it is no trial, and without trials the fault fails."""
    time.sleep(RUNS_S)
    trials[:] = [one for one in trials if not one.stopped]


def _sleep(mains: Mains, trials: list[Trial]) -> None:
    _now(trials)
    (mains.planted / "slept").touch()


def _kill_guardians(_mains: Mains, trials: list[Trial]) -> None:
    for one in trials:
        one.fault_s = time.monotonic()
        os.kill(one.guardian, signal.SIGKILL)


def _freeze_guardians(_mains: Mains, trials: list[Trial]) -> None:
    for one in trials:
        one.fault_s = time.monotonic()
        os.kill(one.guardian, signal.SIGSTOP)


def _kill_both(mains: Mains, trials: list[Trial]) -> None:
    os.kill(mains.process.pid, signal.SIGKILL)
    _kill_guardians(mains, trials)


def _wait_for(trials: list[Trial]) -> None:
    due_s = time.monotonic() + STOPS_WITHIN_S
    while not all(one.stopped for one in trials) and time.monotonic() < due_s:
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls it; how soon a stop is aimed for, and the bound that holds on a busy computer, both in seconds."""

    name: str
    inject: Callable[[Mains, list[Trial]], None]
    aim_s: float
    bound_s: float
    screen: bool = False
    standby: bool = False


FAULTS = (
    Fault("kill -9 of main", _to_main(signal.SIGKILL), 0.05, 0.3),
    Fault("SIGHUP to main", _to_main(signal.SIGHUP), 0.05, 0.3, screen=True),
    Fault("closed terminal", _close_terminal, 0.05, 0.3, screen=True),
    # The lease of 0.6 s, and a tick of the guardian's to notice.
    Fault("SIGSTOP to main", _to_main(signal.SIGSTOP), 0.7, 1.0),
    Fault("blocked session thread", _block_session, 0.7, 1.0),
    # The screen counts as dead after five seconds without a turn; a beat and a tick tell.
    Fault("blocked screen", _block_screen, 5.3, 5.6, screen=True),
    Fault("terminal that nobody reads", _stall_terminal, 5.3, 5.6, screen=True),
    Fault("malformed mouse reports, then the stop key", _mouse, 0.15, 0.3, screen=True),
    Fault("full disk, then a stop", _fill_disk, 0.15, 0.3),
    Fault("fsync that hangs, then a stop", _slow_fsync, 0.15, 0.3),
    Fault("a computer that has slept", _sleep, 0.15, 0.3),
    # The line has to be opened anew. The machine's own timer acts after 0.5 s.
    # Main hears nothing for three seconds and ends it; then as below.
    Fault("SIGSTOP to the guardian", _freeze_guardians, 3.4, 4.0, standby=True),
    Fault("kill -9 of the guardian", _kill_guardians, 0.15, 0.5, standby=True),
    Fault("kill -9 of guardian and main", _kill_both, 0.15, 0.5, standby=True),
)


@dataclass(slots=True)
class Figures:
    """What was measured of one fault. ``busy_s``: the worst that this computer kept the far end waiting meanwhile."""

    fault: Fault
    after_s: list[float] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    starved: int = 0
    why: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Median, 99th percentile and maximum in milliseconds, beside the aim."""
        if not self.after_s:
            return f"{self.fault.name:45} no belt was stopped"
        times = sorted(self.after_s)
        p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
        shown = "  ".join(f"{one * 1000:8.1f}" for one in (statistics.median(times), p99, times[-1]))
        aim = f"{self.fault.aim_s * 1000:6.0f} {'met' if times[-1] <= self.fault.aim_s else 'missed'}"
        return f"{self.fault.name:45} {len(times):4}  {shown}  {aim}  {self.starved} begun anew"


HEAD = f"{'from the fault to the first stop, in ms':45}    n    median       p99       max     aim"


def one_round(fault: Fault, ends: FarEnds, figures: Figures) -> None:
    """One main process with its belts, and the fault."""
    with tempfile.TemporaryDirectory(prefix="faults", ignore_cleanup_errors=True) as folder:
        mains = Mains(fault, ends, Path(folder))
        try:
            trials = mains.running()
            figures.why += mains.why
            if trials:
                began_s = time.monotonic()
                fault.inject(mains, trials)
                _wait_for(trials)
                _take_down(fault, ends, figures, trials, began_s)
            figures.starved += BELTS - len(trials)
        finally:
            mains.end()


def _take_down(fault: Fault, ends: FarEnds, figures: Figures, trials: list[Trial], began_s: float) -> None:
    busy_s = ends.late_s(began_s, time.monotonic())
    for one in trials:
        after_s = one.after_s
        if after_s is None:
            figures.late.append(f"no stop within {STOPS_WITHIN_S:.0f} s")
            continue
        figures.after_s.append(after_s)
        if after_s > fault.bound_s + busy_s:
            figures.late.append(f"{after_s:.3f} s (bound {fault.bound_s} s, this computer busy for {busy_s:.3f} s)")
        if fault.standby:
            assert one.fault_s is not None
            since = b"".join(data for at_s, data in one.end.heard if at_s > one.fault_s + busy_s)
            more = since.translate(None, QUESTIONS + STOP)
            if more:
                figures.late.append(f"the standby sent {more.hex(' ')}, and may send questions and stops alone")


def measure(fault: Fault, trials: int, ends: FarEnds) -> Figures:
    """As many trials, in as many rounds as it takes."""
    figures = Figures(fault)
    rounds = 0
    while len(figures.after_s) + len(figures.late) < trials and rounds < ROUNDS_MAX + trials // BELTS:
        rounds += 1
        one_round(fault, ends, figures)
    return figures


def measure_all(faults: tuple[Fault, ...], trials: int, told: Callable[[Figures], None]) -> list[Figures]:
    """Every fault, a few of them side by side; ``told`` of each when it is done."""
    ends = FarEnds()

    def one(fault: Fault) -> Figures:
        figures = measure(fault, trials, ends)
        told(figures)
        return figures

    try:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return list(pool.map(one, faults))
    finally:
        ends.end()


def say(line: str) -> None:
    """A line of the table."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Measure and print; 1 where a bound was not kept."""
    trials = int(arguments[0]) if arguments else 200
    wanted = tuple(one for one in FAULTS if not arguments[1:] or one.name in arguments[1:])
    say(HEAD)
    found = measure_all(wanted, trials, lambda figures: say("\n    ".join([figures.line(), *figures.why[:2]])))
    late = [f"{one.fault.name}: {what}" for one in found for what in one.late]
    for line in late:
        say(line)
    return 1 if late or any(len(one.after_s) < trials for one in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
