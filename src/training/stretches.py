"""The card for after a session: what going backward loads, stretched. Pure.

Held half a minute, as is usual for static stretches (American College of Sports Medicine, Garber et al. 2011, Med Sci
Sports Exerc 43:1334: 10 to 30 s). It can be left out: nothing asks whether it was done.
"""

from __future__ import annotations

from dataclasses import dataclass

LOWER_LIMBS = "stretch lower limbs"
"""How a workout asks for this card in its ``after``."""

HOLD_S = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """One muscle, why it is on the card, and how it is stretched."""

    muscle: str
    why: str
    how: str

    @property
    def key(self) -> str:
        """Its name in the tables of what is spoken."""
        return self.muscle.replace(" ", "-")


STRETCHES = (
    Stretch(
        "calf",
        "it takes the weight on the forefoot, and brakes",
        "hands on a wall, one leg far behind, heel down, knee straight; then the same with the knee a little bent",
    ),
    Stretch(
        "front of the thigh",
        "it pushes you backward",
        "stand at a rail, take one foot to the seat, knees together, hips forward",
    ),
    Stretch(
        "hip flexors",
        "they push you backward too",
        "kneel on one knee, the other foot in front, hips forward, back upright",
    ),
    Stretch(
        "back of the thigh",
        "it brakes and steadies the knee",
        "one heel on a low step, knee nearly straight, bend forward from the hips with a long back",
    ),
    Stretch(
        "seat",
        "it keeps the pelvis level",
        "lie on the back, one ankle over the other knee, draw that thigh to the chest",
    ),
)


def in_one_line() -> str:
    """The card as a line of a summary."""
    muscles = ", ".join(one.muscle for one in STRETCHES)
    return f"{LOWER_LIMBS}, {HOLD_S} s a side, to a pull and never to pain: {muscles}"


def card() -> tuple[str, ...]:
    """The card, a line a muscle."""
    return tuple(f"{one.muscle}: {one.how}" for one in STRETCHES)


def spelled_out(after: tuple[str, ...]) -> tuple[str, ...]:
    """What a workout asks for after it, with the card where it asks for that."""
    return tuple(in_one_line() if one == LOWER_LIMBS else one for one in after)
