"""Long lines for people: as wide as the terminal at most, and no word broken."""

from __future__ import annotations

import pytest

from retrotread.cli.paragraphs import paragraph, tell

LINE = "  because: Home machine reports only 1.0 times a second, see ble://Home%20machine?via=tcp-client:127.0.0.1:9723&name=long-enough"


@pytest.mark.parametrize(("columns", "widest"), [("80", 80), ("60", 60), ("200", 100)])
def test_no_line_is_wider_than_the_terminal_or_than_a_hundred(
    monkeypatch: pytest.MonkeyPatch, columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = paragraph("word " * 60).split("\n")
    assert widest - 5 <= max(map(len, lines)) <= widest


def test_a_line_goes_on_further_in_and_an_address_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert paragraph(LINE).split("\n") == [
        "  because: Home machine reports only 1.0 times a second, see",
        "      ble://Home%20machine?via=tcp-client:127.0.0.1:9723&name=long-enough",
    ]


def test_what_has_lines_of_its_own_keeps_them(capsys: pytest.CaptureFixture[str]) -> None:
    tell(["a\n\nb", "", "c"])
    assert capsys.readouterr().out == "a\n\nb\n\nc\n"
