"""Whether a connection shows as much of the machine as the program goes by. Pure.

The guardian goes by what the first connection showed. A later one may show less: a value that was not read in time, an
adapter whose number nobody finds any more, events that the machine does not offer this time. Whoever is on the belt is
moved by what is known of this very machine, so such a connection is read and stopped, and nothing is armed over it.
"""

from __future__ import annotations

from ..devices.connection import Connection
from ..devices.sheet import Sheet
from ..machine import Qualification

DEAF = (
    "the treadmill does not tell any more when its key is pulled or it is stopped at its console, as it did before "
    "this connection; it is only read: end the program and start it again"
)


def doubt_about(sheet: Sheet | None, first: Connection, met: Connection) -> str | None:
    """Why nothing is armed over the connection ``met``; None where it shows what the ``first`` one did.

    The first is held against the sheet alone, and what is in doubt of it stays so: the guardian goes by it for good.
    """
    known, shown = first.reader.profile, met.reader.profile
    qualified = sheet is not None and sheet.profile.qualification is not Qualification.NONE
    if (qualified and shown.qualification is Qualification.NONE) or (shown.unnumbered and not known.unnumbered):
        return met.remark
    if qualified and known.qualification is Qualification.NONE:
        return first.remark
    return DEAF if first.tells_events and not met.tells_events else None
