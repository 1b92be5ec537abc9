"""A step of the ladder as a workout file: what is recommended, and nothing beside it.

Five minutes of easy walking, the bouts of the step with its rests, and a cool-down. What a shipped workout of the
level does beside that, as a second speed or a hill, belongs to steps above.
"""

from __future__ import annotations

from ..machine import Facing
from ..training.ladder import LADDER, Hands, Level, Step
from ..workouts.formats.written import WrittenAbout, WrittenItem, WrittenRepeat, WrittenStep, WrittenWorkout
from ..workouts.quantity import duration_text, incline_text, speed_text
from ..workouts.source import parse_workout
from ..workouts.steps import WARM_UP_S
from .prepare import Written

NEXT = "next"
"""The key of an offer that is the recommended step."""

COOL_DOWN_TO_KPH = 2.0
"""After runs the last minutes go from the easy walk down to a slow one: fast to slow, as coaches end; and no slower, or
machines whose lowest speed is a mile an hour could not do it."""

OFF_BELT_REST_S = 60.0
"""Level 0 rests on the side rails, and finds its stop with the hand: long enough for both."""

_NEEDS = {"spotter or harness": "spotter", "supervisor": "spotter"}
"""A workout file names one of two that the checklist takes either of, and a supervisor is somebody beside the belt."""

_HANDRAIL = {
    Hands.BOTH_RAILS: "both hands",
    Hands.ONE_RAIL: "one hand",
    Hands.FINGERTIPS: "fingertips",
    Hands.FREE: "none",
    Hands.FREE_NEAR: "within reach",
}

_NOT_FOR = (
    "a fall in the last twelve months, dizziness, numb feet, or trouble with balance or sight; ask a clinician first",
    "heart disease, high blood pressure, pregnancy, or a recent operation or injury; ask a doctor first",
)
_NOT_FOR_CALVES = "a sore calf or Achilles tendon, because uphill loads both; walk on the flat instead"
_NOT_FOR_RUNS = "a sore calf, Achilles tendon or forefoot, or a backward run the day before; walk instead"

_STAND = "onto the side rails, rest, and touch your stop"

_DRILLS = (
    ("3 min", "beside the belt, walk backward along a wall, toes first, short steps, eyes level"),
    ("2 min", "the belt stands, step onto the side rails, facing the rear, then onto the belt, and back, five times"),
    ("1 min", "stop practice, touch your stop without looking and let go, five times, then with the other hand"),
)
"""What comes before the first steps on a belt that moves, in place of a warm-up on it."""


def workout_of(step: Step, name: str | None = None) -> str:
    """The workout file of one step, backward on an ordinary belt; without a name it is called as the step reads."""
    level = step.level
    steps = _first_steps(step) if level.number == LADDER[0].number else _walked_in(step)
    return WrittenWorkout(
        name=step.text[0].upper() + step.text[1:] if name is None else name,
        facing=Facing.REAR.value,
        steps=tuple(steps),
        comments=("After the ladder of Retrotread. What each key means: docs/workout-file.md",),
        level=level.number,
        needs=needs_of(level),
        after=("stretch lower limbs",),
        about=_about(step),
    ).text()


def recommended(step: Step, *why: str) -> Written:
    """The same as one of the workouts on offer, with the sentences that say why it is offered."""
    text = workout_of(step).encode("utf-8")
    return Written(NEXT, text, parse_workout(text, NEXT), why)


def needs_of(level: Level) -> tuple[str, ...]:
    """What a level needs, in the words of a workout file."""
    return tuple(dict.fromkeys(_NEEDS.get(one, one) for one in level.needs))


# --- the steps --------------------------------------------------------------------------------------------------


def _first_steps(step: Step) -> list[WrittenItem]:
    rest = WrittenStep("off belt", duration_text(OFF_BELT_REST_S), say=_STAND)
    bout = _bout(step)
    return [
        *(WrittenStep("off belt", length, say=say) for length, say in _DRILLS),
        *([WrittenRepeat(step.dose.bouts - 1, (bout, rest))] if step.dose.bouts > 1 else []),
        bout,
        _cool_down(step.level.around_min, step.dose.speed_kph),
    ]


def _walked_in(step: Step) -> list[WrittenItem]:
    level, dose, bout = step.level, step.dose, _bout(step)
    work = (bout, _rest(step)) if level.rest_s else (bout,)
    return [
        WrittenStep("walk", duration_text(WARM_UP_S), speed_text(level.easy_kph), say=_posture(level)),
        *(work if dose.bouts == 1 else (WrittenRepeat(dose.bouts, work),)),
        _cool_down(level.around_min - WARM_UP_S / 60, level.easy_kph, COOL_DOWN_TO_KPH if level.runs else None),
    ]


def _rest(step: Step) -> WrittenStep:
    """A slower walk; where nothing is slower, a stand: so that no effort is held for longer than its bout."""
    length = duration_text(step.level.rest_s)
    if step.level.easy_kph >= step.dose.speed_kph:
        return WrittenStep("off belt", length, say=_STAND)
    return WrittenStep("walk", length, speed_text(step.level.easy_kph), say="slower, let the shoulders drop")


def _bout(step: Step) -> WrittenStep:
    dose, runs = step.dose, step.level.runs
    return WrittenStep(
        "run" if runs else "walk",
        duration_text(dose.bout_s),
        speed_text(dose.speed_kph),
        incline_text(dose.incline_percent) if dose.incline_percent else None,
        "run, short quick steps, land on the forefoot" if runs else "this is the speed, keep the steps short",
    )


def _cool_down(minutes: float, speed_kph: float, to_kph: float | None = None) -> WrittenStep:
    speed = speed_text(speed_kph) if to_kph is None else f"{speed_text(speed_kph)} -> {speed_text(to_kph)}"
    return WrittenStep("cool down", duration_text(minutes * 60), speed, say="slower to the end")


def _posture(level: Level) -> str:
    held = "" if level.hands is Hands.FREE else f"{level.hands.value}, "
    return f"{held}tall, eyes level, short steps"


# --- the head ---------------------------------------------------------------------------------------------------


def _about(step: Step) -> WrittenAbout:
    level = step.level
    return WrittenAbout(
        source=f"Retrotread ladder, level {level.number}; reasoned, and anchored on: {level.anchor}",
        grade="proposal",
        not_for=(*_NOT_FOR, *_loads(step)),
        handrail=_HANDRAIL[level.hands],
        assistance=(
            "somebody beside the belt, within arm's reach of a stop"
            if "spotter" in needs_of(level)
            else "nobody has to help"
        ),
        tags=("ladder", "running" if level.runs else "walking"),
    )


def _loads(step: Step) -> tuple[str, ...]:
    if step.level.runs:
        return (_NOT_FOR_RUNS,)
    return (_NOT_FOR_CALVES,) if step.dose.incline_percent else ()
