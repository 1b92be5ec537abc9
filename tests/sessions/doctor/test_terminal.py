"""The terminal: what it answers, what stands before it, what the screens would lack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.sessions.doctor.terminal import judge
from retrotread.sessions.doctor.terminal_look import TerminalFacts, colours_in, multiplexer_in, understood

GOOD = TerminalFacts(
    tty=True, term="xterm-kitty", columns=120, rows=40, encoding="utf-8", colours="all colours", focus=True, kitty=True
)


def keys(facts: TerminalFacts) -> list[str]:
    return [one.entry.key for one in judge(facts)]


def test_a_good_terminal_lacks_nothing() -> None:
    assert keys(GOOD) == ["terminal-ok", "focus-ok", "keys-kitty"]
    assert judge(GOOD)[0].what == "xterm-kitty with 120 x 40 characters, utf-8, all colours"


def test_a_pipe_is_no_terminal_and_still_comes_over_ssh() -> None:
    assert keys(TerminalFacts(tty=False, ssh=True)) == ["terminal-none", "ssh"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(GOOD, term="dumb"), "terminal-dumb"),
        (replace(GOOD, term=""), "terminal-dumb"),
        (replace(GOOD, columns=79), "terminal-small"),
        (replace(GOOD, rows=23), "terminal-small"),
        (replace(GOOD, encoding="ANSI_X3.4-1968"), "terminal-encoding"),
        (replace(GOOD, focus=False), "focus-none"),
        (replace(GOOD, focus=None), "focus-unknown"),
        (replace(GOOD, kitty=False), "keys-legacy"),
        (replace(GOOD, multiplexer="screen"), "screen"),
        (replace(GOOD, multiplexer="tmux", tmux_focus=False), "tmux-focus-events"),
        (replace(GOOD, multiplexer="tmux", tmux_focus=None, focus=None), "focus-unknown"),
        (replace(GOOD, multiplexer="tmux", tmux_escape_ms=500), "tmux-escape-time"),
        (replace(GOOD, ssh=True), "ssh"),
    ],
)
def test_what_a_terminal_lacks(facts: TerminalFacts, expected: str) -> None:
    assert expected in keys(facts)
    assert expected not in keys(GOOD)


def test_80_by_24_and_a_tenth_of_a_second_are_enough() -> None:
    facts = replace(GOOD, columns=80, rows=24, multiplexer="tmux", tmux_escape_ms=100, tmux_focus=True)
    assert keys(facts) == ["terminal-ok", "focus-ok", "keys-kitty"]


@pytest.mark.parametrize(
    ("said", "focus", "kitty"),
    [
        (b"\x1b[?1004;2$y\x1b[?0u\x1b[?62;4c", True, True),
        (b"\x1b[?1004;1$y\x1b[?62c", True, False),
        (b"\x1b[?1004;0$y\x1b[?62c", False, False),
        (b"\x1b[?1004;4$y\x1b[?62c", False, False),
        (b"\x1b[?62c", None, False),
        (b"", None, None),
        (b"\x1b[?1004;2$", None, None),
        (b"\xff\xfe\x00 q", None, None),
    ],
)
def test_what_a_terminal_answers(said: bytes, focus: bool | None, kitty: bool | None) -> None:
    assert understood(said) == (focus, kitty)


def test_the_environment_tells_of_colours_and_of_what_stands_between() -> None:
    assert colours_in({"NO_COLOR": "1", "COLORTERM": "truecolor"}) == "colour switched off (NO_COLOR)"
    assert colours_in({"COLORTERM": "truecolor"}) == "all colours"
    assert colours_in({"TERM": "xterm-256color"}) == "256 colours"
    assert colours_in({}) == "16 colours"
    assert multiplexer_in({"TMUX": "/tmp/x", "STY": "old"}) == "tmux"
    assert multiplexer_in({"STY": "12.pts"}) == "screen"
    assert multiplexer_in({}) is None
