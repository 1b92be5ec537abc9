"""logind: who tells of the lock of the screen and of a coming sleep, and keeps the computer awake."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass, field

from ..host.knowledge import Fact, Topic
from .finding import Finding, Mend, everywhere, ok, warning
from .probe import Probe

ANSWER_MAX_S = 2.0
"""logind answers within milliseconds; it is started on demand within a second."""

LOGIND_OK = ok("logind-ok", "logind tells of lock and sleep, and lets this program keep the computer awake")
NOT_HERE = warning(
    "lock-and-sleep-unknown",
    "on this system nothing tells that the screen is locked or that the computer goes to sleep",
    Mend(
        macos="Run caffeinate -dis in another window during a session, leave the lid open and the screen unlocked.",
        windows="Set Settings > System > Power > Screen and sleep to Never for a session, and leave it unlocked.",
    ),
)
LOGIND_NONE = warning(
    "logind-none",
    "logind does not answer: {reason}",
    Mend("Install systemd-logind or elogind. Until then keep the computer awake and its screen unlocked by hand."),
)
SESSION_UNKNOWN = warning(
    "logind-no-session",
    "logind knows no session of this program: {reason}",
    Mend("Log in at the computer itself and start Retrotread from a terminal there; over ssh no screen lock is seen."),
)
LOCK_REFUSED = warning(
    "logind-refuses",
    "the computer may not be kept awake by this program: {reason}",
    Mend(
        "polkit refuses it, as a rule because you are logged in from afar. Log in at the computer itself, or run the "
        "session under systemd-inhibit --what=sleep:idle retrotread."
    ),
)
TROUBLED = warning("logind-troubled", "logind: {reason}", everywhere("Look at systemctl status systemd-logind."))
ENTRIES = (LOGIND_OK, NOT_HERE, LOGIND_NONE, SESSION_UNKNOWN, LOCK_REFUSED, TROUBLED)


@dataclass(frozen=True, slots=True)
class LogindFacts:
    """``here``: a system that has it. Each of the others is a sentence of what does not work, None where it does."""

    here: bool
    unreachable: str | None = None
    no_session: str | None = None
    refused: str | None = None
    trouble: str | None = None


def judge(facts: LogindFacts) -> tuple[Finding, ...]:
    """What of the watch on the computer does not work."""
    if not facts.here:
        return (NOT_HERE.found(),)
    if facts.unreachable is not None:
        return (LOGIND_NONE.found(reason=facts.unreachable),)
    reasons = (
        (SESSION_UNKNOWN, facts.no_session),
        (LOCK_REFUSED, facts.refused),
        (TROUBLED, facts.trouble),
    )
    return tuple(entry.found(reason=why) for entry, why in reasons if why is not None) or (LOGIND_OK.found(),)


@dataclass(slots=True)
class _Ear:
    """Keeps what does not work, by its topic."""

    troubles: dict[Topic, str] = field(default_factory=dict)

    def learned(self, fact: Fact, holds: bool) -> None:
        """That it tells is what counts, not what."""

    def troubled(self, topic: Topic, sentence: str) -> None:
        """Something does not work."""
        self.troubles[topic] = sentence


async def asked(address: str | None) -> LogindFacts:
    """Connect over the system bus, or the bus at ``address``, take the lock against sleep and give it back at once."""
    from ..host.logind import LOCKS, LogindError, connect

    ear = _Ear()
    try:
        logind = await connect(address, ear, ANSWER_MAX_S)
    except LogindError as error:
        return LogindFacts(True, unreachable=str(error))
    refused = None
    try:
        os.close(await logind.inhibit(LOCKS[0]))
    except LogindError as error:
        refused = str(error)
    finally:
        with contextlib.suppress(OSError):
            logind.close()
    return LogindFacts(True, None, ear.troubles.get(Topic.SESSION), refused, ear.troubles.get(Topic.NEWS))


def collect() -> LogindFacts:
    """logind of this computer."""
    return asyncio.run(asked(None)) if sys.platform.startswith("linux") else LogindFacts(False)


PROBE = Probe("logind", collect, judge, ENTRIES)
