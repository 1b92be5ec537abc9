"""Addresses of treadmills and tracks that nobody talks to, and what is taken to be true of them."""

from __future__ import annotations

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.coached import COACHED_TRACK, COACHED_TREADMILL, coached_profile
from retrotread.devices.errors import AddressError


@pytest.mark.parametrize(("text", "name"), [("coach://", ""), ("coach://track", "track")])
def test_a_treadmill_and_a_track_have_an_address_each(text: str, name: str) -> None:
    address = parse_address(text)
    assert (address.scheme, address.name, address.options, str(address)) == ("coach", name, (), text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("coach://gym", "there is no coached 'gym'; write coach:// for a treadmill or coach://track"),
        ("coach://track?seed=7", "coach:// takes no option, and 'seed' is one; leave it out"),
    ],
)
def test_anything_else_says_what_there_is(text: str, complaint: str) -> None:
    with pytest.raises(AddressError) as refusal:
        parse_address(text)
    assert str(refusal.value) == f"address '{text}': {complaint}"


def test_a_hand_sets_tenths_over_the_whole_range_of_treadmills() -> None:
    for profile in (COACHED_TREADMILL, COACHED_TRACK):
        can = profile.capabilities
        assert (can.speed_min_ckph, can.speed_max_ckph, can.speed_increment_ckph) == (50, 2500, 10)
    assert (COACHED_TREADMILL.name, COACHED_TRACK.name) == ("Coached treadmill", "Coached track")


def test_a_track_has_no_key_and_no_slope_and_neither_turns_its_belt() -> None:
    track, treadmill = coached_profile("track", ()), coached_profile("", ())
    assert (track.has_safety_key, track.capabilities.incline_max_dpct, track.reverses) == (False, 0, False)
    assert (treadmill.has_safety_key, treadmill.reverses) == (True, False)
