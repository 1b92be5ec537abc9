"""Who the settings name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sessions.person import Person


def person_of_settings() -> Person | None:
    """Who trains here; settings that cannot be read are told and count for nothing."""
    from ..config import read_settings
    from ..sessions.settings import person_in

    settings = read_settings()
    if settings.problem is not None:
        print(f"{settings.problem}; careful defaults hold", file=sys.stderr)
    return person_in(settings)
