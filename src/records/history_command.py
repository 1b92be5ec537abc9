"""``retrotread history``: what was done, told in lines or as JSON: a list, one session, trends, a comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ..sessions.machines.wording import shown
from .choosing import EVERY, Wish, chosen
from .history_lines import NOTHING, comparison_lines, show_lines, trend_lines
from .history_objects import comparison_object, list_object, show_object, trends_object
from .intact import intact
from .naming import named, whole_of
from .opening import Kept
from .planned import timeline_in
from .store import Listed, Store
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


def line_of(one: Listed) -> str:
    """One session in a line; what another program or person wrote cannot steer a terminal."""
    began = datetime.fromisoformat(one.began_utc).astimezone()
    parts = [f"{began:%Y-%m-%d %H:%M}  {shown(one.workout)}", *_done(one), *_said(one), *_remarks(one)]
    return "; ".join(parts)


def _done(one: Listed) -> Iterator[str]:
    yield f"{one.backward_ms / 60_000:.1f} min backward"
    if one.running_ms:
        yield f"{one.running_ms / 60_000:.1f} min of it running"
    yield f"{one.distance_mm / 1_000_000:.2f} km up to {one.speed_max_ckph / 100:.1f} km/h"


def _said(one: Listed) -> Iterator[str]:
    pain = [(one.pain_before, "before"), (one.pain_during, "in it"), (one.pain_after, "after")]
    told = [f"{value} {when}" for value, when in pain if value is not None]
    if told:
        yield f"pain {', '.join(told)}"
    if one.effort is not None:
        yield f"effort {one.effort}"


def _remarks(one: Listed) -> Iterator[str]:
    if one.partial:
        yield "interrupted: totals from what was recorded"
    elif not one.complete:
        yield f"not to its end: {shown(one.ended)}"
    if one.simulated:
        yield "simulated, so no training"
