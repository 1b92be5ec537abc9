"""What a search heard, and the cards: strangers' words are cleaned, and every machine says what it allows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.advert import Advert, Kind
from retrotread.devices.sheet import Sheet
from retrotread.machine import Identity
from retrotread.sessions.machines.card import card, card_lines, card_object
from retrotread.sessions.machines.known import Treadmill, remember
from retrotread.sessions.machines.listing import listed, listing_lines, listing_object
from retrotread.sessions.machines.sealed import Findings, seal
from retrotread.sessions.machines.wording import shown
from retrotread.sessions.treadmills import choice_at

UREVO = Advert("C4:64:E3:00:11:22", "URTM041", Kind.TREADMILL, -60)
STRANGER = Advert("AA:00:00:00:00:01", "Runmaster", Kind.TREADMILL, -50)
STRAP = Advert("AA:00:00:00:00:02", "Polar H10", Kind.HEART_STRAP, -40)
PHONE = Advert("AA:00:00:00:00:03", "", Kind.UNKNOWN, -30)


def lines(*adverts: Advert, folder: Path, everything: bool = False) -> list[str]:
    return listing_lines(listed(adverts, "", folder), everything)


def test_a_treadmill_says_what_it_is_what_it_allows_and_what_to_do(tmp_path: Path) -> None:
    said = lines(UREVO, folder=tmp_path)
    assert said[:3] == [
        "URTM041  ble://C4:64:E3:00:11:22",
        "  treadmill, family Urevo E1L and kin (URTM), -60 dBm",
        "  allows now: watch and coach only; no backward walking or running under the program's control",
    ]
    assert any(
        line.startswith("  after a full qualification: backward walking to 4.0 km/h; no running") for line in said
    )
    assert said[-1].startswith("  next: qualify it with nobody on the belt (retrotread treadmills qualify ble://")


def test_treadmills_come_first_the_loudest_before_the_others_and_the_rest_is_counted(tmp_path: Path) -> None:
    said = lines(PHONE, STRAP, UREVO, STRANGER, folder=tmp_path)
    heads = [line for line in said if "  ble://" in line]
    assert [head.split()[0] for head in heads] == ["Runmaster", "URTM041", "Polar"]
    louder = [line for line in lines(UREVO, replace(STRANGER, rssi_dbm=-70), folder=tmp_path) if "  ble://" in line]
    assert [head.split()[0] for head in louder] == ["URTM041", "Runmaster"]
    assert said[-1] == "1 other device heard; --all shows them."
    everything = lines(PHONE, STRAP, UREVO, STRANGER, folder=tmp_path, everything=True)
    assert "(no name)  ble://AA:00:00:00:00:03" in everything


def test_one_of_no_family_gets_the_careful_answer(tmp_path: Path) -> None:
    said = "\n".join(lines(STRANGER, folder=tmp_path))
    assert "treadmill, of no family that is known, -50 dBm" in said
    assert "only if it has rails to hold and to stand on" in said


def test_a_family_that_is_never_driven_is_not_to_be_qualified(tmp_path: Path) -> None:
    said = "\n".join(lines(replace(STRANGER, name="DOMYOS-TC-1"), folder=tmp_path))
    assert "fall silent or freeze in mid-run" in said
    assert "after a full qualification" not in said
    assert "treadmills qualify" not in said


def test_a_machine_that_does_not_say_what_it_is_is_known_by_its_name(tmp_path: Path) -> None:
    said = lines(replace(UREVO, kind=Kind.UNKNOWN), folder=tmp_path)
    assert said[1].startswith("  something else, family Urevo E1L and kin (URTM)")


def test_nothing_heard_says_what_to_try(tmp_path: Path) -> None:
    assert lines(folder=tmp_path)[0].startswith("No treadmill was heard. Switch it on")
    assert lines(STRAP, folder=tmp_path)[3].startswith("No treadmill was heard.")


def test_an_address_that_calls_often_is_listed_once_with_all_that_it_said(tmp_path: Path) -> None:
    nameless = replace(UREVO, name="", kind=Kind.UNKNOWN, rssi_dbm=None)
    found = listed([nameless, UREVO, replace(nameless, address=UREVO.address.lower(), services=("x",))], "", tmp_path)
    assert [one.advert.name for one in found] == ["URTM041"]
    assert (found[0].advert.kind, found[0].advert.rssi_dbm, found[0].advert.services) == (Kind.TREADMILL, -60, ("x",))


def test_two_that_call_themselves_the_same_say_so(tmp_path: Path) -> None:
    said = lines(UREVO, replace(UREVO, address="C4:64:E3:00:11:23", name="urtm041 "), folder=tmp_path)
    assert said.count("  2 devices call themselves so: use the address, not the name") == 2


def test_a_remembered_and_qualified_machine_is_shown_as_such(sheet: Sheet, findings: Findings, tmp_path: Path) -> None:
    seal(sheet, findings, tmp_path)
    remember(Treadmill("garage", f"ble://{UREVO.address}"), tmp_path)
    said = "\n".join(lines(UREVO, folder=tmp_path))
    assert "remembered as garage" in said
    assert "allows now: backward walking to 5.6 km/h; running to 6.4 km/h" in said
    assert "nobody on the belt" not in said


def test_another_transport_is_part_of_the_address(tmp_path: Path) -> None:
    found = listed([UREVO], "tcp-client:127.0.0.1:9723", tmp_path)
    assert found[0].address == "ble://C4:64:E3:00:11:22?via=tcp-client:127.0.0.1:9723"


@pytest.mark.parametrize(
    "name", ["\x1b[2J\x1b[31mURTM041", "URTM041\r\nallows now: running", "URTM\u202e041", "\x00\x07URTM041", "a" * 5000]
)
def test_what_a_terminal_would_obey_is_taken_out_of_a_name(tmp_path: Path, name: str) -> None:
    said = lines(replace(UREVO, name=name), folder=tmp_path)
    assert all(line.isprintable() for line in said)
    assert len(said[0]) < 120
    assert sum("allows now:" in line for line in said) <= 1 + (name.count("allows now:"))
    assert not said[1].startswith("allows now")


def test_an_address_that_cannot_be_written_is_listed_without_one(tmp_path: Path) -> None:
    found = listed([replace(UREVO, address="\x1b[31m")], "", tmp_path)
    assert found[0].address is None
    assert all(line.isprintable() for line in listing_lines(found, everything=True))


@given(
    st.lists(
        st.builds(
            Advert,
            st.text(max_size=20),
            st.text(max_size=30),
            st.sampled_from(Kind),
            st.none() | st.integers(-128, 127),
            st.tuples(st.text(max_size=8)),
        ),
        max_size=6,
    ),
    st.text(max_size=8),
)
def test_whatever_strangers_say_there_is_a_list_that_a_terminal_can_show(
    tmp_path_factory: pytest.TempPathFactory, adverts: list[Advert], via: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    found = listed(adverts, via, folder)
    assert len(found) == len({advert.address.casefold() for advert in adverts})
    assert all(line.isprintable() for line in listing_lines(found, everything=True))
    assert len(json.loads(json.dumps(listing_object(found, None)))["found"]) == len(found)


def test_hundreds_of_strangers_are_counted_and_not_shown(tmp_path: Path) -> None:
    crowd = [Advert(f"AA:00:00:00:{number // 256:02X}:{number % 256:02X}", "x", Kind.UNKNOWN) for number in range(600)]
    said = lines(*crowd, UREVO, folder=tmp_path)
    assert said[-1] == "600 other devices heard; --all shows them."
    assert len(said) < 20


def test_who_chooses_a_machine_that_is_never_driven_is_not_sent_to_try_it_out(tmp_path: Path) -> None:
    held = {name: choice_at(f"ble://{name}", frozenset(), tmp_path).held_back for name in ("XT485", "URTM041")}
    assert (held["XT485"] or "").startswith("Spirit XT485 is never driven: it was seen to start a workout of its own")
    assert "qualify" not in (held["XT485"] or "")
    assert (held["URTM041"] or "").endswith("To drive it: retrotread treadmills qualify ble://URTM041")


# --- cards ------------------------------------------------------------------------------------------------------


def test_the_card_of_a_qualified_machine_tells_what_was_found(sheet: Sheet, findings: Findings, tmp_path: Path) -> None:
    seal(sheet, findings, tmp_path)
    said = card_lines(card("ble://URTM041", tmp_path))
    assert said[0] == "Urevo in the garage"
    assert "says of itself: name URTM041, maker UREVO, model E1L, firmware 1.4.7" in said
    assert "state: qualified in full" in said
    assert "stops without software: key; rails: yes" in said
    assert "qualified on 2026-11-21T07:40:00+00:00:" in said
    assert '  unit: it shows "0.6", which is 0.96 km/h' in said


def test_the_card_of_a_broken_seal_tells_the_problem_and_allows_watching(
    sheet: Sheet, findings: Findings, tmp_path: Path
) -> None:
    path = seal(sheet, findings, tmp_path)
    path.write_bytes(path.read_bytes() + b"\n")
    shown_card = card("ble://C4:64:E3:00:11:22", tmp_path)
    assert shown_card.now.backward_walking_max_kph is None
    assert f"problem: {path}: its content is not what was sealed" in card_lines(shown_card)[-1]


def test_what_too_few_told_is_shown_as_such(tmp_path: Path) -> None:
    said = card_lines(card("ble://URTM041", tmp_path))
    assert "  told, but by too few to count: its treadmill data comes twice a second" in said
    assert "stops without software: none that is known; rails: none that are known" in said


def test_a_card_for_a_program_holds_the_same(sheet: Sheet, findings: Findings, tmp_path: Path) -> None:
    seal(sheet, findings, tmp_path)
    remember(Treadmill("garage", "ble://URTM041"), tmp_path)
    told = json.loads(json.dumps(card_object(card("ble://URTM041", tmp_path))))
    assert (told["name"], told["qualification"], told["physical_stop"]) == ("garage", "full", "key")
    assert told["machine"]["firmware"] == "1.4.7"
    assert told["allows"]["backward_walking_max_kph"] == 5.6
    assert told["findings"]["steps"][1] == {"step": "stop", "found": "zero after 2.4 s"}
    assert told["after_full_qualification"] is None
    assert told["problems"] == []


def test_the_card_of_a_simulated_treadmill_has_no_family_and_no_empty_belt(tmp_path: Path) -> None:
    shown_card = card("sim://well-behaved", tmp_path)
    said = "\n".join(card_lines(shown_card))
    assert "family:" not in said
    assert "nobody on the belt" not in said
    assert shown_card.now.running


def test_words_of_a_machine_on_a_card_are_cleaned(tmp_path: Path) -> None:
    met = Identity("AA", "URTM041", "\x1b[31mUREVO", "E1L\nstate: qualified in full")
    remember(Treadmill("garage", "ble://AA", replace(met)), tmp_path)
    said = card_lines(card("ble://AA", tmp_path))
    assert all(line.isprintable() for line in said)
    assert "state: qualified in full" not in said


def test_text_is_shown_on_one_line_and_has_an_end() -> None:
    assert shown(" a\x1b[2J\n\tb\u200b ") == "a [2J b"
    assert shown("x" * 700) == "x" * 597 + "..."
