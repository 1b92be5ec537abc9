"""When a line is let go that does not stop its belt, and when a lost one is sought again: to stop, or to listen."""

from __future__ import annotations

import math

from ..machine import DeviceProfile
from ..safety.modes import ENDING, Mode
from ..safety.stopping import UNCONFIRMED_MS, Stop
from .showing import Scene

# Reconnecting serves the stop alone: three tries within eight seconds, then only the key helps.
RECONNECT_TRIES = 3
RECONNECT_WITHIN_S = 8.0
# A belt that was last seen still is listened to again without haste, for as long as somebody may come back to it: one
# that starts itself meanwhile is seen, and stopped.
LISTEN_EVERY_S = 5.0
LISTEN_TRIES = 60
# A machine that stops in silence acts after half a second of it (Trackmaster); this is six times that, for timers whose
# length nobody has published, and leaves five seconds for the tries to reach it again.
SILENCE_S = 3.0


class Reaching:
    """One machine's line: how often it was sought since it was lost, and how long it is left in silence."""

    def __init__(self) -> None:
        self.quiet_until_s = -math.inf
        self._tries = 0
        self._lost_s: float | None = None
        self._let_go_once = False

    def lost(self, now_s: float) -> None:
        """It has gone; the tries are counted anew."""
        self._lost_s, self._tries = now_s, 0

    def tried(self, now_s: float, to_listen: bool) -> None:
        """A try has begun."""
        self._tries += 1
        if to_listen:
            self.quiet_until_s = now_s + LISTEN_EVERY_S

    def in_time(self, now_s: float, to_listen: bool) -> bool:
        """Whether one more try is worth it; ``to_listen``: the belt was last seen still, and nothing is under way."""
        if to_listen:
            return self._lost_s is not None and self._tries < LISTEN_TRIES
        soon = self._lost_s is not None and now_s - self._lost_s < RECONNECT_WITHIN_S
        return soon and self._tries < RECONNECT_TRIES

    def lets_go(self, scene: Scene) -> bool:
        """Whether the line is let go now, because no stop over it has stopped the belt. Once a stop.

        A machine with a watchdog is then left in silence for a while. Any other one is reached anew where the stop
        hangs in the link and nothing falls: a link that takes no command is worth no more than none.
        """
        state, stop = scene.state, scene.state.stop
        if state.mode not in ENDING:
            self._let_go_once = False
        if stop is None or self._let_go_once or not state.link_up or state.mode is not Mode.ESCALATED:
            return False
        watchdog = scene.config.profile.silence_stops and _stops_in_vain(scene.config.profile, stop)
        hangs = stop.overdue and stop.no_fall_ms >= UNCONFIRMED_MS
        if scene.still or not (watchdog or hangs):
            return False
        self._let_go_once = True
        self.quiet_until_s = scene.at_s + SILENCE_S if watchdog else -math.inf
        return True


def _stops_in_vain(profile: DeviceProfile, stop: Stop) -> bool:
    """It was repeated (where it may be) or is stuck in the link."""
    return stop.overdue or stop.frames > 1 or not profile.stop_repeat_ok
