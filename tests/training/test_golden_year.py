"""The years of a beginner, decision by decision: what was read and found sensible once is what is decided today."""

from __future__ import annotations

from difflib import unified_diff

from tests.training.golden_year import LIFE, LOG, the_log

MEANT = """The year goes another way than it went, see the lines above. If that was meant, and only then: read the new
log as a therapist would, after `python tests/training/golden_year.py`, and commit it with the change."""


def test_the_year_goes_as_it_was_read() -> None:
    kept, now = LOG.read_text(encoding="utf-8"), the_log()
    difference = "\n".join(unified_diff(kept.splitlines(), now.splitlines(), "as read", "today", lineterm="", n=1))
    assert kept == now, f"{difference}\n{MEANT}"


def test_everything_that_happens_in_the_year_is_in_the_log() -> None:
    """Else a thing that falls on a rest day would show nothing."""
    log = LOG.read_text(encoding="utf-8")
    assert [day.note for day in LIFE.values() if day.note not in log] == []
    for words in (
        "one step up",
        "a rest day",
        "back one level",
        "back two levels",
        "something easier",
        "get used to it",
        "not until",
    ):
        assert words in log
    for words in ("level 7, run", "level 8, run 8 x 1 min", "no time: five minutes", "so on from here"):
        assert words in log
