"""What is known of one machine before it is reached: its profile, its dialect, and which machine that is about."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import DeviceProfile, Identity
from .ftms.dialect import AS_SPECIFIED, FtmsDialect


@dataclass(frozen=True, slots=True)
class Sheet:
    """A machine's data sheet, made by main from a family's file or from a sealed profile.

    ``sealed_for``: the very machine that was qualified; a driver that meets another one under this address reads it
    and moves nothing. None for a family's sheet, which nobody has tried on this machine.
    """

    profile: DeviceProfile
    dialect: FtmsDialect = AS_SPECIFIED
    sealed_for: Identity | None = None
