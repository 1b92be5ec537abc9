"""``retrotread check``: a workout as it would be run, and everything that stands in its way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..devices.address import parse_address
from ..machine import BeltDirection, DeviceProfile, Setpoint, gait, speed_to_ckph
from ..workouts.gaits import backward_running_s
from ..workouts.quantity import duration_text, incline_text, number_text
from ..workouts.timeline import Step, StepKind, Timeline
from .link_lost import runs_on
from .preflight import Block, Today, backward_steps, belt_steps, blocks, limits_without_plan, way_of, ways
from .prepare import Asked, Prepared, Written, fitted, laid_out
from .speed_text import console_speed_text, told_kph
from .treadmills import is_real, profile_at
from .worst_case import Rise, hardest_rise, seconds_at_target


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command says, and whether there is something to say no to."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A workout held against one machine and person. ``may_accept``: what would run with the lowest speed accepted."""

    profile: DeviceProfile
    prepared: Prepared
    asked: Asked
    linked: bool
    may_accept: tuple[str, ...] = ()


def check_text(written: Written, address: str, asked: Asked, as_json: bool = False) -> Printed:
    """The page for one workout, machine and person. Raises AddressError for an address that is none."""
    checked = check(written, address, asked)
    text = json.dumps(as_plain(checked), indent=2) if as_json else "\n".join(_page(checked))
    return Printed(text, bool(checked.prepared.offer.problems))


def check(written: Written, address: str, asked: Asked) -> Checked:
    """Lay it out, and where that fails for the lowest speed of the belt alone, say what the person may accept."""
    profile, linked = profile_at(address), parse_address(address).scheme != "coach"
    asked = replace(asked, by_hand=not linked)
    prepared = laid_out(written, profile, asked)
    if is_real(address):
        prepared = fitted(prepared, profile)
    if prepared.offer.timeline is not None or asked.accept_lowest:
        return Checked(profile, prepared, asked, linked)
    accepted = laid_out(written, profile, replace(asked, accept_lowest=True))
    may_accept = accepted.accepted if not accepted.offer.problems else ()
    return Checked(profile, prepared, asked, linked, may_accept)


def gist(checked: Checked) -> tuple[str, ...]:
    """What the page says of the whole, without its steps: the totals, the worst case, the limits; empty without one."""
    timeline = checked.prepared.offer.timeline
    if timeline is None:
        return ()
    return (*_totals(timeline, checked), *_worst(checked), *_limits(timeline, checked.profile, checked.prepared))


# --- the page -----------------------------------------------------------------------------------------------------


def _page(checked: Checked) -> list[str]:
    prepared, profile = checked.prepared, checked.profile
    offer = prepared.offer
    lines = [f"{offer.title}", f"on {_within(profile.name)}, tier {prepared.tier.title}{_for(checked.asked)}", ""]
    if offer.timeline is not None:
        lines += [*_steps(offer.timeline, profile), "", *gist(checked), *_turns(offer.timeline)]
    if offer.needs:
        lines.append(f"needs        {', '.join(offer.needs)}")
    if offer.source:
        lines += [f"source       {offer.source}", f"grade        {offer.grade}"]
    lines += ["", *(f"not for: {sentence}" for sentence in offer.not_for)] if offer.not_for else []
    lines += ["", *(f"note: {sentence}" for sentence in (*offer.findings, *_rounded(offer.timeline, profile)))]
    lines += [f"limit: {sentence}" for sentence in offer.problems] or ["no limit is hit: it can be run as written"]
    lines += [f"you may accept (--accept-lowest): {sentence}" for sentence in checked.may_accept]
    return lines


def _within(name: str) -> str:
    """A name inside a sentence: words that stand for a name begin small there."""
    return f"a {name[2:]}" if name.startswith("A ") else name


def _for(asked: Asked) -> str:
    return "" if asked.person is None else f", for {asked.person.name}"


_HEAD = f"{'step':>4}  {'at':>7}  {'length':>10}  {'at target':>9}  {'speed':<24} {'incline':<14} what"


def _steps(timeline: Timeline, profile: DeviceProfile) -> list[str]:
    return [_HEAD, *(_line(one, timeline, profile) for one in timeline.steps)]


def _line(step: Step, timeline: Timeline, profile: DeviceProfile) -> str:
    at_target, speed, incline = "", "-", "-"
    if step.on_belt:
        at_target = duration_text(round(seconds_at_target(step, timeline, profile)))
        speed = _range(lambda kph: console_speed_text(profile, kph), step.entry.speed_kph, step.target.speed_kph)
        incline = _range(incline_text, step.entry.incline_percent, step.target.incline_percent)
    length = duration_text(step.length_s) if step.length_m is None else f"{number_text(step.length_m)} m"
    when = f"{step.index + 1:>4}  {_clock(step.starts_s):>7}  {length:>10}"
    return f"{when}  {at_target:>9}  {speed:<24} {incline:<14} {step.label}"


