"""A main process with real runs: each has its guardian, its journal and a Trackmaster behind a port.

    child.py WORDS ORDERS TURNS SCREEN STANDBY FOLDER PORT...

It says on descriptor WORDS, a line each: ``running N GUARDIAN STANDBY`` (process numbers) for each belt that moves, and
``over N`` and why for one that does not get that far. On descriptor ORDERS it is told ``stop``, ``block session`` and
``block screen``, for half a minute. The file TURNS holds the moment of the last turn of the screen.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import struct
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from retrotread.clock import monotonic_s
from retrotread.devices.sheet import Sheet
from retrotread.devices.trackmaster.reach import CAREFUL
from retrotread.machine import Capabilities, Identity, PhysicalStop, Qualification
from retrotread.safety.modes import Mode
from retrotread.sessions import live
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.guardian_client import GuardianClient
from retrotread.sessions.host import SilentHost
from retrotread.sessions.journal import Journal, RunHead
from retrotread.sessions.live import LiveRun, RunSetup
from retrotread.sessions.prepare import prepare
from retrotread.sessions.voice.recording import RecordingSpeaker

WORKOUT = """retrotread: 1
name: slow
level: 1
facing: console
steps:
  - walk: 9 min
    speed: 0.8 km/h
"""
PROFILE = replace(
    CAREFUL,
    capabilities=Capabilities(80, 1200, 10),
    qualification=Qualification.FULL,
    physical_stop=PhysicalStop.BUTTON,
    rails=True,
)
WITHIN_S = 60.0
BLOCKED_S = 30.0
LOOK_S = 0.02


def alone(folder: Path, heard: object, ended: object, _standby: object) -> GuardianClient:
    """A guardian without a standby."""
    return GuardianClient(folder, heard, ended)  # type: ignore[arg-type]


class Belt:
    """One run, and the hand that starts it."""

    def __init__(self, number: int, folder: Path, port: str) -> None:
        self.number, self.folder = number, folder
        folder.mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(folder)  # each belt stands for that of a person of its own
        workout = folder / "slow.yaml"
        workout.write_text(WORKOUT)
        prepared = prepare(workout, PROFILE)
        assert prepared.offer.timeline is not None, prepared.offer.problems
        self.offer = prepared.offer
        plan = replace(RunPlan.of(f"run-{number}", prepared.offer.timeline, prepared.tier.key), empty_belt=True)
        head = RunHead(plan.run_id, "slow", "h", 1.0, b"", prepared.tier.key, port, "a test")
        sheet = Sheet(PROFILE, sealed_for=Identity(port, "", "Trackmaster", "figures in km/h"))
        setup = RunSetup(
            plan, f"serial+trackmaster://{port}?units=kph", folder, Journal(folder / "j.sqlite", head), sheet=sheet
        )
        self.run = LiveRun(setup, RecordingSpeaker(monotonic_s), SilentHost("a test"))
        self.run._conductor.machine_shown = lambda: True

    def start(self, words: int) -> None:
        """From standstill to a belt at its lowest speed; says so, or that it ended."""
        run = self.run
        try:
            self._until(lambda: (shown := run.view().snapshot) is not None and shown.standstill)
            run.prepared()
            run.belt_empty(True)
            run.sound_heard(True)
            run.arm()
            self._until(lambda: self._mode() is Mode.ARMED)
            run.hold_done()
            self._until(lambda: self._mode() is Mode.RUN)
            run.person_on()
        except TimeoutError:
            view = run.view()
            causes = () if view.snapshot is None else tuple(one.message for one in view.snapshot.causes)
            os.write(words, f"over {self.number} {self._mode()} {causes} {view.message}\n".encode())
            return
        guardian = run._guardian
        assert isinstance(guardian, GuardianClient)
        standby = 0 if guardian.standby is None else guardian.standby.pid
        os.write(words, f"running {self.number} {guardian.pid} {standby}\n".encode())

    def _mode(self) -> Mode | None:
        snapshot = self.run.view().snapshot
        return None if snapshot is None else snapshot.mode

    def _until(self, true: object) -> None:
        due_s, wait = monotonic_s() + WITHIN_S, threading.Event()
        while not true():  # type: ignore[operator]
            if monotonic_s() >= due_s or self._mode() in (Mode.LATCHED, Mode.ESCALATED):
                raise TimeoutError
            wait.wait(LOOK_S)


class Main:
    """All belts of one main process, and what can be done to it from inside."""

    def __init__(self, words: int, orders: int, turns: int, belts: list[Belt]) -> None:
        self._words, self._orders, self._turns, self.belts = words, os.fdopen(orders), turns, belts
        self._block = threading.Event()

    def turn(self) -> None:
        """The screen has a turn; all the runs hear of it."""
        if self._block.is_set():
            threading.Event().wait(BLOCKED_S)
        os.pwritev(self._turns, [struct.pack("d", monotonic_s())], 0)  # a disk that is full for others
        for one in self.belts:
            LiveRun.ui_turn(one.run)

    def stop(self) -> None:
        """The stop key."""
        for one in self.belts:
            LiveRun.stop(one.run)

    def start(self) -> None:
        for one in self.belts:
            threading.Thread(target=one.start, args=(self._words,), daemon=True).start()

    def obey(self) -> None:
        for order in self._orders:
            match order.split():
                case ["stop"]:
                    self.stop()
                case ["block", "screen"]:
                    self._block.set()
                case ["block", "session"]:
                    for one in self.belts:
                        one.run._acts.put(lambda _conductor, _now_s: threading.Event().wait(BLOCKED_S) or ())  # type: ignore[arg-type,return-value]


def fakes() -> ModuleType:
    """What the tests of the screens hold, by its path: tests are no package that could be imported."""
    path = Path(__file__).parents[1] / "tui" / "conftest.py"
    specification = importlib.util.spec_from_file_location("fakes", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["fakes"] = module
    specification.loader.exec_module(module)
    return module


def on_a_screen(main: Main) -> int:
    """The real screen over the first run; what it does to that, it does to all."""
    from retrotread.tui.app import RetroApp, run

    first = main.belts[0]
    first.run.ui_turn = main.turn  # type: ignore[method-assign]
    first.run.stop = main.stop  # type: ignore[method-assign]
    launcher = fakes().FakeLauncher(first.run)
    app = RetroApp(launcher)
    app.call_later(app.launch, first.offer, launcher.choices[1])
    threading.Thread(target=main.obey, daemon=True).start()
    main.start()
    return run(app)


def without(main: Main) -> int:
    """No screen: a thread has its turns."""

    def turns() -> None:
        wait = threading.Event()
        while not wait.wait(0.05):
            main.turn()

    threading.Thread(target=turns, daemon=True).start()
    main.start()
    main.obey()
    return 0


if __name__ == "__main__":
    for number in (signal.SIGHUP, signal.SIGTSTP):  # as from a terminal, whatever runs the tests
        signal.signal(number, signal.SIG_DFL)
    words, orders, turns, screen, standby, root, *ports = sys.argv[1:]
    if standby == "no":
        vars(live)["GuardianClient"] = alone
    begun = [Belt(number, Path(root) / str(number), port) for number, port in enumerate(ports)]
    main = Main(int(words), int(orders), os.open(turns, os.O_RDWR | os.O_CREAT), begun)
    os._exit(on_a_screen(main) if screen == "yes" else without(main))
