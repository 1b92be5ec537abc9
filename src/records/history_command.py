"""``retrotread history``: what was done, told in lines or as JSON: a list, one session, trends, a comparison."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from .choosing import EVERY, Wish, chosen
from .history_lines import NOTHING, comparison_lines, line_of, show_lines, trend_lines
from .history_objects import comparison_object, list_object, show_object, trends_object
from .intact import intact
from .naming import named, whole_of
from .opening import Kept
from .planned import timeline_in
from .store import Store
from .trends import summed, weeks

NOTHING_YET = "nothing yet: the first run begins the history"


def history_text(kept: Kept, as_json: bool, wish: Wish = EVERY) -> str:
    """Every session that is as wished, newest first."""
    every = () if kept.store is None else kept.store.sessions()
    sessions = chosen(every, wish)
    if as_json:
        return as_text(list_object(sessions, kept.problems))
    return "\n".join(map(line_of, sessions)) if sessions else NOTHING if every else NOTHING_YET


def show_text(store: Store, words: str, as_json: bool) -> str:
    """One session. Raises NoSuchSession."""
    one = named(store.sessions(), words)
    whole = whole_of(store, one)
    told = (one, whole, timeline_in(whole), intact(whole))
    return as_text(show_object(*told)) if as_json else "\n".join(show_lines(*told))


def changed_in(store: Store, *words: str) -> tuple[str, ...]:
    """A sentence for each of the sessions that are meant whose rows are no longer those that were kept."""
    sessions = store.sessions()
    told = dict.fromkeys(store.changed(named(sessions, one)) for one in words)
    return tuple(one for one in told if one is not None)


def trends_text(kept: Kept, as_json: bool, wish: Wish, last: date, count: int) -> str:
    """The last ``count`` weeks, and all sessions that are as wished together."""
    sessions = chosen(() if kept.store is None else kept.store.sessions(), wish)
    told = weeks(sessions, last, count), summed(sessions)
    return as_text(trends_object(*told, kept.problems)) if as_json else "\n".join(trend_lines(*told))


def comparison_text(store: Store, first: str, second: str, as_json: bool) -> str:
    """Two sessions side by side. Raises NoSuchSession."""
    sessions = store.sessions()
    both = named(sessions, first), named(sessions, second)
    return as_text(comparison_object(*both)) if as_json else "\n".join(comparison_lines(*both))


def as_text(found: dict[str, Any]) -> str:
    """An object as it is printed."""
    return json.dumps(found, indent=2, ensure_ascii=False)