def _range(text: Callable[[float], str], first: float, last: float) -> str:
    return text(first) if first == last else f"{text(first)} -> {text(last)}"


def _totals(timeline: Timeline, checked: Checked) -> list[str]:
    backward_s = sum(one.length_s for one in backward_steps(timeline))
    running_s = sum(map(_running_s, timeline.steps))
    lines = [
        f"total        {_clock(timeline.total_s)} min:s, about {_distance_m(timeline):.0f} m, {_ways_text(timeline)}"
    ]
    lines.append(f"facing       the {', then the '.join(_facings(timeline))}")
    if running_s:
        lines.append(f"running      {_clock(running_s)} min:s")
    if backward_s:
        lines.append(f"rises        at most {timeline.rates.rise_kph_per_s:.2f} km/h per second")
        lines.append(f"today        {_today_text(backward_s, checked.asked.today, checked.prepared)}")
    return lines


def _running_s(step: Step) -> float:
    """Forward it is the word of the author, backward the speed as well."""
    return backward_running_s(step) or (step.length_s if step.kind is StepKind.RUN else 0.0)


def _today_text(backward_s: float, today: Today, prepared: Prepared) -> str:
    done = f"{today.backward_s / 60:.3g} done, " if today.backward_s else ""
    return f"{done}{backward_s / 60:.4g} of {prepared.tier.backward_min_day} minutes backward a day"


def _distance_m(timeline: Timeline) -> float:
    return sum((one.start.speed_kph + one.end.speed_kph) / 2 / 3.6 * one.length_s for one in timeline.segments)


def _ways_text(timeline: Timeline) -> str:
    gaits = {gait(*way) for way in ways(timeline)}
    if len(gaits) == 1:
        return f"{next(iter(gaits)).value} all the way"
    backward_s = sum(one.length_s for one in backward_steps(timeline))
    forward_s = sum(one.length_s for one in belt_steps(timeline)) - backward_s
    return f"backward {_clock(backward_s)}, forward {_clock(forward_s)}"


def _facings(timeline: Timeline) -> list[str]:
    """Each way to face once in its order, with the belt named where it is the rare one."""
    names: list[str] = []
    for one in timeline.steps:
        name = one.facing.value + (" on a reversed belt" if one.belt is BeltDirection.REVERSED else "")
        if not names or names[-1] != name:
            names.append(name)
    return names


def _worst(checked: Checked) -> list[str]:
    """The hardest moments, each with its step: what somebody should be ready for."""
    timeline, profile = checked.prepared.offer.timeline, checked.profile
    assert timeline is not None, "a page without a timeline has no worst case"
    fastest = max(belt_steps(timeline), key=lambda one: one.top_kph, default=None)
    if fastest is None:
        return []
    top = console_speed_text(profile, fastest.top_kph)
    lines = [f"fastest      {top} in {fastest.where}"]
    steepest = max(belt_steps(timeline), key=_top_percent)
    if _top_percent(steepest) > 0:
        lines.append(f"steepest     {incline_text(_top_percent(steepest))} in {steepest.where}")
    if (longest := _longest_block(timeline)) is not None:
        lines.append(
            f"longest      {duration_text(longest.length_s)} backward in one block, step {longest.first.index + 1}"
        )
    if (rise := hardest_rise(timeline)) is not None:
        lines.append(f"hardest rise {_rise_text(rise, profile)}")
    lines += [f"heart        at most {one.heart_bpm} bpm in {one.where}" for one in _held(timeline)]
    return [*lines, f"link         {_link_text(checked, top)}"]


def _held(timeline: Timeline) -> list[Step]:
    """The first step under each ceiling of the heart rate, the lowest first."""
    held = [one for one in timeline.steps if one.heart_bpm is not None]
    return sorted({one.heart_bpm: one for one in reversed(held)}.values(), key=lambda one: one.heart_bpm or 0)


def _longest_block(timeline: Timeline) -> Block | None:
    return max(blocks(timeline), key=lambda block: block.length_s, default=None)


def _rise_text(rise: Rise, profile: DeviceProfile) -> str:
    way = f"{console_speed_text(profile, rise.from_kph)} -> {console_speed_text(profile, rise.to_kph)}"
    return f"{way} within {duration_text(round(rise.length_s))}, into step {rise.step + 1}"


def _link_text(checked: Checked, top: str) -> str:
    if not checked.linked:
        return "none: nothing but a hand changes the belt, and the program cannot stop it"
    match runs_on(checked.profile):
        case True:
            return f"if it is lost at the worst moment, this machine runs on at {top} until its key is pulled"
        case False:
            return "if it is lost, this machine stops its belt by itself"
    return f"if it is lost, nobody knows what this machine does: count on a belt that runs on at {top}"


def _top_percent(step: Step) -> float:
    return max(step.entry.incline_percent, step.target.incline_percent)


