"""Addresses as people type them, and what each slip is told."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.address import ADDRESS_LENGTH_MAX, Address, parse_address
from retrotread.devices.errors import AddressError
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.options import FIGURE_OPTIONS


def test_a_plain_address_is_a_scheme_and_a_name() -> None:
    assert parse_address("sim://well-behaved") == Address("sim", "well-behaved", ())


def test_options_keep_their_order_and_a_fault_may_be_given_twice() -> None:
    address = parse_address("sim://well-behaved?fault=silent@300&fault=ignore-stop@310&seed=7")
    assert address.options == (("fault", "silent@300"), ("fault", "ignore-stop@310"), ("seed", "7"))


def test_a_scheme_without_a_driver_is_a_well_formed_address_all_the_same() -> None:
    address = parse_address("serial+trackmaster:///dev/serial/by-id/usb-0?units=mph")
    assert address == Address("serial+trackmaster", "/dev/serial/by-id/usb-0", (("units", "mph"),))


def test_percent_signs_spell_what_cannot_be_typed() -> None:
    assert parse_address("ble://Horizon%20%C3%89%3F").name == "Horizon É?"
    assert str(parse_address("ble://Horizon É")) == "ble://Horizon%20%C3%89"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "there is no '://' in it; write for example sim://well-behaved"),
        ("well-behaved", "there is no '://' in it"),
        ("SIM://well-behaved", "'SIM' is not a scheme: small letters"),
        ("://well-behaved", "'' is not a scheme"),
        (" sim://well-behaved", "' sim' is not a scheme"),
        ("sim://", "no simulated treadmill ''; the known ones are well-behaved, slow-reporter, ignores-stop"),
        ("sim://well-behaved ", "no simulated treadmill 'well-behaved '"),
        ("sim://well_behaved", "the known ones are well-behaved"),
        ("sim://well-behaved?", "option '' is not NAME=VALUE"),
        ("sim://well-behaved?seed=1&", "option '' is not NAME=VALUE"),
        ("sim://well-behaved?seed", "option 'seed' is not NAME=VALUE"),
        ("sim://well-behaved?seed=", "option 'seed' has no value"),
        ("sim://well-behaved?=1", "'' is not the name of an option"),
        ("sim://well-behaved?Seed=1", "'Seed' is not the name of an option"),
        ("sim://well-behaved?sede=1", "no option 'sede'; the known ones are fault, seed, report_hz"),
        ("sim://well-behaved?seed=1&seed=2", "option 'seed' is given 2 times; give it once"),
        (
            "sim://well-behaved?fault=silent@3&fault=silent@3",
            "option 'fault' is given 2 times with the value 'silent@3'",
        ),
        ("sim://well-behaved?fault=silnet@3", "no fault 'silnet'; the known ones are silent, ignore-stop, self-start"),
        ("sim://well-behaved?fault=silent", "fault 'silent' is not NAME@SECONDS"),
        ("sim://well-behaved?seed=-1", "'-1' is not a whole number; write 0 to 999999999"),
        ("sim://well-behaved?seed=1.5", "'1.5' is not a whole number"),
        ("sim://well-behaved?seed=1234567890", "is not a whole number; write 0 to 999999999"),
        ("sim://well-behaved?min_kph=0.75", "min_kph=0.75 is not a multiple of 0.1 km/h"),
        ("sim://well-behaved?min_kph=5&max_kph=4", "its lowest speed, 5 km/h, is above its highest, 4 km/h"),
        ("sim://a\x1b[31m", "character 8 of the text is U+001B, which cannot be seen"),
        ("sim://well-behaved\n", "character 19 of the text is U+000A"),
        ("sim://a\u202eb", "U+202E"),
        ("sim://a\udcff", "U+DCFF"),
        ("ble://a%1B", "character 2 of the name is U+001B"),
        ("ble://a?b=%0A", "character 1 of option 'b' is U+000A"),
        ("ble://a%f", "the % at character 8 is not followed by two hexadecimal digits; write %25"),
        ("ble://a%FF", "the name is not UTF-8 once its % signs are read"),
        ("ble://" + "a" * 507, "it is 513 characters long; the limit is 512"),
        ("ble://" + "é" * 100, "spelt out it is longer than 512 characters"),
    ],
)
def test_a_slip_is_told_what_and_where_and_how_to_mend_it(text: str, complaint: str) -> None:
    with pytest.raises(AddressError) as refusal:
        parse_address(text)
    message = str(refusal.value)
    assert message.startswith("address '")
    assert complaint in message
    assert message.isprintable()


@pytest.mark.parametrize("key", FIGURE_OPTIONS)
@pytest.mark.parametrize(
    "value", ["nan", "inf", "-1", "+1", "1e1", "1_0", "0x1", "٣", "1,5", ".5", "1.", "%201", "9999999"]
)
def test_a_figure_is_a_plain_decimal_number(key: str, value: str) -> None:
    with pytest.raises(AddressError, match=f"option '{key}': .* is not a plain decimal number; write "):
        parse_address(f"sim://well-behaved?{key}={value}")


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("report_hz=0", "0 Hz is out of range; write 0.2 to 10 Hz"),
        ("report_hz=10.1", "10.1 Hz is out of range"),
        ("min_kph=0", "0 km/h is out of range; write 0.1 to 5 km/h"),
        ("max_kph=25.1", "25.1 km/h is out of range; write 1 to 25 km/h"),
        ("lag_s=5.001", "5.001 s is out of range; write 0 to 5 s"),
        ("start_s=11", "11 s is out of range; write 0 to 10 s"),
    ],
)
def test_a_figure_out_of_range_is_told_the_range(option: str, complaint: str) -> None:
    with pytest.raises(AddressError, match=complaint):
        parse_address(f"sim://well-behaved?{option}")


def test_an_address_made_in_code_is_checked_like_a_typed_one() -> None:
    with pytest.raises(AddressError, match="no option 'bogus'"):
        Address("sim", "well-behaved", (("bogus", "1"),))
    with pytest.raises(AddressError, match="U\\+DCFF"):
        Address("ble", "\udcff")


def _complaint_about(text: str) -> str:
    try:
        parse_address(text)
    except AddressError as refusal:
        return str(refusal)
    return ""


@given(st.one_of(st.text(max_size=600), st.text(max_size=60).map("sim://well-behaved?{}".format)))
def test_reading_is_total_and_a_complaint_can_be_shown_on_a_terminal(text: str) -> None:
    assert _complaint_about(text).isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 512,
        "x" * 5000,
        "x" * 400 + "://",
        "sim://" + "x" * 500,
        "sim://well-behaved?" + "x" * 480,
        "sim://well-behaved?" + "x" * 470 + "=1",
        "sim://well-behaved?seed=" + "9" * 480,
        "sim://well-behaved?fault=" + "9" * 480,
        "sim://well-behaved?lag_s=" + "9" * 480,
        "sim://well-behaved?fault=silent@3&fault=silent@3" + "&seed=1" * 60,
        "ble://x?" + "&".join(["fault=" + "9" * 240] * 2),
    ],
)
def test_a_complaint_stays_short_however_long_the_slip(text: str) -> None:
    assert 40 < len(_complaint_about(text)) < 300, "four lines of an 80-column screen"


pieces = st.text(st.characters(exclude_categories=("C", "Z")), max_size=12)
keys = st.text(string.ascii_lowercase, min_size=1, max_size=8)
KNOWN = ("sim", "coach")
unlike_known = st.text(string.ascii_lowercase, min_size=1, max_size=6).filter(lambda scheme: scheme not in KNOWN)
pairs = st.lists(st.tuples(keys, pieces.filter(bool)), max_size=2, unique_by=lambda pair: pair[0]).map(tuple)


@given(st.builds(Address, unlike_known, pieces, pairs))
def test_what_is_written_is_read_back(address: Address) -> None:
    assert parse_address(str(address)) == address
    assert len(str(address)) <= ADDRESS_LENGTH_MAX


def test_every_archetype_has_an_address() -> None:
    assert [parse_address(f"sim://{name}").name for name in ARCHETYPES] == list(ARCHETYPES)
