"""The terminal: what it shows, what it tells of keys and focus, and what stands between it and the program."""

from __future__ import annotations

from .finding import Finding, everywhere, ok, warning
from .probe import Probe
from .terminal_look import TerminalFacts, collect

COLUMNS_LEAST, ROWS_LEAST = 80, 24
"""The screens are drawn for 80 columns and 24 rows or more."""

ESCAPE_MAX_MS = 100
"""As long as the screens themselves wait to know a lone Esc from the beginning of another key."""

PLAIN = "Use: retrotread run WORKOUT --plain."

TERMINAL_OK = ok("terminal-ok", "{term} with {columns} x {rows} characters, {encoding}, {colours}")
TERMINAL_NONE = ok("terminal-none", "this is not a terminal, so the screens were not looked at")
TERMINAL_DUMB = warning("terminal-dumb", "TERM is {term}: the screens cannot be drawn", everywhere(PLAIN))
TERMINAL_SMALL = warning(
    "terminal-small",
    "the terminal has {columns} x {rows} characters; the screens are drawn for {least_columns} x {least_rows} or more",
    everywhere(f"Make the window larger or its letters smaller. Or: {PLAIN[:1].lower()}{PLAIN[1:]}"),
)
NOT_UTF8 = warning(
    "terminal-encoding",
    "text goes to the terminal as {encoding}; lines and digits of the screens need UTF-8",
    everywhere("Set a UTF-8 locale, such as LANG=C.UTF-8, or on Windows PYTHONUTF8=1."),
)
FOCUS_OK = ok("focus-ok", "the terminal tells when it loses the keyboard")
FOCUS_NONE = warning(
    "focus-none",
    "the terminal does not tell when it loses the keyboard: keys of a moving belt may go to another window unnoticed",
    everywhere("Keep the terminal in front, or use one that reports its focus: kitty, WezTerm, foot, iTerm2, Ghostty."),
)
FOCUS_UNKNOWN = warning(
    "focus-unknown",
    "the terminal did not answer whether it tells when it loses the keyboard",
    everywhere("Keep the terminal in front during a session; in tmux switch focus-events on."),
)
KEYS_OK = ok("keys-kitty", "the terminal sends keys without doubt (kitty keyboard protocol); Esc is known at once")
KEYS_OLD = ok(
    "keys-legacy", "the terminal sends keys the old way; a lone Esc is known after 100 ms. Space is known at once"
)
TMUX_ESCAPE = warning(
    "tmux-escape-time",
    "tmux holds Esc back for {escape_ms} ms, the limit is {limit_ms} ms: a belt that is stopped by Esc stops later",
    everywhere(
        "Write into ~/.tmux.conf: set -sg escape-time 10; then tmux source ~/.tmux.conf. Space is not held back."
    ),
)
TMUX_FOCUS = warning(
    "tmux-focus-events",
    "tmux keeps the news of a lost focus to itself",
    everywhere("Write into ~/.tmux.conf: set -g focus-events on; then tmux source ~/.tmux.conf, and attach anew."),
)
SCREEN = warning(
    "screen",
    "GNU screen is between the terminal and the program: it tells nothing of the focus and holds Esc back",
    everywhere("Run the session outside screen, or in tmux with focus-events on and escape-time 10."),
)
SSH = warning(
    "ssh",
    "the keys come over a network (ssh): STOP arrives as late as the network is, and not at all when it is down",
    everywhere("Run the session at the computer itself. When the connection ends the belt is stopped all the same."),
)
ENTRIES = (
    TERMINAL_OK, TERMINAL_NONE, TERMINAL_DUMB, TERMINAL_SMALL, NOT_UTF8, FOCUS_OK, FOCUS_NONE, FOCUS_UNKNOWN,
    KEYS_OK, KEYS_OLD, TMUX_ESCAPE, TMUX_FOCUS, SCREEN, SSH,
)  # fmt: skip


def judge(facts: TerminalFacts) -> tuple[Finding, ...]:
    """What the screens would lack on this terminal."""
    if not facts.tty:
        return (TERMINAL_NONE.found(), *_between(facts))
    return (*_drawing(facts), *_focus(facts), *_keys(facts), *_between(facts))


def _drawing(facts: TerminalFacts) -> list[Finding]:
    if facts.term in {"", "dumb"}:
        return [TERMINAL_DUMB.found(term=facts.term or "not set")]
    found: list[Finding] = []
    size = {"columns": facts.columns, "rows": facts.rows}
    if facts.columns < COLUMNS_LEAST or facts.rows < ROWS_LEAST:
        found.append(TERMINAL_SMALL.found(**size, least_columns=COLUMNS_LEAST, least_rows=ROWS_LEAST))
    if "utf" not in facts.encoding.lower():
        found.append(NOT_UTF8.found(encoding=facts.encoding))
    return found or [TERMINAL_OK.found(term=facts.term, **size, encoding=facts.encoding, colours=facts.colours)]


def _focus(facts: TerminalFacts) -> list[Finding]:
    if facts.multiplexer == "screen":
        return []  # the finding screen says it
    if facts.multiplexer == "tmux" and facts.tmux_focus is not None:
        return [] if facts.tmux_focus is False else [FOCUS_OK.found()]
    if facts.focus is None:
        return [FOCUS_UNKNOWN.found()]
    return [FOCUS_OK.found() if facts.focus else FOCUS_NONE.found()]


def _keys(facts: TerminalFacts) -> list[Finding]:
    return [KEYS_OK.found() if facts.kitty else KEYS_OLD.found()]


def _between(facts: TerminalFacts) -> list[Finding]:
    found: list[Finding] = []
    if facts.multiplexer == "screen":
        found.append(SCREEN.found())
    if facts.multiplexer == "tmux" and facts.tmux_focus is False:
        found.append(TMUX_FOCUS.found())
    if facts.tmux_escape_ms is not None and facts.tmux_escape_ms > ESCAPE_MAX_MS:
        found.append(TMUX_ESCAPE.found(escape_ms=facts.tmux_escape_ms, limit_ms=ESCAPE_MAX_MS))
    if facts.ssh:
        found.append(SSH.found())
    return found


PROBE = Probe("terminal", collect, judge, ENTRIES)
