"""What a workout file says about itself: where the dose comes from, for whom, and what was filled in.

``About`` is shared by a ``WorkoutPlan`` and a ``Card``. Every key but the first three may be left out: a file that says
nothing of this is as good as it was.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .strict import LIST_MAX, Name, Strict, Words, refusal, text_like

FORMAT_VERSION = 1

TIMES_A_WEEK_MAX, WEEKS_MAX, SESSIONS_MAX = 21, 104, 400
"""Three times a day, two years, and nearly what both make together: far beyond every dose that was published. They
only tell a slip of the keys from a dose."""


def _known_version(version: int) -> int:
    if version != FORMAT_VERSION:
        mend = "use a newer Retrotread" if version > FORMAT_VERSION else f"write {FORMAT_VERSION}"
        raise refusal(f"format {version} is not known here, only format {FORMAT_VERSION}", mend)
    return version


def _each_once(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        if entries.count(entry) > 1:
            raise refusal(f"{entry} is there more than once", "name it once")
    return entries


Doi = Annotated[
    str, *text_like(r"10\.[0-9]{4,9}/[!-~]{1,100}", "write it as 10.NUMBER/NAME, without https", "10.1055/a-1210-2847")
]
Url = Annotated[
    str, *text_like(r"https://[!-~]{1,200}", "write the whole address, from https:// on", "https://example.org/study")
]
TagWord = Annotated[
    str, *text_like(r"[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){0,3}", "write small letters and hyphens", "small-dose")
]


class Source(Strict):
    """Where the dose comes from, and how much that is worth."""

    text: Words
    """A citation, or who it comes from."""

    grade: Literal["trial", "design", "study", "practice", "proposal", "none"]
    """``trial``: a controlled trial used the dose. ``design``: a trial was planned with it, and no result was seen.
    ``study``: a laboratory or uncontrolled study used it. ``practice``: coaches or clinicians use it. ``proposal``:
    somebody reasoned it out. ``none``: no whole dose was found."""

    doi: Doi | None = None
    """The number of the publication, without ``https://doi.org/``."""

    url: Url | None = None
    """A page where it can be read."""


class Dose(Strict):
    """The dose as it was published, in its own numbers and units. A key that is absent was not published."""

    speed: Words | None = None
    """As it was published: ``0.89, 1.12 and 1.34 m/s``, ``self-selected``."""

    incline: Words | None = None
    """As it was published; degrees stay degrees."""

    time: Words | None = None
    """Of one session, or of its parts: ``20 min``, ``60 s backward, 60 s forward``."""

    times_a_week: Annotated[int, Field(ge=1, le=TIMES_A_WEEK_MAX)] | None = Field(default=None, alias="times a week")
    """Sessions in a week."""

    weeks: Annotated[int, Field(ge=1, le=WEEKS_MAX)] | None = None
    """How many weeks."""

    sessions: Annotated[int, Field(ge=1, le=SESSIONS_MAX)] | None = None
    """How many sessions in all."""

    also: Words | None = None
    """What else was part of it: a harness, a rule for more, what came beside it."""


class Support(Strict):
    """What holds the person. Without a key, whoever supervises decides."""

    handrail: Literal["both hands", "one hand", "fingertips", "within reach", "none"] | None = None
    """How the rails are used."""

    assistance: Words | None = None
    """Help by another person: who, and with what."""

    body_weight: Words | None = Field(default=None, alias="body weight")
    """How much of the body weight a harness carries, and who sets it."""


class About(Strict):
    """The head of a file that is shown to people."""

    retrotread: Annotated[int, AfterValidator(_known_version), Field(json_schema_extra={"const": FORMAT_VERSION})]
    """The version of the format."""

    name: Name
    """What the workout is called."""

    level: Annotated[int, Field(ge=0, le=10)] | None = None
    """The level of the ladder from which it may be done."""

    where: Literal["home", "clinic"] = "home"
    """``clinic``: never started at home. Somebody qualified plans it and stands beside the belt."""

    source: Source | None = None
    """Where the dose comes from."""

    population: Words | None = None
    """Who took part where the dose was published."""

    dose: Dose | None = None
    """The dose as it was published; without it nothing was published."""

    filled_in: Annotated[tuple[Words, ...], Field(max_length=LIST_MAX)] = Field(default=(), alias="filled in")
    """What the source leaves open and this file decides, and where the file differs from it."""

    not_for: Annotated[tuple[Words, ...], Field(max_length=LIST_MAX)] = Field(default=(), alias="not for")
    """Who should ask a clinician first, or leave it."""

    needs: Annotated[
        tuple[Literal["spotter", "harness", "rails"], ...],
        Field(max_length=LIST_MAX, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_each_once),
    ] = ()
    """What has to be there."""

    support: Support | None = None
    """What holds the person."""

    tags: Annotated[
        tuple[TagWord, ...],
        Field(max_length=LIST_MAX, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_each_once),
    ] = ()
    """Words to find it by."""


class Card(About):
    """Something to read that has no steps: a dose that is not run here, or a place for one that nobody published."""

    kind: Literal["card", "template"]
    """``card``: a published dose that does not fit a belt at home. ``template``: no treadmill dose was found, and a
    clinician fills it in."""

    why: Words
    """Why it is not run."""
