"""The one thing that the input thread shares with the screen: the way to stop.

Every attribute is set in one assignment, so it can be read from another thread at any moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sessions.view import Controls


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of terminal cells; column and row count from 0 at the top left."""

    column: int
    row: int
    width: int
    height: int

    def hold(self, column: float, row: float) -> bool:
        """Whether the point lies inside."""
        inside_column = self.column <= column < self.column + self.width
        return inside_column and self.row <= row < self.row + self.height


class StopDoor:
    """Leads from whichever thread sees a stop to the run that is open, if one is."""

    def __init__(self) -> None:
        self.controls: Controls | None = None
        self.bar: Cells | None = None

    def live(self) -> bool:
        """Whether a stop key means STOP now; a run that cannot tell is taken to move."""
        controls = self.controls
        if controls is None:
            return False
        try:
            return controls.stop_keys_live()
        except Exception:  # noqa: BLE001 - whatever is wrong in there, not knowing means live
            return True

    def stop(self) -> None:
        """Stop the open run, if there is one."""
        controls = self.controls
        if controls is not None:
            controls.stop()

    def input_alive(self, alive: bool) -> None:
        """Tell the open run whether the keyboard is read."""
        controls = self.controls
        if controls is not None:
            controls.input_alive(alive)
