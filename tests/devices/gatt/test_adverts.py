"""Who is heard in the air, whatever they send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.advert import Kind
from retrotread.devices.gatt.adverts import ADVERTISERS_MAX, SERVICES_MAX, Adverts, Packet
from retrotread.devices.gatt.link import uuid16

FITNESS, HEART, BATTERY = uuid16(0x1826), uuid16(0x180D), uuid16(0x180F)
ADDRESS = "C4:22:05:1A:00:0B"


@pytest.mark.parametrize(
    ("service_data", "kind"),
    [
        ("010100", Kind.TREADMILL),
        ("012000", Kind.OTHER_MACHINE),
        ("0101", Kind.TREADMILL),
        ("010001", Kind.TREADMILL),
        ("01", Kind.TREADMILL),
        ("", Kind.TREADMILL),
        ("01ffff", Kind.TREADMILL),
    ],
)
def test_what_a_fitness_machine_is_comes_from_its_service_data_however_odd(service_data: str, kind: Kind) -> None:
    advert = Adverts().take(Packet(ADDRESS, "T", [FITNESS], {FITNESS: bytes.fromhex(service_data)}))
    assert advert is not None
    assert advert.kind is kind


@pytest.mark.parametrize(
    ("services", "kind"),
    [([FITNESS.upper()], Kind.TREADMILL), ([HEART], Kind.HEART_STRAP), ([BATTERY], Kind.UNKNOWN), ([], Kind.UNKNOWN)],
)
def test_what_an_advertiser_is_without_service_data_comes_from_its_services(services: list[str], kind: Kind) -> None:
    advert = Adverts().take(Packet(ADDRESS, "T", services))
    assert advert is not None
    assert advert.kind is kind


def test_an_advertiser_is_told_once_and_again_only_when_it_says_more() -> None:
    adverts = Adverts()
    first = adverts.take(Packet(ADDRESS, None, [FITNESS], rssi_dbm=-70))
    assert first is not None
    assert first.name == ""
    assert adverts.take(Packet(ADDRESS, None, [FITNESS], rssi_dbm=-40)) is None
    named = adverts.take(Packet(ADDRESS.lower(), "HORIZON", [], rssi_dbm=-41))
    assert named is not None
    assert (named.name, named.kind, named.rssi_dbm) == ("HORIZON", Kind.TREADMILL, -41)


def test_two_machines_with_one_name_are_two() -> None:
    adverts = Adverts()
    assert adverts.take(Packet(ADDRESS, "FS-1", [FITNESS])) is not None
    second = adverts.take(Packet("C4:22:05:1A:00:0C", "FS-1", [FITNESS]))
    assert second is not None
    assert second.address == "C4:22:05:1A:00:0C"


def test_one_address_with_two_names_is_one_machine_with_its_latest_name() -> None:
    adverts = Adverts()
    adverts.take(Packet(ADDRESS, "FS-1"))
    renamed = adverts.take(Packet(ADDRESS, "FS-2"))
    assert renamed is not None
    assert renamed.name == "FS-2"


@pytest.mark.parametrize("name", ["\x1b[2J\x1b]0;owned\x07", "\u202egnirts", "a\r\nb", "\x00\x00", "x" * 5000])
def test_a_name_cannot_move_a_cursor_or_fill_a_screen(name: str) -> None:
    advert = Adverts().take(Packet(ADDRESS, name))
    assert advert is not None
    assert advert.name.isprintable()
    assert len(advert.name) <= 248


@pytest.mark.parametrize(("rssi", "told"), [(-55, -55), (127, None), (-1000, None), (None, None)])
def test_a_loudness_that_no_radio_reports_is_not_told(rssi: int | None, told: int | None) -> None:
    advert = Adverts().take(Packet(ADDRESS, "T", rssi_dbm=rssi))
    assert advert is not None
    assert advert.rssi_dbm == told


def test_somebody_with_a_new_address_in_every_packet_does_not_fill_the_memory() -> None:
    adverts = Adverts()
    told = [adverts.take(Packet(f"address-{number}", "T")) for number in range(ADVERTISERS_MAX + 100)]
    assert sum(one is not None for one in told) == ADVERTISERS_MAX


packets = st.builds(
    Packet,
    st.sampled_from([ADDRESS, ADDRESS.lower(), "", "\x1b[31m", "other"]),
    st.none() | st.text(max_size=300),
    st.lists(st.sampled_from([FITNESS, HEART, "nonsense", "\x1b"]) | st.text(max_size=40), max_size=60),
    st.dictionaries(st.sampled_from([FITNESS, HEART, "x"]), st.binary(max_size=512)),
    st.none() | st.integers(),
)


@given(st.lists(packets, max_size=20))
def test_whatever_is_sent_what_is_told_can_be_shown(sent: list[Packet]) -> None:
    adverts = Adverts()
    for packet in sent:
        advert = adverts.take(packet)
        if advert is not None:
            assert f"{advert.address}{advert.name}{advert.services}".isprintable()
            assert all(len(uuid) == 36 for uuid in advert.services)
            assert len(advert.services) <= SERVICES_MAX
