"""Which keys mean stop, by the names that Textual gives them.

A stop key keeps its meaning under every modifier: a hand that hits Shift and Space together wants the same
as one that hits Space. The names of a plain terminal and of one that speaks the kitty protocol differ a little.
"""

from __future__ import annotations

STOP_WITH_ANY_MODIFIER = frozenset(
    {
        "space",
        "escape",
        "enter",
        "q",
        "pageup",  # Page Up and Page Down, full stop, b and F5: what hand-held presenters send
        "pagedown",
        "full_stop",
        "decimal",  # the full stop of a keypad
        "b",
        "f5",
    }
)

STOP_WITH_CTRL = frozenset(
    {
        "c",
        "q",
        "z",
        "d",
        "j",  # a plain terminal's Enter as line feed
        "m",  # and as carriage return
        "left_square_bracket",  # and its Escape
        "@",  # and its Ctrl+Space
    }
)


def is_stop_key(key: str) -> bool:
    """Whether Textual's key name is a stop key; total, whatever a keyboard sends."""
    *modifiers, name = key.split("+")
    name = name.lower() if len(name) == 1 else name
    return name in STOP_WITH_ANY_MODIFIER or ("ctrl" in modifiers and name in STOP_WITH_CTRL)


NEVER_OF_A_REMOTE = frozenset({"escape", "enter", "space", "q", *(f"ctrl+{name}" for name in STOP_WITH_CTRL)})
"""What everybody takes for a way out or for STOP keeps that meaning, whatever a remote may send."""


def may_be_of_a_remote(key: str) -> bool:
    """Whether a person may name this key of their remote; total.

    Esc, Enter, Space, q and Ctrl+C never, under no modifier: they stop, whoever presses them. Letters and digits
    have meanings of their own on the screens, except b, which presenters send for a black picture.
    """
    *modifiers, name = key.split("+")
    name = name.lower() if len(name) == 1 else name
    if not name or name in NEVER_OF_A_REMOTE or ("ctrl" in modifiers and f"ctrl+{name}" in NEVER_OF_A_REMOTE):
        return False
    return name == "b" or len(name) > 1


SAID = {
    "pagedown": "Page Down",
    "pageup": "Page Up",
    "full_stop": "full stop",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "f5": "F5",
}


def said(key: str) -> str:
    """The key as a person calls it."""
    return SAID.get(key) or key.replace("_", " ").replace("+", " + ")
