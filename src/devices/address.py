"""The address of a treadmill, as a person types it: ``SCHEME://NAME?option=value&option=value``.

    sim://well-behaved
    sim://slow-reporter?fault=silent@300&fault=ignore-stop@310&seed=7
    coach://track
    ble://HORIZON-7.4
    serial+trackmaster:///dev/serial/by-id/usb-FTDI_A50285BI-if00-port0?units=mph
    serial+woodway:///dev/serial/by-id/usb-FTDI_A50285BJ-if00-port0

A letter that would read as grammar, and anything beyond ASCII, may be written as ``%`` and two hexadecimal
digits of its UTF-8 bytes (``%20`` is a space). ``str(address)`` is the one canonical spelling.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from .biodex.setup import biodex_setup
from .coached import coached_profile
from .csafe.setup import csafe_setup
from .errors import AddressError
from .gatt.radio import radio_setup
from .heart.simulated import simulated_strap
from .simulated.options import simulated_setup
from .trackmaster.setup import trackmaster_setup
from .woodway.setup import woodway_setup

ADDRESS_LENGTH_MAX = 512
"""Room for a long device path and a dozen options; a longer text was pasted by mistake."""

REAL_SCHEMES = frozenset({"ble", "serial+trackmaster", "serial+woodway", "serial+csafe", "serial+biodex"})
"""Schemes behind which a real belt is."""

EXPERIMENTAL_SCHEMES = frozenset({"serial+biodex"})
"""Those whose driver rests on too little: nobody is on such a belt, whatever a qualification has seen."""

REPEATABLE_OPTIONS = frozenset({"fault"})
"""Options that may be given more than once, with different values."""

Options = tuple[tuple[str, str], ...]

_OPTION_CHECKS: dict[str, Callable[[str, Options], object]] = {
    "sim": simulated_setup,
    "coach": coached_profile,
    "ble": radio_setup,
    "sim-strap": simulated_strap,
    "serial+trackmaster": trackmaster_setup,
    "serial+woodway": woodway_setup,
    "serial+csafe": csafe_setup,
    "serial+biodex": biodex_setup,
}
"""What each known scheme asks of a name and options; it raises ValueError with a sentence.

An unknown scheme is well formed all the same: ``connect`` knows which schemes have a driver.
"""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,31}", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})", re.ASCII)
_EXAMPLE = "write for example sim://well-behaved?seed=7"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a treadmill is: how to reach it, which one, and with what settings. Always a valid one.

    Raises AddressError for parts that ``parse_address`` would not give.
    """

    scheme: str
    name: str
    options: Options = ()

    def __post_init__(self) -> None:
        try:
            _check(self)
        except ValueError as error:
            raise AddressError(f"address {_shown(str(self))}: {error}") from error

    def __str__(self) -> str:
        # "replace" serves the error message about a character that has no bytes; no valid address needs it.
        options = "&".join(f"{key}={quote(value, safe='@:/,', errors='replace')}" for key, value in self.options)
        name = quote(self.name, safe="@:/,", errors="replace")
        return f"{self.scheme}://{name}{'?' if options else ''}{options}"


def parse_address(text: str) -> Address:
    """Read an address. Raises AddressError for anything else, with what is wrong, where, and the mend."""
    try:
        _check_text(text)
        scheme, name, options = _split(text)
    except ValueError as error:
        raise AddressError(f"address {_shown(text)}: {error}") from error
    return Address(scheme, name, options)


def _check_text(text: str) -> None:
    if len(text) > ADDRESS_LENGTH_MAX:
        raise ValueError(f"it is {len(text)} characters long; the limit is {ADDRESS_LENGTH_MAX}; shorten it")
    _check_printable(text, "the text")
    if (escape := _BROKEN_ESCAPE.search(text)) is not None:
        raise ValueError(
            f"the % at character {escape.start() + 1} is not followed by two hexadecimal digits; write %25 for a bare %"
        )


def _split(text: str) -> tuple[str, str, Options]:
    scheme, colon, rest = text.partition("://")
    if not colon:
        raise ValueError(f"there is no '://' in it; {_EXAMPLE}")
    name, question_mark, options = rest.partition("?")
    pairs = tuple(_pair(part) for part in options.split("&")) if question_mark else ()
    return scheme, _decoded(name, "the name"), pairs


def _pair(part: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    if not equals:
        raise ValueError(f"option {part[:40]!r} is not NAME=VALUE; {_EXAMPLE}")
    return key, _decoded(value, f"option {key[:40]!r}")


def _decoded(text: str, where: str) -> str:
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{where} is not UTF-8 once its % signs are read; write the letters themselves") from error


def _check(address: Address) -> None:
    if _SCHEME.fullmatch(address.scheme) is None:
        raise ValueError(f"{address.scheme[:40]!r} is not a scheme: small letters, digits, + . - only; {_EXAMPLE}")
    _check_printable(address.name, "the name")
    for key, value in address.options:
        _check_option(key, value)
    _check_repeats(address.options)
    if len(str(address)) > ADDRESS_LENGTH_MAX:
        raise ValueError(f"spelt out it is longer than {ADDRESS_LENGTH_MAX} characters; shorten it")
    if (check := _OPTION_CHECKS.get(address.scheme)) is not None:
        check(address.name, address.options)


def _check_option(key: str, value: str) -> None:
    if _KEY.fullmatch(key) is None:
        raise ValueError(f"{key[:40]!r} is not the name of an option: small letters, digits and _ only; {_EXAMPLE}")
    if not value:
        raise ValueError(f"option {key!r} has no value; write {key}=VALUE or leave it out")
    _check_printable(value, f"option {key!r}")


def _check_repeats(options: Options) -> None:
    for key, times in Counter(key for key, _ in options).items():
        if times > 1 and key not in REPEATABLE_OPTIONS:
            raise ValueError(f"option {key!r} is given {times} times; give it once")
    for (key, value), times in Counter(options).items():
        if times > 1:
            raise ValueError(f"option {key!r} is given {times} times with the value {value[:40]!r}; give it once")


def _check_printable(text: str, where: str) -> None:
    """No control, bidirectional, invisible or unpaired surrogate characters: what is shown is what is meant."""
    for position, character in enumerate(text, start=1):
        if not character.isprintable():
            raise ValueError(
                f"character {position} of {where} is U+{ord(character):04X}, which cannot be seen; remove it"
            )


def _shown(text: str) -> str:
    """The text as a message may carry it: short, quoted, nothing that a terminal would obey."""
    return repr(text if len(text) <= 80 else text[:77] + "...")
