"""A search from the screens: what is heard becomes choices, while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ..devices.address import parse_address
from ..devices.advert import Advert, Kind
from .treadmills import choice_of
from .view import OnAir, StrapFound

SHOWN_MAX = 50
"""More machines than a person chooses among; those that are loudest are among them."""


def via_of(address: str) -> str:
    """The transport that an address names; a search listens on the same one."""
    return next((value for key, value in parse_address(address).options if key == "via"), "")


def search_for(via: str, folder: Path, told: Callable[[OnAir], None]) -> str | None:
    """Listen for some seconds, and tell all that was heard so far with each news; a sentence where that failed."""
    from .machines.heard import keep_heard
    from .machines.search import SECONDS, search

    heard: list[Advert] = []

    def one_more(advert: Advert) -> None:
        heard.append(advert)
        told(on_air(heard, via, folder))

    problem = search(SECONDS, via, folder, one_more)
    keep_heard(heard, folder)
    return problem


def on_air(adverts: Iterable[Advert], via: str, folder: Path) -> OnAir:
    """Treadmills and straps among what was heard; names are cleaned, an address stands once."""
    from .machines.listing import listed
    from .machines.wording import shown

    treadmills, straps = [], []
    for one in listed(adverts, via, folder):
        name = shown(one.advert.name)
        if one.card is not None:
            treadmills.append(choice_of(one.card, frozenset(), name))
        elif one.address is not None and one.advert.kind is Kind.HEART_STRAP:
            straps.append(StrapFound(one.address, name))
    return OnAir(tuple(treadmills[:SHOWN_MAX]), tuple(straps[:SHOWN_MAX]))
