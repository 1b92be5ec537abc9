"""What somebody said of themselves around one session: the numbers, each with when it was said. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .history import highest
from .scales import Moment


@dataclass(frozen=True, slots=True)
class Answers:
    """Pain and effort from 0 to 10; None: not said. Of several in the session the highest stays."""

    pain_before: int | None = None
    pain_during: int | None = None
    pain_after: int | None = None
    effort: int | None = None

    def of(self, moment: Moment, pain: int | None, effort: int | None) -> Answers:
        """With what was said then; who says nothing takes nothing back.

        Before the session only pain counts. The effort is the one that was said last.
        """
        if moment is Moment.BEFORE:
            return self if pain is None else replace(self, pain_before=pain)
        told = replace(self, effort=self.effort if effort is None else effort)
        if moment is Moment.DURING:
            return replace(told, pain_during=highest(self.pain_during, pain))
        return told if pain is None else replace(told, pain_after=pain)

    @property
    def after_said(self) -> bool:
        """Whether nothing is missing that is asked after a session."""
        return self.pain_after is not None and self.effort is not None


NO_ANSWERS = Answers()
