"""What stands for a person where no name may stand: drawn by chance, and easily read aloud."""

from __future__ import annotations

import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Those of base 32 that nobody takes for another one (Crockford's)."""

LETTERS = 6
"""Two participants of a clinic of a thousand share one once in a thousand times; it is drawn again then."""


def drawn() -> str:
    """A new one, as in P-7QK2M9."""
    return "P-" + "".join(secrets.choice(_LETTERS) for _ in range(LETTERS))
