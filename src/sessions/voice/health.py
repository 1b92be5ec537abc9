"""Whether the voice works, as far as can be known without ears."""

from __future__ import annotations

FAILURES_BELIEVED = 2
"""So many in a row: one alone may be a sound device that was busy for a moment; a cue that counts is said again."""

_MEND = "try it in another terminal, or set cues.speech to false and go by the bell"


class Health:
    """Counts failures in a row. ``why`` None: nothing is wrong. One thread writes, any thread reads."""

    def __init__(self) -> None:
        self.why: str | None = None
        self._failures = 0

    def worked(self) -> None:
        """One text was spoken to its end, or the bell that stands for it was rung."""
        self._failures, self.why = 0, None

    def failed(self, program: str, how: str) -> None:
        """One text was not; ``how`` goes behind "it"."""
        self._failures += 1
        if self._failures >= FAILURES_BELIEVED:
            self.why = f"the voice failed {self._failures} times in a row: {program} {how}; {_MEND}"

    def broke(self, sentence: str) -> None:
        """Something failed that never should; once is enough."""
        self.why = sentence
