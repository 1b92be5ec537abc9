"""What the set-up screen says about a choice. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten, wrap

from textual.content import Content

from ..sessions.view import Offer, Person, Strap
from ..workouts.quantity import duration_text, speed_text
from .choice import READING, Choice, window
from .keys import said
from .wording import way_text

WORKOUT_ROWS = 5
"""Rows of the list on the smallest terminal."""

WORKOUT_ROWS_LARGE = 15
"""And on a large one; app.tcss has the same two figures."""

NEXT = "next"
"""The key of the step that comes next, as ``step_workout`` has it, which loads too much for a first screen; its title
names its level."""

FINDINGS_SHOWN = 3
NOT_FOR_ROWS, NOT_FOR_ROWS_CROWDED, NOT_FOR_ROWS_HELD = 5, 4, 2
"""Rows for whom it is not: as many as the longest of the shipped files fills. On the smallest terminal fewer beside
sentences of other kinds, and fewest where the workout cannot be run anyhow."""

ROOMY_ROWS = 40
"""A terminal of so many rows has room below the long list for what a file says of itself."""

NOT_FOR_ROWS_ROOMY, SOURCE_ROWS_ROOMY, FILLED_IN_ROWS_ROOMY = 9, 3, 4
"""Where there is room; elsewhere one row of the source and nothing of what was filled in."""

COLUMNS = 78
"""Within the margins of the smallest terminal."""

LABEL_COLUMNS = 9
"""The longest word before a fact, and a blank."""

MORE = " ... retrotread library show tells all"
"""What is cut is the end, and it says so."""

TITLE_COLUMNS = 48
"""What the smallest terminal has room for beside the level and the length."""


def treadmill_text(choice: Choice) -> Content:
    """The chosen treadmill, and that there are others."""
    if choice.treadmill is None:
        return Content(READING)
    count = len(choice.treadmills)
    others = f"   {choice.treadmill_index + 1} of {count}" if count > 1 else ""
    arrows = ("< ", " >") if count > 1 else ("", "")
    return Content.assemble(
        ("Treadmill   ", "dim"), arrows[0], (choice.treadmill.title, "bold"), arrows[1], (others, "dim")
    )


def person_text(choice: Choice, person: Person | None) -> Content:
    """Who trains, whether alone, and with what in the hand."""
    if person is None:
        return Content("")
    company = "yes, nobody else is here" if choice.alone else "no, somebody is here"
    remote = "none" if person.remote is None else said(person.remote.next_key)
    strap = "none" if person.strap is None else strap_text(person.strap)
    return Content.assemble(
        ("Person      ", "dim"), (person.name, "bold"), ("   Alone? ", "dim"),
        (company, "bold" if choice.alone else ""), ("   Remote ", "dim"), remote, ("   Strap ", "dim"), strap,
    )  # fmt: skip


def strap_text(strap: Strap) -> str:
    """The ceiling of a strap in a word or two."""
    if strap.ceiling_bpm is None:
        return "shown"
    return f"to {strap.ceiling_bpm}{' (needed)' if strap.required else ''}"


def shown_text(choice: Choice) -> Content:
    """Which workouts are listed, how many of how many, and the key for others."""
    if choice.offers is None:
        return Content("")
    count = f"{len(choice.listed)} of {len(choice.offers)}"
    return Content.assemble(("Workouts    ", "dim"), f"{choice.shown.value}, {count}   ", ("f others", "dim"))


def workouts_text(choice: Choice, most: int = WORKOUT_ROWS) -> Content:
    """A row a workout, ``most`` of them around the chosen one, which is marked."""
    if choice.offers is None:
        return Content(READING if choice.failed is None else "")
    listed = choice.listed
    rows = window(len(listed), choice.offer_index, most)
    lines = [_workout_row(listed[index], index == choice.offer_index) for index in rows]
    return Content("\n").join(lines)


def _workout_row(offer: Offer, chosen: bool) -> Content:
    level = "" if offer.level is None else f"level {offer.level}"
    level = "next" if offer.key == NEXT else level
    length = "" if offer.timeline is None else duration_text(offer.timeline.total_s)
    mark = ">" if chosen else " "
    cannot = "!" if offer.problems else " "
    text = f"{mark} {cannot} {offer.title[:TITLE_COLUMNS]:<{TITLE_COLUMNS}}  {level:<8}  {length}"
    return Content.styled(f"{text:<78}", "bold reverse" if chosen else "")


def crowded(choice: Choice) -> bool:
    """Whether sentences of other kinds need some of the rows."""
    offer = choice.offer
    return bool(choice.notes) or (offer is not None and bool(offer.problems or offer.findings))


def facts_text(choice: Choice, roomy: bool = False) -> Content:
    """The chosen workout in figures, what it needs, and where its dose comes from; empty without one."""
    offer = choice.offer
    if offer is None:
        return Content("")
    needs = ", ".join(offer.needs) if offer.needs else "nobody and nothing beside the belt"
    rows = [_row("Tier", f"{offer.tier}   ", ("Needs ", "dim"), needs)]
    if offer.timeline is not None:
        top_kph = max(step.target.speed_kph for step in offer.timeline.steps)
        way = way_text(offer.timeline)
        rows.insert(0, _row("Speeds", f"up to {speed_text(top_kph)}, {way}, {len(offer.timeline.steps)} steps"))
    return Content("\n").join((*rows, *_origin(choice, offer, roomy)))


def _origin(choice: Choice, offer: Offer, roomy: bool) -> Iterator[Content]:
    """Where the dose comes from, what that is worth, and what was decided beside it, as far as there is room."""
    free = not crowded(choice)
    if offer.source and (roomy or not offer.problems):
        yield _row("Grade", offer.grade)
    if offer.source and (roomy or free):
        yield _row("Source", _cut(offer.source, SOURCE_ROWS_ROOMY if roomy and free else 1, " ..."))
    if offer.filled_in and roomy and free:
        yield _row("Of ours", _cut(" | ".join(offer.filled_in), FILLED_IN_ROWS_ROOMY, MORE))


def _row(name: str, *texts: str | tuple[str, str]) -> Content:
    return Content.assemble((f"{name:<{LABEL_COLUMNS}}", "dim"), *texts)


def not_for_text(choice: Choice, roomy: bool = False) -> Content:
    """Who should leave it or ask first: what is peculiar to this workout before what is said of most."""
    offer = choice.offer
    if offer is None or not offer.not_for:
        return Content("")
    rows = NOT_FOR_ROWS_ROOMY if roomy else NOT_FOR_ROWS
    if not roomy and crowded(choice):
        rows = NOT_FOR_ROWS_HELD if offer.problems else NOT_FOR_ROWS_CROWDED
    told = " | ".join(reversed(offer.not_for))
    return Content.assemble(("Not for  ", "bold"), _cut(told, rows, MORE))


def _cut(text: str, rows: int, more: str) -> str:
    """``text`` behind a label, in so many rows of the smallest terminal."""
    room = COLUMNS - LABEL_COLUMNS
    lines = wrap(text, room)
    if len(lines) > rows:
        lines = [*lines[: rows - 1], shorten(" ".join(lines[rows - 1 :]), room, placeholder=more)]
    return f"\n{'':<{LABEL_COLUMNS}}".join(lines)


def findings_text(choice: Choice) -> Content:
    """Problems first, then findings, then what was found of earlier runs."""
    offer = choice.offer
    problems = [Content.styled(f"! {text}", "bold") for text in (() if offer is None else offer.problems)]
    notes = [Content(f"- {text}") for text in (*(() if offer is None else offer.findings), *choice.notes)]
    lines = [*problems, *notes]
    if len(lines) > FINDINGS_SHOWN:
        more = len(lines) - FINDINGS_SHOWN + 1
        command = "next" if offer is not None and offer.key == NEXT else "check"
        tells = Content.styled(f"and {more} more; retrotread {command} tells all", "dim")
        lines = [*lines[: FINDINGS_SHOWN - 1], tells]
    return Content("\n").join(lines)


def hindrance_text(choice: Choice) -> str:
    """Why Enter does nothing, if so."""
    hindrance = choice.hindrance()
    return "" if hindrance is None else f"Cannot go on: {hindrance}." if choice.offers is not None else hindrance
