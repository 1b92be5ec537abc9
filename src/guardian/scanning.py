"""Main's request to listen for machines and straps: bounded in time and in what it says, whatever is on the air."""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock
from ..devices.advert import Advert
from ..devices.errors import TreadmillError
from ..devices.gatt.deadline import within
from .messages import PROTOCOL, Found, Scan, ScanEnded

# A machine advertises at least every 1.28 s (FTMS 1.0, 3.1.2); after two minutes nobody waits for one any more.
LONGEST_S = 120.0
# Beyond the listening itself: to wake a radio, and to let go of it.
BESIDES_S = 15.0
# More advertisers than any gymnasium has. What comes after them is not told, so that it cannot crowd the pipe.
ADVERTISERS_MAX = 200
# A name or an address that is longer came from somebody who plays; a Bluetooth name has at most 248 bytes.
TEXT_MAX = 248
# An advertiser that changes its words all the time is told this often.
TELLINGS_MAX = 5


class Hearing:
    """Who has been heard so far: each is told once, and again when what it says of itself has changed."""

    def __init__(self, tell: Callable[[Found], None]) -> None:
        self._tell = tell
        self._told: dict[str, Advert] = {}
        self._times: dict[str, int] = {}

    def heard(self, advert: Advert) -> None:
        """One advertisement; how loud it is, is no news."""
        before, times = self._told.get(advert.address), self._times.get(advert.address, 0)
        full = before is None and len(self._told) >= ADVERTISERS_MAX
        if full or times >= TELLINGS_MAX or len(advert.address) > TEXT_MAX or len(advert.name) > TEXT_MAX:
            return
        if before is not None and _words(before) == _words(advert):
            return
        self._told[advert.address], self._times[advert.address] = advert, times + 1
        self._tell(Found(advert))


def _words(advert: Advert) -> tuple[object, ...]:
    return advert.name, advert.kind, advert.services


async def scanned(message: Scan, clock: Clock, tell: Callable[[Found], None]) -> ScanEnded:
    """Listen as asked and tell what is heard; how it ended. Raises nothing: a radio that fails is a sentence."""
    if message.protocol != PROTOCOL:
        return ScanEnded(f"main speaks protocol {message.protocol}, the guardian {PROTOCOL}: reinstall")
    if not 0 < message.seconds <= LONGEST_S:
        return ScanEnded(f"a search of {message.seconds:g} s is not possible: ask for up to {LONGEST_S:.0f} s")
    try:
        from ..devices.gatt.scan import scan  # bleak, and nobody else here needs it

        await within(clock, message.seconds + BESIDES_S, scan(message.seconds, clock, Hearing(tell).heard, message.via))
    except TimeoutError:
        return ScanEnded("the radio did not answer in time; switch Bluetooth off and on, and run 'retrotread doctor'")
    except TreadmillError as error:
        return ScanEnded(str(error))
    except Exception as error:  # noqa: BLE001  whatever a radio fails with, the person hears of it
        return ScanEnded(f"the search failed ({type(error).__name__}: {error}); run 'retrotread doctor'")
    return ScanEnded()
