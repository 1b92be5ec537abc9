"""Keys of ``--plain``: what a terminal or a pipe sends, and which of it stops."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.tui.plain_keys import (
    FOCUS_IN,
    FOCUS_OUT,
    LINE_BYTES_MAX,
    UNKNOWN,
    Typed,
    keys_in,
    line_typed,
    lines_in,
    stops,
)


def names(data: bytes) -> tuple[list[str], bytes]:
    """What a terminal's bytes are called, and the rest."""
    typed, rest = keys_in(data)
    return [one.key for one in typed], rest


def line_name(line: bytes) -> str:
    return line_typed(line).key


STOP_KEYS = {
    "Space": b" ",
    "Enter": b"\r",
    "Enter as line feed": b"\n",
    "q": b"q",
    "Q": b"Q",
    "b": b"b",
    "full stop": b".",
    "x": b"x",
    "Page Up": b"\x1b[5~",
    "Page Down": b"\x1b[6~",
    "F5": b"\x1b[15~",
    "F5 of the Linux console": b"\x1b[[E",
    "Shift and Page Up": b"\x1b[5;2~",
    "Shift and Page Up of rxvt": b"\x1b[5$",
    "Ctrl+C": b"\x03",
    "Ctrl+D": b"\x04",
    "Ctrl+Q": b"\x11",
    "Ctrl+Z": b"\x1a",
    "Ctrl+Space": b"\x00",
    "keypad Enter": b"\x1bOM",
    "keypad full stop": b"\x1bOn",
    "kitty Esc": b"\x1b[27u",
    "kitty Enter": b"\x1b[13u",
    "kitty Space": b"\x1b[32u",
    "kitty Ctrl+C": b"\x1b[99;5u",
    "kitty Ctrl+Shift+C": b"\x1b[99:67;6u",
    "kitty F5": b"\x1b[57368u",
    "kitty keypad Page Up": b"\x1b[57421u",
}


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in STOP_KEYS.items()])
def test_each_stop_key_of_a_terminal_is_one_key_that_stops(data: bytes) -> None:
    typed, rest = names(data)
    assert (len(typed), rest) == (1, b"")
    assert stops(typed[0])


@pytest.mark.parametrize(
    "data", [b"\x1b[A", b"\x1bOP", b"\x1b[99u", b"\x1b[0u", b"\x1b[5n", b"\xff", b"s", b"7", b"\x01", b"\x7f"]
)
def test_other_keys_are_one_key_that_does_not_stop(data: bytes) -> None:
    typed, rest = names(data)
    assert (len(typed), rest) == (1, b"")
    assert not stops(typed[0])


@pytest.mark.parametrize("data", [b"\x1b", b"\x1b[", b"\x1b[[", b"\x1b[15", b"\x1b[5;2", b"\x1bO"])
def test_the_beginning_of_a_longer_key_waits_for_its_end(data: bytes) -> None:
    assert names(b"s" + data) == (["s"], data)


def test_what_begins_too_long_is_waited_for_no_longer() -> None:
    typed, rest = names(b"\x1b[" + b"1" * 40)
    assert (typed[0], rest) == ("escape", b"")
    assert set(typed[1:]) == {UNKNOWN}, "nobody has typed these digits"


def test_a_key_behind_what_cannot_be_read_is_read() -> None:
    assert names(b"\xff\x1b[<0;1;2Mq") == ([UNKNOWN, UNKNOWN, "q"], b"")


def test_esc_with_another_key_behind_it_is_esc_and_that_key() -> None:
    assert names(b"\x1ba") == (["escape", "a"], b"")


@given(st.binary(max_size=200))
def test_whatever_a_terminal_sends_gives_names_and_a_short_rest(data: bytes) -> None:
    typed, rest = names(data)
    assert all(name for name in typed)
    assert data.endswith(rest)
    assert len(rest) <= 27


@pytest.mark.parametrize("line", [b"q", b"Q", b" b ", b"x", b".", b"", b"   ", b"stop", b"STOP\r", b"\x03"])
def test_each_stop_line_of_a_pipe_stops(line: bytes) -> None:
    assert stops(line_name(line))


@pytest.mark.parametrize("line", [b"s", b"5", b"stopp", b"quiet", b"\xff\xfe", "é".encode()])
def test_other_lines_do_not_stop(line: bytes) -> None:
    assert not stops(line_name(line))


def test_a_pipe_gives_a_key_a_line_and_keeps_the_line_that_has_not_ended() -> None:
    assert lines_in(b"1\nS\n\nsto") == ([Typed("1", "1"), Typed("S", "S"), Typed("enter")], b"sto")


def test_a_line_without_end_is_kept_short() -> None:
    assert lines_in(b"a" * 10_000) == ([], b"a" * LINE_BYTES_MAX)


# --- what else a terminal sends ---------------------------------------------------------------------------------

OTHERS = {
    "right": [b"\x1b[C", b"\x1bOC", b"\x1b[57418u"],
    "shift+right": [b"\x1b[1;2C"],
    "ctrl+left": [b"\x1b[1;5D"],
    "home": [b"\x1b[H", b"\x1bOH", b"\x1b[1~"],
    "shift+f5": [b"\x1b[15;2~"],
    "shift+pageup": [b"\x1b[5;2~", b"\x1b[5$"],
    "ctrl+pagedown": [b"\x1b[6;5~", b"\x1b[6^"],
    "+": [b"+", b"\x1bOk", b"\x1b[57413u"],
    "-": [b"-", b"\x1bOm", b"\x1b[57412u"],
    "b": [b"b", b"\x1b[98u", b"\x1b[98;1u"],
    "B": [b"B"],
    "shift+b": [b"\x1b[98;2u"],
    FOCUS_IN: [b"\x1b[I"],
    FOCUS_OUT: [b"\x1b[O"],
    UNKNOWN: [b"\x1b[98;1:3u", b"\x1b]11;rgb:0/0/0 \x07", b"\x1bP>|term 3\x1b\\"],
}


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, all_of in OTHERS.items() for data in all_of])
def test_other_keys_have_the_names_that_the_screens_give_them(name: str, data: bytes) -> None:
    assert names(data) == ([name], b"")


def test_a_letter_of_more_than_one_byte_is_one_letter() -> None:
    assert keys_in("Jü€".encode())[0] == [Typed("J", "J"), Typed("ü", "ü"), Typed("€", "€")]


@pytest.mark.parametrize("torn", [b"\x1b]11;1", b"\x1b[" + b"1" * 30, b"[1;2C", b"]11;7"])
def test_nothing_in_a_torn_sequence_is_taken_for_a_letter_but_stops_in_it_stop(torn: bytes) -> None:
    typed, _ = names(torn + b"q")
    assert set(typed) <= {UNKNOWN, "escape", "q"}
    assert typed[-1] == "q"


def test_a_bracket_that_is_held_is_a_bracket() -> None:
    assert names(b"]") == (["]"], b"")
    assert names(b"]]]") == (["]"] * 3, b"")
