"""The program on the terminal that it is started on, with a fake run; the process that the pty tests talk to.

It reports on one pipe, a line an event, and takes orders on another, a line each: ``dialog`` opens the list of keys,
``hog`` blocks the screen's loop until ``go``, ``show`` and a name puts that state of the run on the screen, ``end``
leaves. Two more arguments are the next and the fine key of a remote in the hand.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
from pathlib import Path
from types import ModuleType


def _fakes() -> ModuleType:
    """What conftest.py holds, loaded by its path: tests are no package that could be imported."""
    spec = importlib.util.spec_from_file_location("fakes", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fakes"] = module
    spec.loader.exec_module(module)
    return module


fakes = _fakes()


class Child:
    """The app and the two pipes."""

    def __init__(self, report_fd: int, orders_fd: int, *remote: str) -> None:
        from retrotread.sessions.person import Remote
        from retrotread.tui.app import RetroApp

        self._report_fd = report_fd
        self._orders = os.fdopen(orders_fd, "r")
        self._go = threading.Event()
        self._hog = False
        self._rested = False
        self.controls = fakes.FakeControls(fakes.a_view(snapshot=fakes.a_snapshot()))
        self.controls.told = self.tell
        self.controls.on_view = self._in_the_loop
        launcher = fakes.FakeLauncher(self.controls)
        self.app = RetroApp(launcher)
        if remote:
            launcher.who = fakes.replace(fakes.KIM, remote=Remote(*remote))
            self.app.use(launcher.who)
        self.app.call_later(self.app.launch, launcher.on_offer[0], launcher.choices[0])

    def tell(self, line: str) -> None:
        os.write(self._report_fd, f"{line}\n".encode())

    def run(self) -> int:
        from retrotread.tui.app import run

        threading.Thread(target=self._obey, name="orders", daemon=True).start()
        code = run(self.app)
        self.tell(f"left {code}")
        return code

    def _in_the_loop(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if self._rested is not self.app.door.rested:
            self._rested = self.app.door.rested
            self.tell("rested" if self._rested else "not at rest")
        if self._hog:
            self._hog = False
            self.tell("hogged")
            self._go.wait()
            self._go.clear()
            self.tell("going")

    def _obey(self) -> None:
        for order in self._orders:
            match order.split():
                case ["dialog"]:
                    self.app.call_from_thread(self.app.action_help)
                    self.tell("dialog open")
                case ["hog"]:
                    self._hog = True
                case ["go"]:
                    self._go.set()
                case ["at", "rest"]:
                    self.controls.see(fakes.still(fakes.Mode.IDLE))
                    self.tell("at rest")
                case ["show", name]:
                    self.controls.now = STATES[name]
                    self.tell(f"showing {name}")
                case ["crash"]:
                    self.controls.on_view = _crash
                case ["end"]:
                    self.app.call_from_thread(self.app.exit, 0)


def _counting(left_s: float) -> object:
    counting = fakes.still(fakes.Mode.COUNTDOWN, start_in_s=left_s)
    return fakes.a_view(fakes.Phase.WAITING_FOR_START, counting)


STATES = {
    "run": fakes.a_view(snapshot=fakes.a_snapshot()),
    "mounting": fakes.a_view(fakes.Phase.WAITING_FOR_PERSON, fakes.a_snapshot(speed_kph=0.5)),
    "pause": fakes.a_view(fakes.Phase.PAUSED, fakes.still(fakes.Mode.PAUSED)),
    "pause-unseen": fakes.a_view(fakes.Phase.PAUSED, fakes.a_snapshot(fakes.Mode.PAUSED, 0.0)),
    "pause-late": fakes.a_view(fakes.Phase.PAUSED, fakes.still(fakes.Mode.PAUSED, age_s=1.6)),
    "countdown": _counting(5.0),
    "countdown-ends": _counting(0.9),
}


def _crash() -> None:
    raise RuntimeError("the screen crashed because the test asked for it")


if __name__ == "__main__":
    for number in (signal.SIGHUP, signal.SIGTSTP):  # as from a terminal, whatever runs the tests
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(Child(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]).run())
