"""Settings that every test shares."""

from __future__ import annotations

from hypothesis import settings

# A property is about values, not about how busy this computer is: no example fails for being slow.
settings.register_profile("retrotread", settings.get_profile("default"), deadline=None)
if settings.get_current_profile_name() == "default":
    settings.load_profile("retrotread")
