"""Whether a machine follows what it is told: taking a set-point is no proof, a read-back that moves is. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

SHARE_SHOWN = 0.5
"""Of the way to the set-point: half of it is no accident and no last digit."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is followed: its name, its unit, its smallest step worth a trial, and how long a machine may take."""

    name: str
    unit: str
    step: float
    within_s: float


@dataclass(frozen=True, slots=True)
class Trial:
    """The first set-point that a machine took, what it told before, and when it has to have moved."""

    before: float
    target: float
    due_s: float


@dataclass(frozen=True, slots=True)
class Following:
    """What is known of one quantity of one machine. ``ignored``: a sentence, once it was seen not to follow."""

    quantity: Quantity
    shown: bool = False
    trial: Trial | None = None
    ignored: str | None = None

    def refusal(self, target: float) -> str | None:
        """Why this set-point is not sent; None: it may be. Downwards it always may, but to a machine that ignores."""
        if self.ignored is not None or self.trial is None or target <= self.trial.target:
            return self.ignored
        return f"the machine has not yet shown that it follows a {self.quantity.name}; no higher one before it has"

    def taken(self, before: float, target: float, now_s: float) -> Following:
        """The machine took a set-point; the first that changes something is the trial."""
        if self.shown or abs(target - before) < self.quantity.step:
            return self
        due_s = now_s + self.quantity.within_s if self.trial is None else self.trial.due_s
        return replace(self, trial=Trial(before, target, due_s))

    def told(self, value: float, now_s: float) -> Following:
        """The machine tells where it is."""
        if self.trial is None:
            return self
        moved, wanted = value - self.trial.before, self.trial.target - self.trial.before
        if moved / wanted >= SHARE_SHOWN:
            return replace(self, shown=True, trial=None)
        return self if now_s < self.trial.due_s else replace(self, trial=None, ignored=self._sentence(value))

    def called_off(self) -> Following:
        """A stop or a hand came between: the trial shows nothing."""
        return replace(self, trial=None)

    def _sentence(self, value: float) -> str:
        assert self.trial is not None
        kind = self.quantity
        return (
            f"the machine took a {kind.name} of {self.trial.target:.1f} {kind.unit} and still tells {value:.1f}"
            f" {kind.unit} after {kind.within_s:.0f} s: it does not follow, and is only read"
        )
