"""Answers that do not come at once: late, twice, or never."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from ...machine import CommandOutcome, Unknown

DOUBLE_AFTER_S = 0.3
"""The second copy of an answer: late enough to meet a later command, soon enough to be taken for its answer."""


@dataclass(frozen=True, slots=True)
class Pending:
    """No answer yet; it will come under this number."""

    number: int


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """An answer that came after its command; the same number may come twice."""

    number: int
    outcome: CommandOutcome


class Answers:
    """How the answers of one machine come back.

    after_s   an answer comes this long after its command; 0: with the call
    doubled   every answer comes a second time
    stuck     no command reaches the machine any more, and none is answered
    """

    __slots__ = ("_due", "_given", "_stuck", "after_s", "doubled", "stuck")

    def __init__(self, after_s: float) -> None:
        self.after_s = after_s
        self.doubled = False
        self.stuck = False
        self._given = 0
        self._due: deque[tuple[float, LateAnswer]] = deque()
        self._stuck: list[int] = []

    @property
    def next_due_s(self) -> float:
        """When the next answer is there; infinite when none is on its way."""
        return self._due[0][0] if self._due else math.inf

    def swallow(self) -> Pending:
        """A command that hangs in the link."""
        self._given += 1
        self._stuck.append(self._given)
        return Pending(self._given)

    def give(self, outcome: CommandOutcome, now_s: float) -> CommandOutcome | Pending:
        """The machine has decided; its answer is handed back now or comes later."""
        if self.after_s == 0 and not self.doubled:
            return outcome
        self._given += 1
        answer = LateAnswer(self._given, outcome)
        self._put(now_s + self.after_s, answer)
        if self.doubled:
            self._put(now_s + self.after_s + DOUBLE_AFTER_S, answer)
        return Pending(self._given)

    def take(self, now_s: float) -> tuple[LateAnswer, ...]:
        """Every answer that has come by now, in order; each is given once."""
        taken: list[LateAnswer] = []
        while self._due and self._due[0][0] <= now_s:
            taken.append(self._due.popleft()[1])
        return tuple(taken)

    def lose(self, now_s: float, reason: str) -> None:
        """The link is gone: what was not answered by now is not known, once each."""
        waiting = [*(answer.number for due_s, answer in self._due if due_s > now_s), *self._stuck]
        kept = [(due_s, answer) for due_s, answer in self._due if due_s <= now_s]
        self._stuck.clear()
        lost = [(now_s, LateAnswer(number, Unknown(reason))) for number in dict.fromkeys(waiting)]
        self._due = deque([*kept, *lost])

    def begin_anew(self) -> None:
        """A new connection: what the last one still owed is not owed any more, and nothing hangs in it."""
        self._due.clear()
        self._stuck.clear()
        self.stuck = False

    def _put(self, due_s: float, answer: LateAnswer) -> None:
        self._due.append((due_s, answer))
        self._due = deque(sorted(self._due, key=lambda one: one[0]))
