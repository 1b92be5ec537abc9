"""``retrotread estimate``: what the body does, as far as formulas know it. Nothing here reaches a belt.

Exit code 0: a range for each figure. 1: for one at least there is none, and why.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from ..machine import BeltDirection, Facing
from ..training.estimates.asked import Answer, about_cadence, about_heart, about_load, about_oxygen
from ..training.estimates.heart_max import Heartbearer
from ..training.estimates.motion import Motion
from ..training.estimates.ranges import Range
from ..workouts.quantity import QuantityError, parse_incline_percent, parse_speed_kph
from . import FOUND

app = typer.Typer(
    no_args_is_help=True,
    help="Estimate oxygen, heart rates, cadence and load: ranges with their formulas. No estimate drives a belt.",
)

AsJson = Annotated[bool, typer.Option("--json", help="One object instead of sentences.")]
Run = Annotated[bool, typer.Option("--run", help="Running, and not walking.")]


@app.command()
def heart(
    age: Annotated[float, typer.Option(help="In years.")],
    rest: Annotated[float | None, typer.Option(help="Heart rate at rest, in beats per minute.")] = None,
    held: Annotated[
        bool, typer.Option("--held", help="A beta-blocker, a pacemaker or an irregular heart holds the rate.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Heart rates by age: the highest, a ceiling, the bands of intensity."""
    _tell(about_heart(Heartbearer(age, held), rest), as_json)


@app.command()
def oxygen(  # noqa: PLR0913  a command line is a list of options
    speed: Annotated[str, typer.Option(help="As in a workout: '3 km/h'.")],
    incline: Annotated[str, typer.Option(help="Of the deck: '5 %'.")] = "0 %",
    facing: Annotated[Facing, typer.Option(help="Where the person faces.")] = Facing.REAR,
    belt: Annotated[BeltDirection, typer.Option(help="Which way the belt runs.")] = BeltDirection.FORWARD,
    run: Run = False,
    minutes: Annotated[float, typer.Option(help="At that speed.")] = 10.0,
    handrail: Annotated[bool, typer.Option("--handrail", help="With hands on the rails.")] = False,
    mass: Annotated[float | None, typer.Option(help="Of the body, in kg: then the energy too.")] = None,
    as_json: AsJson = False,
) -> None:
    """What going at a speed costs, backward unless said otherwise."""
    try:
        measured = parse_speed_kph(speed), parse_incline_percent(incline)
    except QuantityError as error:
        raise typer.BadParameter(str(error)) from None
    _tell(about_oxygen(Motion(*measured, facing, belt, run, minutes * 60, handrail), mass), as_json)


@app.command()
def cadence(
    forward: Annotated[float, typer.Option(help="Steps per minute going forward at the same speed.")],
    speed: Annotated[str | None, typer.Option(help="As in a workout: '6 km/h': then the step too.")] = None,
    run: Run = False,
    as_json: AsJson = False,
) -> None:
    """The cadence to aim at, going backward."""
    try:
        speed_kph = None if speed is None else parse_speed_kph(speed)
    except QuantityError as error:
        raise typer.BadParameter(str(error)) from None
    _tell(about_cadence(forward, run, speed_kph), as_json)


@app.command()
def load(
    effort: Annotated[float, typer.Option(help="0 to 10, as told after the session.")],
    minutes: Annotated[float, typer.Option(help="Of the session.")],
    as_json: AsJson = False,
) -> None:
    """The load of a session: effort times minutes."""
    _tell(about_load(effort, minutes), as_json)


def _tell(answers: tuple[Answer, ...], as_json: bool) -> None:
    print(json.dumps(list(map(_plain, answers)), indent=2) if as_json else "\n".join(one.text for one in answers))
    raise typer.Exit(0 if all(isinstance(one.estimate, Range) for one in answers) else FOUND)


def _plain(answer: Answer) -> dict[str, Any]:
    """The published keys: the range unrounded, or why there is none."""
    head = {"what": answer.what, "unit": answer.unit, "formulas": list(answer.formulas)}
    if isinstance(answer.estimate, Range):
        return {**head, "low": answer.estimate.low, "high": answer.estimate.high, "not_estimated": None}
    return {**head, "low": None, "high": None, "not_estimated": answer.estimate.reason}
