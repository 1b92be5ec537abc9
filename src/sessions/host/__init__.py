"""The computer under the program: is its screen locked, does it go to sleep, and may it now?

``system_host()`` when a run opens; it loads what it needs on a thread of its own. Importing this package loads
none of it.
"""

from __future__ import annotations

from .host import LOCKED, Host, SilentHost, system_host

__all__ = ["LOCKED", "Host", "SilentHost", "system_host"]
