"""A script as lines of text: when, which tone, which words."""

from __future__ import annotations

from .script import Script, Sounded

_TONE_WIDTH = 5
"""The longest name of a tone."""


def clock_text(at_s: float) -> str:
    """Minutes, seconds and tenths since the beginning: "07:02.5"; cut, not rounded, so that no line is early."""
    tenths = int(at_s * 10 + 1e-6)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes:02d}:{rest // 10:02d}.{rest % 10}"


def line_of(one: Sounded) -> str:
    """One line: "00:17.6  warn   faster in 5 seconds, 4.5"."""
    tone = "" if one.tone is None else one.tone.value
    return f"{clock_text(one.at_s)}  {tone:<{_TONE_WIDTH}}  {' '.join(one.aloud.split())}".rstrip()


def transcript_of(script: Script, from_s: float = 0.0) -> str:
    """Everything that is heard from then on, oldest first, below a line that says what it is."""
    head = f"# {script.name}, in {script.language}, {clock_text(script.lasts_s)} with starts and rests"
    return "\n".join((head, *(line_of(one) for one in script.sounded if one.at_s >= from_s)))
