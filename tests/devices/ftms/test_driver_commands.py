"""Commands of the FTMS driver: what goes over the wire, when, and what comes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from retrotread.devices.ftms.characteristics import CONTROL_POINT
from retrotread.devices.ftms.codec import encode_response
from retrotread.devices.ftms.dialect import GattWrite
from retrotread.machine import (
    Accepted,
    BeltDirection,
    Capabilities,
    Command,
    Rejected,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    Stuck,
    Unknown,
)

STOP, PAUSE, START, CONTROL = "0801", "0802", "07", "00"
VENDOR = "d18d2c10-c44c-11e8-a355-529269fb1459"


def speed(hundredths: int) -> str:
    return "02" + hundredths.to_bytes(2, "little").hex()


# Starts


async def test_a_start_goes_alone_to_a_belt_that_reports_standstill(rig: Any) -> None:
    await rig.rest()
    assert await rig.do(StartBelt()) == Accepted()
    assert rig.link.commands() == [CONTROL, START]


async def test_a_start_before_any_report_is_refused_and_not_written(rig: Any) -> None:
    outcome = await rig.do(StartBelt())
    assert isinstance(outcome, Rejected)
    assert "has not reported" in outcome.reason
    assert rig.link.commands() == [CONTROL]


async def test_a_start_of_a_running_belt_is_refused_and_not_written(rig: Any) -> None:
    await rig.run(1.1)
    rig.link.report(2.5)
    await rig.run(0.1)
    outcome = await rig.do(StartBelt())
    assert outcome == Rejected("the belt runs already (2.5 km/h at last); a start could stop or restart it")
    assert START not in rig.link.commands()


async def test_a_start_on_old_news_is_refused(rig: Any) -> None:
    await rig.rest()
    await rig.run(3.0)
    outcome = await rig.do(StartBelt())
    assert isinstance(outcome, Rejected)
    assert "3.1 s old (limit 2.5 s)" in outcome.reason


async def test_a_second_start_during_the_countdown_is_refused_because_it_may_pause_the_belt(rig: Any) -> None:
    await rig.rest()
    await rig.do(StartBelt())
    rig.link.report(0)
    await rig.run(1.0)
    outcome = await rig.do(StartBelt())
    assert isinstance(outcome, Rejected)
    assert "about to move" in outcome.reason
    assert rig.link.commands().count(START) == 1


async def test_a_start_that_the_machine_refused_may_be_asked_for_again(rig: Any) -> None:
    await rig.rest()
    rig.link.results[0x07] = 4
    assert await rig.do(StartBelt()) == Rejected("the treadmill refused the start: it could not do that as it is now")
    rig.link.results.clear()
    await rig.run(0.5)
    assert await rig.do(StartBelt()) == Accepted()


# Set-points


async def test_a_speed_for_a_still_belt_is_refused_and_not_written(rig: Any) -> None:
    await rig.rest()
    outcome = await rig.do(SetSpeed(300))
    assert isinstance(outcome, Rejected)
    assert "still" in outcome.reason
    assert rig.link.commands() == [CONTROL]


async def test_a_speed_during_the_countdown_is_refused(rig: Any) -> None:
    await rig.rest()
    await rig.do(StartBelt())
    assert isinstance(await rig.do(SetSpeed(300)), Rejected)
    assert rig.link.commands() == [CONTROL, START]


async def test_a_speed_goes_to_a_belt_that_was_seen_moving(rig: Any) -> None:
    await rig.walk()
    assert await rig.do(SetSpeed(320)) == Accepted()
    assert rig.link.commands() == [speed(320)]


async def test_one_zero_of_a_moving_belt_does_not_make_it_still_and_two_do(rig: Any) -> None:
    await rig.walk()
    rig.link.report(0)
    await rig.run(1.0)
    assert await rig.do(SetSpeed(320)) == Accepted()
    rig.link.report(0)
    await rig.run(1.0)
    assert isinstance(await rig.do(SetSpeed(330)), Rejected)


async def test_after_a_stop_no_speed_goes_out_although_the_belt_still_moves(rig: Any) -> None:
    await rig.walk()
    await rig.do(StopBelt())
    rig.link.report(0.8)
    await rig.run(1.0)
    outcome = await rig.do(SetSpeed(100))
    assert isinstance(outcome, Rejected)
    assert "stop" in outcome.reason
    assert rig.link.commands() == [STOP]


@pytest.mark.parametrize("speed_ckph", [0, 79, 2001])
async def test_a_speed_outside_the_range_is_refused_with_the_range(rig: Any, speed_ckph: int) -> None:
    await rig.walk()
    outcome = await rig.do(SetSpeed(speed_ckph))
    assert outcome == Rejected(f"{speed_ckph / 100:g} km/h is outside what this belt runs, 0.8 to 20 km/h")
    assert rig.link.commands() == []


async def test_an_incline_outside_the_range_is_refused_and_one_inside_is_written(rig: Any) -> None:
    await rig.rest()
    assert isinstance(await rig.do(SetIncline(121)), Rejected)
    assert await rig.do(SetIncline(55)) == Accepted()
    assert rig.link.commands() == [CONTROL, "033700"]


async def test_a_speed_between_two_steps_goes_out_as_the_lower_one(rig: Any) -> None:
    await rig.walk()
    await rig.do(SetSpeed(329))
    assert rig.link.commands() == [speed(320)]


async def test_a_machine_that_takes_miles_is_told_miles_rounded_down(reach: Any, sheet_with: Any) -> None:
    belt = Capabilities(81, 1600, 1)
    profile = replace(sheet_with().profile, capabilities=belt, command_gap_ms=0)
    rig = await reach(sheet_with(profile, commanded_unit=SpeedUnit.MPH, ranges_trusted=False))
    await rig.walk()
    for ckph in (322, 321, 323, 1600, 81):
        await rig.do(SetSpeed(ckph))
    # 2.0008 mph, 1.9946 mph, 2.0070 mph, 9.9419 mph, 0.5033 mph
    assert rig.link.commands() == [speed(200), speed(199), speed(200), speed(994), speed(50)]


async def test_the_same_set_point_again_is_accepted_without_a_write(rig: Any) -> None:
    await rig.walk()
    for _ in range(3):
        assert await rig.do(SetSpeed(320)) == Accepted()
        await rig.run(1.0)
    assert rig.link.commands() == [speed(320)]


async def test_the_same_set_point_goes_out_again_to_a_belt_that_is_faster(rig: Any) -> None:
    await rig.walk()
    await rig.do(SetSpeed(320))
    rig.link.report(5.0)
    await rig.run(1.0)
    await rig.do(SetSpeed(320))
    assert rig.link.commands() == [speed(320), speed(320)]


@pytest.mark.parametrize("op", [2, 3])
async def test_the_same_set_point_goes_out_again_after_the_machine_refused_it(rig: Any, op: int) -> None:
    await rig.walk()
    rig.link.results[op] = 3
    command = SetSpeed(320) if op == 2 else SetIncline(50)
    refused = await rig.do(command)
    assert isinstance(refused, Rejected)
    assert refused.reason.endswith("it calls the value invalid or out of its range")
    rig.link.results.clear()
    await rig.run(1.0)
    assert await rig.do(command) == Accepted()
    assert len(rig.link.commands()) == 2


async def test_two_set_points_keep_the_gap_that_the_machine_needs(rig: Any) -> None:
    """From write to write, as whoever hands them over counts it: none of them waits here for the next stop."""
    await rig.walk()
    first, second = rig.ask(SetSpeed(320)), rig.ask(SetSpeed(330))
    await rig.run(2.0)
    assert (first.result(), second.result()) == (Accepted(), Accepted())
    moments = [moment for moment, _, _ in rig.link.written]
    assert moments[1] - moments[0] == pytest.approx(0.5)


async def test_one_procedure_is_in_flight_and_the_next_waits_for_its_end(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(replace(sheet_with().profile, command_gap_ms=0)))
    await rig.walk()
    rig.link.answers_after_s = 1.2
    rig.ask(SetSpeed(320))
    second = rig.ask(SetIncline(50))
    await rig.run(1.1)
    assert rig.link.commands() == [speed(320)]
    await rig.run(1.4)
    assert rig.link.commands() == [speed(320), "033200"]
    assert second.result() == Accepted()


@pytest.mark.parametrize("regardless", [False, True])
async def test_a_belt_is_never_started_the_other_way(rig: Any, regardless: bool) -> None:
    await rig.rest()
    outcome = await rig.do(StartBelt(regardless, BeltDirection.REVERSED))
    assert isinstance(outcome, Rejected)
    assert "one direction" in outcome.reason
    assert rig.link.commands() == [CONTROL]


# Trials with nobody on the belt


async def test_a_trial_may_send_a_speed_to_a_still_belt_within_its_range(rig: Any) -> None:
    await rig.rest()
    assert await rig.do(SetSpeed(80, regardless=True)) == Accepted()
    assert isinstance(await rig.do(SetSpeed(79, regardless=True)), Rejected)
    assert rig.link.commands() == [CONTROL, speed(80)]


async def test_a_trial_may_send_a_start_to_a_running_belt(rig: Any) -> None:
    await rig.walk()
    assert await rig.do(StartBelt(regardless=True)) == Accepted()
    assert rig.link.commands() == [START]


# Deadlines


async def test_a_write_that_is_not_taken_within_its_second_is_stuck_and_called_off(rig: Any) -> None:
    await rig.walk()
    rig.link.hangs = True
    asked = rig.ask(SetSpeed(320))
    await rig.run(0.99)
    assert not asked.done()
    await rig.run(0.02)
    assert isinstance(asked.result(), Stuck)
    assert "within 1 s" in asked.result().reason


async def test_an_answer_that_does_not_come_within_its_time_is_unknown(rig: Any) -> None:
    await rig.walk()
    rig.link.silent.add(2)
    asked = rig.ask(SetSpeed(320))
    await rig.run(1.49)
    assert not asked.done()
    await rig.run(0.02)
    assert asked.result() == Unknown("the treadmill did not answer the set speed within 1.5 s")
    assert rig.link.commands() == [speed(320)]


async def test_a_family_that_is_slower_has_its_own_deadlines(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(write_within_ms=1500, answer_within_ms=3000))
    await rig.walk()
    rig.link.answers_after_s = 2.9
    assert await rig.do(SetSpeed(320), 3.0) == Accepted()
    assert rig.profile.answer_within_ms == 4600


async def test_an_answer_to_another_operation_changes_nothing_and_is_counted(rig: Any) -> None:
    await rig.walk()
    rig.link.silent.add(2)
    asked = rig.ask(SetSpeed(320))
    await rig.run(0.1)
    for octets in (encode_response(3, 1), encode_response(0x55, 1), b"", b"\x80", b"\x02\x02\x01"):
        rig.link.say(CONTROL_POINT, octets)
    await rig.run(0.1)
    assert not asked.done()
    assert rig.connection.reader.odd["an answer that nobody waits for"] == 5
    rig.link.say(CONTROL_POINT, encode_response(2, 1))
    await rig.run(0.1)
    assert asked.result() == Accepted()


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (2, "it does not know this command"),
        (3, "it calls the value invalid or out of its range"),
        (4, "it could not do that as it is now"),
        (5, "it does not give this program control"),
        (0x77, "it answers with the unknown result 119"),
    ],
)
async def test_every_result_is_a_sentence(rig: Any, result: int, words: str) -> None:
    await rig.walk()
    rig.link.results[2] = result
    outcome = await rig.do(SetSpeed(320))
    assert isinstance(outcome, Rejected)
    assert words in outcome.reason


@pytest.mark.parametrize(("code", "words"), [(0xFE, "still busy"), (0x0F, "encrypted link"), (0x99, "0x99")])
async def test_a_write_that_the_attribute_server_turns_away_is_refused(rig: Any, code: int, words: str) -> None:
    await rig.walk()
    rig.link.refusals = [code]
    outcome = await rig.do(SetSpeed(320))
    assert isinstance(outcome, Rejected)
    assert words in outcome.reason


# Stops


async def test_a_stop_is_written_at_once_whatever_the_gap(rig: Any) -> None:
    await rig.walk()
    await rig.do(SetSpeed(320))
    asked_s = rig.clock.now_s()
    assert await rig.do(StopBelt()) == Accepted()
    assert rig.link.written[-1][0] == asked_s
    assert rig.link.commands() == [speed(320), STOP]


async def test_a_stop_overtakes_a_set_point_that_waits_and_that_one_is_never_written(rig: Any) -> None:
    await rig.walk()
    await rig.do(SetSpeed(320))
    waiting = rig.ask(SetSpeed(330))
    await rig.run(0.1)
    await rig.do(StopBelt())
    assert waiting.result() == Rejected("a stop was asked for while it waited; it was not sent")
    await rig.run(5.0)
    assert rig.link.commands() == [speed(320), STOP]


async def test_what_waits_for_a_slow_answer_is_told_of_the_stop_at_once(rig: Any) -> None:
    await rig.walk()
    rig.link.silent |= {2, 8}
    rig.ask(SetSpeed(320))
    waiting = rig.ask(SetSpeed(330))
    await rig.run(0.2)
    rig.ask(StopBelt())
    await rig.run(0)
    assert waiting.done()


async def test_a_stop_waits_for_no_answer_and_drops_what_waits_for_one(rig: Any) -> None:
    await rig.walk()
    rig.link.silent.add(2)
    unanswered, waiting = rig.ask(SetSpeed(320)), rig.ask(SetSpeed(330))
    await rig.run(0.2)
    asked_s = rig.clock.now_s()
    assert await rig.do(StopBelt()) == Accepted()
    assert rig.link.written[-1] == (asked_s, CONTROL_POINT, bytes.fromhex(STOP))
    assert isinstance(waiting.result(), Rejected)
    await rig.run(3.0)
    assert isinstance(unanswered.result(), Unknown)
    assert rig.link.commands() == [speed(320), STOP]


async def test_a_stop_in_the_same_turn_as_a_set_point_goes_out_and_the_set_point_does_not(rig: Any) -> None:
    await rig.walk()
    asked = asyncio.gather(
        rig.connection.writer.perform(SetSpeed(320)),
        rig.connection.writer.perform(StopBelt()),
    )
    await rig.run(0.2)
    outcomes = asked.result()
    assert isinstance(outcomes[0], Rejected)
    assert outcomes[1] == Accepted()
    assert rig.link.commands() == [STOP]


async def test_a_stop_that_hangs_is_stuck_and_its_write_is_not_called_off(rig: Any) -> None:
    await rig.walk()
    rig.link.takes_s = 3.0
    assert isinstance(await rig.do(StopBelt(), 1.01), Stuck)
    answers = rig.connection.reader.odd.get("an answer that nobody waits for", 0)
    await rig.run(3.0)
    assert rig.connection.reader.odd["an answer that nobody waits for"] == answers + 1


async def test_a_stop_that_a_busy_machine_turns_away_goes_again(rig: Any) -> None:
    await rig.walk()
    rig.link.refusals = [0xFE, 0xFE]
    asked_s = rig.clock.now_s()
    assert await rig.do(StopBelt(), 0.5) == Accepted()
    assert [moment - asked_s for moment, _, _ in rig.link.written] == pytest.approx([0.0, 0.1, 0.2])


async def test_a_machine_that_stays_busy_is_told_for_a_second_and_then_the_refusal_is_told(rig: Any) -> None:
    await rig.walk()
    rig.link.refusals = [0xFE] * 50
    outcome = await rig.do(StopBelt(), 1.1)
    assert isinstance(outcome, Rejected)
    assert "still busy" in outcome.reason
    assert rig.link.commands() == [STOP] * 10


async def test_a_stop_without_control_asks_for_it_once_and_goes_again(rig: Any) -> None:
    await rig.walk()
    rig.link.results[8] = 5
    outcome = await rig.do(StopBelt(), 0.3)
    assert isinstance(outcome, Rejected)
    assert rig.link.commands() == [STOP, CONTROL, STOP]


async def test_every_stop_that_is_asked_for_is_written_and_each_has_its_answer(rig: Any) -> None:
    await rig.walk()
    first, second = rig.ask(StopBelt()), rig.ask(StopBelt())
    await rig.run(0.2)
    assert (first.result(), second.result()) == (Accepted(), Accepted())
    assert rig.link.commands() == [STOP, STOP]


async def test_a_pause_follows_a_stop_without_effect_where_the_family_knows_it(reach: Any, sheet_with: Any) -> None:
    profile = replace(sheet_with().profile, stop_repeat_ok=True)
    rig = await reach(sheet_with(profile, pause_after_stop=True))
    await rig.walk()
    for _ in range(5):
        await rig.do(StopBelt(), 1.0)
    assert rig.link.commands() == [STOP, STOP, PAUSE, STOP, PAUSE]


async def test_no_pause_where_the_family_does_not_know_it(rig: Any) -> None:
    await rig.walk()
    for _ in range(4):
        await rig.do(StopBelt(), 1.0)
    assert rig.link.commands() == [STOP] * 4


# Families


async def test_a_preamble_goes_before_every_procedure_and_a_stop_waits_for_none_of_it(
    reach: Any, sheet_with: Any
) -> None:
    preamble = GattWrite(VENDOR, "01000d00060b0f0d")
    rig = await reach(sheet_with(preamble=(preamble,)))
    await rig.walk()
    await rig.do(SetSpeed(320))
    assert [uuid for _, uuid, _ in rig.link.written] == [VENDOR, CONTROL_POINT]
    rig.link.written.clear()
    rig.link.hangs = True
    asked_s = rig.clock.now_s()
    rig.ask(StopBelt())
    await rig.run(0)
    assert [(moment, uuid) for moment, uuid, _ in rig.link.written] == [(asked_s, VENDOR), (asked_s, CONTROL_POINT)]


@pytest.mark.parametrize("moment_s", [0.0, 0.05, 0.15, 0.25])
@pytest.mark.parametrize("preambles", [0, 1, 2])
@pytest.mark.parametrize("command", [SetSpeed(320), SetIncline(30), StartBelt()], ids=lambda one: type(one).__name__)
async def test_a_stop_at_any_moment_of_a_command_s_way_is_the_last_word(
    reach: Any, sheet_with: Any, command: Command, preambles: int, moment_s: float
) -> None:
    """Each write takes a tenth of a second; what was not yet handed to the link is not handed to it behind a stop."""
    rig = await reach(sheet_with(preamble=(GattWrite(VENDOR, "01"),) * preambles))
    await (rig.rest() if isinstance(command, StartBelt) else rig.walk())
    rig.link.takes_s = 0.1
    rig.ask(command)
    await rig.run(moment_s)
    rig.ask(StopBelt())
    await rig.run(2.0)
    commands = rig.link.commands()
    assert set(commands[commands.index(STOP) :]) == {STOP}


async def test_writes_are_unacknowledged_where_the_family_takes_no_others(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(write_with_response=False))
    await rig.walk()
    assert await rig.do(SetSpeed(320)) == Accepted()
    assert rig.link.acknowledged == {False}
