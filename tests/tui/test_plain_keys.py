"""Keys of ``--plain``: what a terminal or a pipe sends, and which of it stops."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.tui.plain_keys import LINE_BYTES_MAX, UNKNOWN, keys_in, line_name, lines_in, stops

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
    names, rest = keys_in(data)
    assert (len(names), rest) == (1, b"")
    assert stops(names[0])


@pytest.mark.parametrize(
    "data", [b"\x1b[A", b"\x1bOP", b"\x1b[99u", b"\x1b[0u", b"\x1b[5n", b"\xff", b"s", b"7", b"\x01", b"\x7f"]
)
def test_other_keys_are_one_key_that_does_not_stop(data: bytes) -> None:
    names, rest = keys_in(data)
    assert (len(names), rest) == (1, b"")
    assert not stops(names[0])


@pytest.mark.parametrize("data", [b"\x1b", b"\x1b[", b"\x1b[[", b"\x1b[15", b"\x1b[5;2", b"\x1bO"])
def test_the_beginning_of_a_longer_key_waits_for_its_end(data: bytes) -> None:
    assert keys_in(b"s" + data) == (["s"], data)


def test_what_begins_too_long_is_waited_for_no_longer() -> None:
    names, rest = keys_in(b"\x1b[" + b"1" * 40)
    assert (names[0], rest) == ("escape", b"")


def test_a_key_behind_what_cannot_be_read_is_read() -> None:
    assert keys_in(b"\xff\x1b[<0;1;2Mq") == ([UNKNOWN, UNKNOWN, "q"], b"")


def test_esc_with_another_key_behind_it_is_esc_and_that_key() -> None:
    assert keys_in(b"\x1ba") == (["escape", "a"], b"")


@given(st.binary(max_size=200))
def test_whatever_a_terminal_sends_gives_names_and_a_short_rest(data: bytes) -> None:
    names, rest = keys_in(data)
    assert all(name for name in names)
    assert data.endswith(rest)
    assert len(rest) <= 27


@pytest.mark.parametrize("line", [b"q", b"Q", b" b ", b"x", b".", b"", b"   ", b"stop", b"STOP\r", b"\x03"])
def test_each_stop_line_of_a_pipe_stops(line: bytes) -> None:
    assert stops(line_name(line))


@pytest.mark.parametrize("line", [b"s", b"5", b"stopp", b"quiet", b"\xff\xfe", "é".encode()])
def test_other_lines_do_not_stop(line: bytes) -> None:
    assert not stops(line_name(line))


def test_a_pipe_gives_a_key_a_line_and_keeps_the_line_that_has_not_ended() -> None:
    assert lines_in(b"1\ns\n\nsto") == (["1", "s", "enter"], b"sto")


def test_a_line_without_end_is_kept_short() -> None:
    assert lines_in(b"a" * 10_000) == ([], b"a" * LINE_BYTES_MAX)
