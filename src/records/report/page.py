"""The page itself: planned against done, profile, limits and why, what was felt, what happened, and its proof. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ...safety.hazards import Action
from ...workouts.timeline import Timeline
from ..curve import curve_of
from ..exports.told import Privacy, Told
from ..planned import timeline_in
from .facts import (
    PRESCRIBED,
    Hit,
    clock,
    direction,
    event_words,
    happenings,
    hits,
    moment,
    motion_ms,
    planned_and_done,
    prescription,
)
from .html import Element, document, element
from .picture import Mark, picture
from .style import STYLE

HITS_MAX, HAPPENINGS_MAX = 4, 12
"""So many fit on one page where their sentences are short."""

ROOM = 11
"""Rows of limits and events on the page: a limit takes two of them, and two events share one."""

NAME_LETTERS_MAX, SENTENCE_LETTERS_MAX, EVENT_LETTERS_MAX = 60, 100, 52
"""Two lines of the title, two of a table, two of half a page: longer texts would push the rest off it."""

PRESCRIBED_LETTERS_MAX, PRESCRIBED_ROWS = 280, 4
"""Three lines and their title, which take the place of one limit and two rows of events."""

NO_DEVICE = "Made by Retrotread, which is no medical device. Times are those of the computer's own clock."


@dataclass(frozen=True, slots=True)
class Made:
    """When and by which program a page is made, and whether the rows behind it are still those that were kept."""

    at: datetime
    program: str
    intact: bool


def page(told: Told, made: Made) -> str:
    """One session on one page of HTML, for everybody whom ``told`` was made for."""
    did = told.session
    timeline = timeline_in(told.whole)
    met = _worst(hits(told.whole), HITS_MAX - (prescription(told.whole) is not None))
    body = (
        _head(told),
        *_warnings(told, made),
        _facts(told, timeline),
        *_profile(told, timeline, met),
        _pair(told, timeline),
        *_prescribed(told),
        *_limits(told, met),
        *_events(told, _room(told, met)),
        _proof(told, made),
    )
    return document(f"Session report: {cut(did['workout'], NAME_LETTERS_MAX)}", STYLE, *body)


def cut(text: str, letters: int) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


# --- head -------------------------------------------------------------------------------------------------------


def _head(told: Told) -> Element:
    level = told.session["level"]
    kinds = ["session report", *([] if level is None else [f"level {level}"]), f"tier {told.session['tier']}"]
    who = told.name or told.whole.pseudonym
    what = "name" if told.name else "pseudonym"
    return element(
        "header",
        None,
        element(
            "div",
            None,
            element("p", {"class": "kind"}, " · ".join(kinds)),
            element("h1", None, cut(told.session["workout"], NAME_LETTERS_MAX)),
        ),
        element("p", {"class": "who"}, cut(who, NAME_LETTERS_MAX // 2), element("small", None, what)),
    )


def _warnings(told: Told, made: Made) -> Iterator[Element]:
    dropped = told.session["steps_dropped"]
    sentences = (
        (told.whole.simulated, "Simulated treadmill: nobody moved."),
        (told.session["partial"], "Interrupted: the program ended in it. All totals come from what was recorded."),
        (dropped, f"{dropped} of its steps were not recorded."),
        (not made.intact, "The rows of this session are not those that were kept. Hold it against its journal."),
    )
    said = " ".join(text for holds, text in sentences if holds)
    if said:
        yield element("p", {"class": "warning"}, said)


def _facts(told: Told, timeline: Timeline | None) -> Element:
    wide = {"ended": _sentence(told.session["ended"])}
    facts = {**_when(told), **wide, "machine": _machine(told), "way": direction(timeline)}
    pairs = [
        element("div", {"class": "wide"} if name in wide else {}, element("dt", None, name), element("dd", None, said))
        for name, said in facts.items()
    ]
    return element("dl", {"class": "facts"}, *pairs)


def _when(told: Told) -> dict[str, str]:
    """Start and stop of the belt on the clock, and the minutes in between."""
    motion = motion_ms(told.whole)
    if motion is None:
        began = moment(told.whole, 0)
        return {"day": f"{began:%Y-%m-%d}", "belt started": "not seen to move", "belt stopped": "", "total": "0:00"}
    start, stop = (moment(told.whole, at_ms) for at_ms in motion)
    total_s = (motion[1] - motion[0]) / 1000
    return {
        "day": f"{start:%A, %Y-%m-%d}",
        "belt started": f"{start:%H:%M:%S} (UTC{start.isoformat()[-6:]})",
        "belt stopped": f"{stop:%H:%M:%S}",
        "total": f"{clock(total_s)} = {total_s / 60:.1f} min",
    }


def _machine(told: Told) -> str:
    """Its name; an address alone is no name, and in a pseudonymous page neither is told."""
    if told.privacy is Privacy.PSEUDONYMOUS:
        return "simulated" if told.whole.simulated else "(not told)"
    return cut(told.treadmill or told.address or "not known", 3 * NAME_LETTERS_MAX // 4)


# --- profile, totals, answers -----------------------------------------------------------------------------------


def _profile(told: Told, timeline: Timeline | None, met: Sequence[Hit]) -> Iterator[Element]:
    curve = curve_of(told.whole.samples, timeline)
    marks = [
        Mark(number, one.at_ms / 1000)
        for number, one in enumerate(met, start=1)
        if curve.begins_s <= one.at_ms / 1000 <= curve.ends_s
    ]
    yield element("h2", None, "Profile")
    yield picture(curve, marks)
    if curve.moments:
        left = "; dashed: planned and not done" if curve.left else ""
        yield element(
            "p", {"class": "key"}, f"Area: planned, while the plan went on; line: measured{left}.", _marked(marks)
        )


def _marked(marks: Sequence[Mark]) -> str | None:
    return " A number marks the limit of that number below." if marks else None


def _pair(told: Told, timeline: Timeline | None) -> Element:
    return element(
        "div",
        {"class": "pair"},
        element("section", None, element("h2", None, "Planned and done"), _totals(told, timeline)),
        element("section", None, element("h2", None, "Pain and effort (0 to 10)"), _felt(told)),
    )


def _totals(told: Told, timeline: Timeline | None) -> Element:
    heading = element(
        "tr", None, *(element("th", {"class": "number"} if name else {}, name) for name in ("", "planned", "done"))
    )
    rows = [
        element(
            "tr",
            {"class": "done"},
            element("th", None, one.what),
            element("td", {"class": "number"}, one.planned),
            element("td", {"class": "number"}, one.done),
        )
        for one in planned_and_done(told.whole, timeline)
    ]
    return element("table", None, element("thead", None, heading), element("tbody", None, *rows))


def _felt(told: Told) -> Element:
    pain = {one.moment: one.pain for one in told.whole.said}
    effort = next((one.effort for one in reversed(told.whole.said) if one.effort is not None), None)
    told_of = {f"pain {moment}": pain.get(moment) for moment in ("before", "during", "after")}
    told_of |= {"pain next morning": told.whole.morning, "effort": effort}
    heart, most = told.session["heart_mean_bpm"], told.session["heart_max_bpm"]
    rows = [(name, "not said" if value is None else f"{value}") for name, value in told_of.items()]
    rows += [("heart rate", f"mean {heart}, highest {most}")] if most else [("heart rate", "not told")]
    lines = [
        element("tr", None, element("th", None, name), element("td", {"class": "number"}, said)) for name, said in rows
    ]
    return element("table", None, element("tbody", None, *lines))


# --- limits and events ------------------------------------------------------------------------------------------


def _worst(found: Sequence[Hit], most: int) -> tuple[Hit, ...]:
    """The strongest ones that fit, in the order of their time."""
    strongest = sorted(found, key=lambda one: (-one.action, one.at_ms))[:most]
    return tuple(sorted(strongest, key=lambda one: one.at_ms))


def _prescribed(told: Told) -> Iterator[Element]:
    """What a clinic let this person do in this session, with its author and their reason, as it was read back."""
    said = prescription(told.whole)
    if said is not None:
        yield element("h2", None, "Prescribed")
        yield element("p", {"class": "prescribed"}, cut(said, PRESCRIBED_LETTERS_MAX))


def _room(told: Told, met: Sequence[Hit]) -> int:
    """How many events have a place."""
    rows = ROOM - 2 * len(met) - (PRESCRIBED_ROWS if prescription(told.whole) is not None else 0)
    return max(2, min(HAPPENINGS_MAX, 2 * rows))


def _limits(told: Told, met: Sequence[Hit]) -> Iterator[Element]:
    yield element("h2", None, "Limits met, and why")
    if not met:
        yield element("p", {"class": "none"}, "None.")
        return
    names = ("", "at", "what was met", "why there is this rule", "then")
    rows = [
        element(
            "tr",
            None,
            element("td", {"class": "at"}, f"{number}"),
            element("td", {"class": "at"}, f"{moment(told.whole, one.at_ms):%H:%M:%S}"),
            element("td", None, _sentence(one.text), f" ({one.times} times)" if one.times > 1 else None),
            element("td", None, one.why),
            element("td", {"class": "done"}, _about(one)),
        )
        for number, one in enumerate(met, start=1)
    ]
    heading = element("tr", None, *(element("th", None, name) for name in names))
    yield element("table", None, element("thead", None, heading), element("tbody", None, *rows))
    yield from _more(len(hits(told.whole)) - len(met), "milder ones")


def _about(one: Hit) -> Element:
    return element("b" if one.action >= Action.CONTROLLED_STOP else "span", None, one.done)


def _events(told: Told, room: int) -> Iterator[Element]:
    """The first ones and the last ones, ``room`` of them at most."""
    found = [one for one in happenings(told.whole) if one.kind != PRESCRIBED]
    kept = found if len(found) <= room else [*found[: room // 2], *found[-(room - room // 2) :]]
    yield element("h2", None, "Events")
    if not found:
        yield element("p", {"class": "none"}, "None was recorded.")
        return
    lines = [
        element(
            "p",
            None,
            element("span", None, f"{moment(told.whole, one.at_ms):%H:%M:%S}"),
            element("span", None, cut(event_words(one), EVENT_LETTERS_MAX)),
        )
        for one in kept
    ]
    yield element("div", {"class": "halves"}, *lines)
    yield from _more(len(found) - len(kept), "in between")


def _more(count: int, which: str) -> Iterator[Element]:
    if count > 0:
        yield element("p", {"class": "more"}, f"and {count} {which}: retrotread history show, or the journal, has all.")


def _sentence(text: str) -> str:
    return cut(text, SENTENCE_LETTERS_MAX)


# --- proof ------------------------------------------------------------------------------------------------------


def _proof(told: Told, made: Made) -> Element:
    did = told.session
    holds = (
        "the rows of the session hold against it" if made.intact else "the rows of the session do NOT hold against it"
    )
    recorded = (
        f"Run {did['run_id']}, recorded by {did['program']}; page made {made.at:%Y-%m-%d %H:%M} UTC by {made.program}."
    )
    return element(
        "footer",
        None,
        element("p", None, "Plan hash ", element("code", None, did["plan_hash"])),
        element("p", None, f"Chain head ({did['chain']}) ", element("code", None, did["chain_head"]), f"; {holds}."),
        element("p", None, recorded, " ", NO_DEVICE),
    )