def _limits(timeline: Timeline, profile: DeviceProfile, prepared: Prepared) -> list[str]:
    lines = []
    for way in ways(timeline):
        limits = limits_without_plan(timeline, profile, prepared.tier, way)
        speed, incline = limits.speed_ckph, limits.incline_dpct
        lines.append(f"speed limit  {console_speed_text(profile, speed.value / 100)} ({speed.reason})")
        lines.append(f"incline      {incline_text(incline.value / 10)} ({incline.reason})")
    return list(dict.fromkeys(lines))


def _turns(timeline: Timeline) -> list[str]:
    return [f"turn         {_turn_text(one)}" for one in timeline.steps if one.kind is StepKind.TURN]


def _turn_text(step: Step) -> str:
    belt = ", belt reversed" if step.belt is BeltDirection.REVERSED else ""
    return (
        f"step {step.index + 1}, to the {step.facing.value}{belt}: belt reported still for {TURN_STILL_S:.0f} s, "
        "two confirmations, a whole new start"
    )


TURN_STILL_S = 5.0
"""How long rule R9 wants the belt reported still before anybody turns."""


def _rounded(timeline: Timeline | None, profile: DeviceProfile) -> list[str]:
    """Targets between two steps of the machine: the belt runs the lower one."""
    step_ckph = profile.capabilities.speed_increment_ckph
    asked = {} if timeline is None else {speed_to_ckph(p.speed_kph): p for p in _targets(timeline)}

    def runs(ckph: int) -> str:
        return console_speed_text(profile, round(told_kph(profile, ckph / 100), 2))

    return [
        f"{console_speed_text(profile, ckph / 100)} is between two steps of this machine "
        f"({number_text(step_ckph / 100)} km/h): it runs {runs(ckph)}"
        for ckph in sorted(asked)
        if ckph % step_ckph and ckph > profile.capabilities.speed_min_ckph
    ]


def _targets(timeline: Timeline) -> list[Setpoint]:
    return [one.target for one in belt_steps(timeline)]


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


# --- JSON ---------------------------------------------------------------------------------------------------------


def as_plain(checked: Checked) -> dict[str, Any]:
    """The published keys; times in seconds, speeds in km/h, inclines in percent. Steps count from 1."""
    prepared, profile = checked.prepared, checked.profile
    offer, timeline = prepared.offer, prepared.offer.timeline
    return {
        "title": offer.title,
        "level": offer.level,
        "treadmill": profile.name,
        "tier": prepared.tier.key,
        "steps": [] if timeline is None else [_plain_step(one, timeline, profile) for one in timeline.steps],
        "total_s": None if timeline is None else round(timeline.total_s, 3),
        "distance_m": None if timeline is None else round(_distance_m(timeline), 1),
        "backward_s": None if timeline is None else round(sum(s.length_s for s in backward_steps(timeline)), 3),
        "backward_done_today_s": checked.asked.today.backward_s,
        "worst": None if timeline is None else _plain_worst(timeline, checked),
        "turns": [] if timeline is None else [one.index + 1 for one in timeline.steps if one.kind is StepKind.TURN],
        "needs": list(offer.needs),
        "not_for": list(offer.not_for),
        "source": offer.source or None,
        "grade": offer.grade or None,
        "notes": [*offer.findings, *_rounded(timeline, profile)],
        "problems": list(offer.problems),
        "may_accept": list(checked.may_accept),
    }


def _plain_step(step: Step, timeline: Timeline, profile: DeviceProfile) -> dict[str, Any]:
    on_belt = step.on_belt
    return {
        "step": step.index + 1,
        "kind": step.kind.value,
        "label": step.label,
        "facing": step.facing.value,
        "belt": step.belt.value,
        "gait": gait(*way_of(step)).value if on_belt else None,
        "at_s": round(step.starts_s, 3),
        "length_s": round(step.length_s, 3),
        "length_m": step.length_m,
        "heart_ceiling_bpm": step.heart_bpm,
        "speed_kph": [step.entry.speed_kph, step.target.speed_kph] if on_belt else None,
        "incline_percent": [step.entry.incline_percent, step.target.incline_percent] if on_belt else None,
        "at_target_s": round(seconds_at_target(step, timeline, profile), 1) if on_belt else None,
    }


def _plain_worst(timeline: Timeline, checked: Checked) -> dict[str, Any]:
    rise, longest, steps = hardest_rise(timeline), _longest_block(timeline), belt_steps(timeline)
    top_kph = max((one.top_kph for one in steps), default=0.0)
    return {
        "speed_kph": top_kph,
        "incline_percent": max(map(_top_percent, steps), default=0.0),
        "block_s": None if longest is None else round(longest.length_s, 3),
        "rise_kph": None if rise is None else [rise.from_kph, rise.to_kph],
        "link_lost_runs_on_at_kph": top_kph if checked.linked and runs_on(checked.profile) else None,
        "link_lost_is_known": checked.linked and runs_on(checked.profile) is not None,
    }
