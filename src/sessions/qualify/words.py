"""What is said about each trial: before it begins, and while it lasts."""

from __future__ import annotations

from ...guardian.trials import Trial, TrialPhase

DOES: dict[Trial, str] = {
    Trial.WATCH: "watching. The belt rests for 10 s, then runs at its lowest speed for 40 s, then stops.",
    Trial.START: "a start. The belt starts, runs at its lowest speed for 20 s, then stops.",
    Trial.LOWEST_SPEED: (
        "the lowest speed. The belt starts, is set to its lowest speed, and stops after 15 s. "
        "Read the console while it runs: the number of the speed, and whether it is km/h or mph."
    ),
    Trial.STEP_UP: "following. The belt goes between its lowest speed and up to 1 km/h more, twice, for 45 s.",
    Trial.INCLINE: "the deck. The belt runs at its lowest speed while the deck rises a little and comes back.",
    Trial.STOP: "a stop. The belt starts, runs for 5 s, stops, and is watched at rest for 10 s.",
    Trial.STOP_TWICE: "a stop too many. The belt starts and stops; two more stops are sent. It may start again.",
    Trial.SET_WHILE_STOPPED: "a speed for a resting belt. It ought to rest; on some machines it starts at once.",
    Trial.START_WHILE_RUNNING: "a start too many. The belt starts; another start is sent. It may stop.",
    Trial.DISCONNECT_WHILE_RUNNING: (
        "a lost link. The belt runs at its lowest speed while the link is let go for 10 s. "
        "A key here reaches it only once the link is back: stand at its own stop, and watch what the belt does."
    ),
    Trial.KEY_PULL: "the safety key. The belt starts; when you are asked to, pull the key.",
    Trial.CONSOLE_STOP: "the console. The belt starts; when you are asked to, press stop on the console.",
    Trial.REVERSE: (
        "the other way. The belt runs backwards at its lowest speed for 20 s and stops; then it runs forwards for 5 s. "
        "Watch which way the top of the belt runs in its first run."
    ),
}

_MOVES = "The belt moves. Any key stops it."

SAYS: dict[Trial, dict[TrialPhase, str]] = {trial: {TrialPhase.MOVING: _MOVES} for trial in Trial} | {
    Trial.LOWEST_SPEED: {
        TrialPhase.MOVING: _MOVES,
        TrialPhase.READ_NOW: "Read the speed and its unit on the console now. Any key ends it.",
    },
    Trial.DISCONNECT_WHILE_RUNNING: {
        TrialPhase.MOVING: _MOVES,
        TrialPhase.LINK_LET_GO: "The link is away. Watch the belt; stop it at the machine if anything is wrong.",
        TrialPhase.LINK_BACK: "The link is back.",
    },
    Trial.KEY_PULL: {
        TrialPhase.MOVING: _MOVES,
        TrialPhase.HAND_NOW: "Pull the safety key now, and wait until the belt rests.",
        TrialPhase.PUT_BACK: "Put the key back now. The belt ought to rest.",
    },
    Trial.REVERSE: {
        TrialPhase.MOVING: _MOVES,
        TrialPhase.READ_NOW: "Look now: does the top of the belt run to the console, or to the rear?",
    },
    Trial.CONSOLE_STOP: {
        TrialPhase.MOVING: _MOVES,
        TrialPhase.HAND_NOW: "Press stop on the console now.",
    },
}
