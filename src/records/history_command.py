"""``retrotread history``: what was done, told in lines or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..sessions.machines.wording import shown
from .opening import Kept
from .store import Listed

FORMAT = 1
"""Of the JSON; counted up when a field changes its meaning or goes."""


def history_text(kept: Kept, as_json: bool) -> str:
    """Every session, newest first."""
    sessions = () if kept.store is None else kept.store.sessions()
    if as_json:
        return json.dumps(_object(kept, sessions), indent=2, ensure_ascii=False)
    return "\n".join(map(line_of, sessions)) if sessions else "nothing yet: the first run begins the history"


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


def _object(kept: Kept, sessions: tuple[Listed, ...]) -> dict[str, Any]:
    return {
        "retrotread_sessions": FORMAT,
        "sessions": [asdict(one) | {"day": one.day.isoformat()} for one in sessions],
        "problems": list(kept.problems),
    }
