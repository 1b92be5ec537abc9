"""The lists of keys that ``--plain`` says: at its beginning those that stop, and all of them when it is asked."""

from __future__ import annotations

STOP_ON_TERMINAL = (
    "stop: while the belt is ours, each of these stops it: Space, Esc, Enter, q, b, x, full stop, Page Up, Page Down, "
    "F5, Ctrl+C, Ctrl+D, Ctrl+Q, Ctrl+Z; so does the end of the input"
)
STOP_ON_PIPE = (
    "stop: while the belt is ours, each of these lines stops it: q, b, x, a full stop, an empty line, the word stop; "
    "so does the end of the input"
)
HELP = (
    "keys: s start, o I am on the belt, p pause, h hold the speed or go on, comma back, n next, e a minute more",
    "keys: + and - this step by a tenth, [ and ] the rest by 5 %, f finish: cool-down, then stop",
    "keys: t confirm in a turn, y I am all right, c continue after my own stop, a I have read why it was stopped",
    "keys: k I have pulled the safety key and put it back, x end the program, ? these keys",
    "keys: i I feel ..., then a digit: the belt stops; u pain and effort from 0 to 10, at rest or by a supervisor",
    "in the checklist: digits tick, h speaks a digit, k: the safety key was pulled as a test, and the console saw it",
    "in coach mode: Space or Enter, it is set",
    "what is faster is announced 5 s before; what is slower comes at once",
)
