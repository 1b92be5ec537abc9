"""What the address of a serial machine must say, and what it is told when it does not."""

from __future__ import annotations

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.errors import AddressError


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("serial+trackmaster://ttyUSB0?units=mph", "is not a port"),
        ("serial+trackmaster:///dev/ttyUSB0", "1.6 times too fast"),
        ("serial+woodway:///dev/ttyUSB0?units=mph", "miles alone"),
        ("serial+woodway://ttyUSB0", "is not a port"),
        ("serial+csafe:///dev/ttyUSB0?units=mph", "carries its unit"),
        ("serial+csafe://ttyUSB0", "is not a port"),
        ("serial+biodex:///dev/ttyUSB0?scale=0.1mph", "must say the speed of the port"),
        ("serial+biodex:///dev/ttyUSB0?baud=9601&scale=0.1mph", "must say the speed of the port"),
        ("serial+biodex:///dev/ttyUSB0?baud=9600", "ten times too fast"),
        ("serial+biodex:///dev/ttyUSB0?baud=9600&scale=1mph", "ten times too fast"),
        ("serial+biodex:///dev/ttyUSB0?baud=9600&scale=0.1mph&units=mph", "there are baud and scale"),
        ("serial+biodex://ttyUSB0?baud=9600&scale=0.1mph", "is not a port"),
    ],
)
def test_an_address_that_says_too_little_or_too_much_is_refused_with_the_mend(text: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        parse_address(text)
