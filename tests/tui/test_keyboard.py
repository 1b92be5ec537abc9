"""From bytes to keys, without a terminal."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events

from retrotread.tui.keyboard import Keyboard
from retrotread.tui.keys import is_stop_key


def keys(*reads: bytes) -> list[str]:
    """The names of the keys in what was read, one read after another."""
    keyboard = Keyboard()
    messages = [message for data in reads for message in keyboard.read(data)]
    return [message.key for message in messages if isinstance(message, events.Key)]


@given(st.lists(st.binary(max_size=40), max_size=6))
@example([b"\x1b[99999999999;1;u"])
@example([b"\x1b[97;1;99999999999u"])
@example([b"\x1b[97:65:99;1u"])
def test_no_bytes_end_the_reading(reads: list[bytes]) -> None:
    keyboard = Keyboard()
    for data in reads:
        list(keyboard.read(data))
        list(keyboard.waited())
    # A terminal pauses behind what it sends; without any pause the longest half-sequence is over after 32 characters.
    after = [*keyboard.read(b" " * 40), *keyboard.read(b" ")]
    assert "space" in [message.key for message in after if isinstance(message, events.Key)]


def test_a_key_that_is_let_go_is_no_key() -> None:
    assert keys(b"\x1b[115;1:3;115u", b"x") == ["x"]
    assert keys(b"\x1b[115;1:1;115u") == ["s"]


def test_a_letter_outside_ascii_may_come_in_two_reads() -> None:
    assert keys("й".encode()[:1], "й".encode()[1:]) == ["й"]


def test_a_mouse_report_of_the_old_kind_is_seen_and_dropped() -> None:
    keyboard = Keyboard()
    assert list(keyboard.read(b"\x1b[M \xf7\x80")) == []
    assert keyboard.saw_legacy_mouse


def test_a_mouse_report_without_numbers_is_no_typing() -> None:
    assert keys(b"\x1b[<32;NaN;NaNM", b"x") == ["x"]


def test_a_mouse_report_with_numbers_passes() -> None:
    (press,) = Keyboard().read(b"\x1b[<0;40;23M")
    assert isinstance(press, events.MouseDown)
    assert (press.x, press.y) == (39, 22)


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[[Z", b"\x1b[", b"\x1b]", b"\x1b[M", b"\x1b[<32;NaN", b"\x1b[999;999;999;999;999;999;999;999;999;999X",
        b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", b"\x1b]4;1;rgb:1111/2222/3333;2;rgb:4444/5555/6666\x07",
        b"\x1bP>|XTerm(370)\x1b\\", b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b[A",
    ],
)  # fmt: skip
def test_the_characters_of_a_torn_or_unknown_sequence_are_no_typing(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(waited_keys(data, monkeypatch)) <= {"up", "b"}, "b stops, and is kept"


@pytest.mark.parametrize("data", [b"\x1b[1;q", b"\x1b[1;\x1b[1;q", b"\x1b[M\x1b[q"])
def test_a_stop_key_in_a_torn_sequence_still_stops(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert waited_keys(data, monkeypatch) == ["q"]


def test_brackets_that_are_typed_are_keys() -> None:
    assert keys(b"[", b"]", b"^[") == [
        "left_square_bracket", "right_square_bracket", "circumflex_accent", "left_square_bracket",
    ]  # fmt: skip


def waited_keys(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys once nothing more has come for longer than the escape delay."""
    keyboard = Keyboard()
    read = list(keyboard.read(data))
    monkeypatch.setattr("textual._parser.get_time", lambda: 1e9)
    return [message.key for message in [*read, *keyboard.waited()] if isinstance(message, events.Key)]


def test_a_lone_escape_is_waited_for() -> None:
    keyboard = Keyboard()
    assert list(keyboard.read(b"\x1b")) == []
    assert keyboard.waiting
    list(keyboard.read(b"[32u"))
    assert not keyboard.waiting


@pytest.mark.parametrize(
    "key", ["space", "shift+space", "ctrl+space", "Q", "alt+q", "ctrl+c", "ctrl+shift+c", "B", "decimal", "ctrl+f5"]
)
def test_a_stop_key_keeps_its_meaning_under_modifiers(key: str) -> None:
    assert is_stop_key(key)


@pytest.mark.parametrize(
    "key", ["s", "o", "p", "n", "f", "a", "k", "x", "c", "d", "z", "1", "tab", "up", "ctrl+s", "", "+"]
)
def test_other_keys_are_none(key: str) -> None:
    assert not is_stop_key(key)
