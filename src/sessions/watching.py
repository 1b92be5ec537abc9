"""A machine that is only watched: a guardian of its own reads it, and nothing can be asked of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..clock import monotonic_s
from ..devices.sheet import Sheet
from ..guardian.messages import PROTOCOL, Connected, ConnectRefused, FromGuardian, Watched, WatchEnded
from ..guardian.messages import Watch as WatchAsked
from .guardian_client import GuardianClient
from .view import WatchView

CLOSE_S = 1.0
"""The guardian holds no belt: it ends at once, and one that does not loses its pipe anyway."""


class Watch:
    """Implements ``view.Watching``; what it says is one frozen value, replaced whole by the reading thread."""

    def __init__(self, address: str, sheet: Sheet | None, folder: Path) -> None:
        """Start a guardian and ask it to read. Raises OSError where no process can be started."""
        self._view = WatchView()
        self._measured_s: float | None = None
        self._guardian = GuardianClient(folder, self._heard, self._ended)
        self._guardian.send(WatchAsked(PROTOCOL, address, sheet))

    def view(self) -> WatchView:
        """The newest state, with the age that it has by now."""
        at_s = self._measured_s
        return replace(self._view, age_s=None if at_s is None else max(0.0, monotonic_s() - at_s))

    def close(self) -> None:
        """Let go of it."""
        self._guardian.leave()
        self._guardian.wait(CLOSE_S)

    def _heard(self, message: FromGuardian) -> None:
        match message:
            case Connected():
                self._view = replace(
                    self._view, connected=message.profile.name, identity=message.identity, message=message.remark
                )
            case Watched():
                self._view = replace(
                    self._view,
                    speed_kph=message.speed_kph,
                    incline_percent=message.incline_percent,
                    distance_m=message.distance_m,
                )
                self._measured_s = message.at_s
            case WatchEnded(reason) | ConnectRefused(reason):
                self._view = replace(self._view, message=reason, over=True)

    def _ended(self, reason: str) -> None:
        if not self._view.over:
            self._view = replace(self._view, message=reason, over=True)
