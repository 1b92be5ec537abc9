"""What is known of the computer, and what is wrong with that knowledge. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Fact(Enum):
    """What logind tells; each is true or false, and false until it was told."""

    LOCKED = "the screen is locked"
    SLEEP = "the computer goes to sleep"
    SHUTDOWN = "the computer shuts down"


class Topic(Enum):
    """What a trouble is about; one sentence for each at a time, the most far-reaching first."""

    BUS = "bus"
    SESSION = "session"
    NEWS = "news"
    BLOCK = "block"
    DELAY = "delay"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The facts that hold, and the troubles as (topic, sentence)."""

    facts: frozenset[Fact] = frozenset()
    troubles: tuple[tuple[Topic, str], ...] = ()

    @property
    def why(self) -> str | None:
        """All troubles in the order of their topics; None without any."""
        told = dict(self.troubles)
        return ". ".join(told[topic] for topic in Topic if topic in told) or None

    def forgotten(self) -> Knowledge:
        """The same troubles, and no fact."""
        return replace(self, facts=frozenset())

    def learned(self, fact: Fact, holds: bool) -> Knowledge:
        """The same, with what was told about one fact."""
        return replace(self, facts=self.facts | {fact} if holds else self.facts - {fact})

    def troubled(self, topic: Topic, sentence: str) -> Knowledge:
        """The same, with a trouble in place of the topic's last one."""
        return replace(self, troubles=(*self.mended(topic).troubles, (topic, sentence)))

    def mended(self, topic: Topic) -> Knowledge:
        """The same, without the topic's trouble."""
        return replace(self, troubles=tuple(trouble for trouble in self.troubles if trouble[0] is not topic))
