"""Who the settings name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sessions.person import Person


def person_of_settings() -> Person | None:
    """Who trains here, with what holds them back; settings that cannot be read are told and count for nothing."""
    from ..clock import wall_now
    from ..config import read_settings
    from ..sessions.folder import folder_path
    from ..sessions.owed import held_back_by, looked_up
    from ..sessions.settings import person_in
    from ..sessions.who import with_known

    settings = read_settings()
    if settings.problem is not None:
        print(f"{settings.problem}; careful defaults hold", file=sys.stderr)
    folder = folder_path()
    person, owed = person_in(with_known(settings, folder)), looked_up(folder, wall_now().astimezone())
    if owed.problem is not None:
        print(f"retrotread: {owed.problem}", file=sys.stderr)
    return None if person is None else held_back_by(owed, person)
