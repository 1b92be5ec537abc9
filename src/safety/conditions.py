"""The conditions behind the rules: each looks at the facts and answers with a sentence, or None.

The sentence holds the measured value and the limit; screen, journal and tests read the same one.
"""

from __future__ import annotations

from . import attention as checks
from . import belt as belts
from .config import Config
from .facts import GAP_MS, LATE_TICKS, LATE_TICKS_LIMIT_MS, Facts
from .feeling import EFFORT_EASE, EFFORT_STOP, HIGHEST, PAIN_SOME
from .following import FREEZE_MS, STOP_MS
from .heart import EASE_AFTER_MS, FAR_BPM, FAR_MS, GONE_MS, LATE_MS, LOST_MS, NEAR_BPM, STOP_AFTER_MS
from .run import OVER_MS, longest_effort_ms
from .stopping import LONGEST_MS, NO_FALL_MS, RAMP_LAG_MS, UNCONFIRMED_MS
from .stopping import ramp_lags as stop_ramp_lags
from .stopping import unconfirmed as stop_is_unconfirmed
from .turning import LONGEST_MS as LONGEST_TURN_MS

# Three missed beats of 200 ms. A constant speed harms nobody by itself, so this trades well against false stops.
LEASE_MS = 600
UI_SLOW_MS = 2_000
UI_DEAD_MS = 5_000
# Out of the person's reach for so long, the program serves nobody: time to find a window, not to fall unseen.
AWAY_MS = 15_000
# The recorder writes once a second; two without a write are a disk that is stuck.
RECORDER_MS = 2_000
# A treadmill's own console ends a pause after 30 to 60 s; after that the place is no longer waited for.
PAUSE_MS = 60_000
# What a session takes from a full charge, and what stays for stopping and saying so when the gauge of an old battery
# drops its last tenth at once.
BATTERY_START_PERCENT, BATTERY_STOP_PERCENT = 30, 10


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s"


def _kph(ckph: int) -> str:
    return f"{ckph / 100:.1f} km/h"


def telemetry_late(config: Config, facts: Facts) -> str | None:
    age_ms = facts.belt.age_ms
    if age_ms <= config.times.late_ms:
        return None
    return f"no telemetry for {_seconds(age_ms)} (rises freeze after {_seconds(config.times.late_ms)})"


def telemetry_silent(config: Config, facts: Facts) -> str | None:
    age_ms = facts.belt.age_ms
    if age_ms < config.times.silent_ms:
        return None
    return f"no telemetry for {_seconds(age_ms)} (limit {_seconds(config.times.silent_ms)})"


def counters_stuck(_config: Config, facts: Facts) -> str | None:
    stuck_ms = facts.belt.stuck_ms
    if stuck_ms < belts.COUNTERS_STUCK_MS:
        return None
    limit = _seconds(belts.COUNTERS_STUCK_MS)
    return f"the treadmill's counters stand still for {_seconds(stuck_ms)} while it reports motion (limit {limit})"


def suspect_speed(_config: Config, facts: Facts) -> str | None:
    if not facts.belt.over:
        return None
    return f"a report of {_kph(facts.belt.speed_ckph or 0)} is above what was asked for ({_kph(facts.ceiling_ckph)})"


def runaway(_config: Config, facts: Facts) -> str | None:
    belt = facts.belt
    believed = belt.spike_ms is not None and belt.spike_ms >= belts.SPIKE_BELIEVED_MS
    if belt.over < belts.RUNAWAY_REPORTS and not believed:
        return None
    margin = _kph(belts.RUNAWAY_MARGIN_CKPH)
    return (
        f"the belt runs at {_kph(belt.speed_ckph or 0)}, over {margin} above the {_kph(facts.ceiling_ckph)} asked for"
    )


def unexpected_motion(_config: Config, facts: Facts) -> str | None:
    if facts.belt.moving < 2:
        return None
    return f"the belt moves at {_kph(facts.belt.speed_ckph or 0)} although nothing was started"


def set_refused(_config: Config, facts: Facts) -> str | None:
    return "the treadmill did not take the last set-point; nothing rises until it takes one" if facts.refused else None


def lease_lapsed(_config: Config, facts: Facts) -> str | None:
    if facts.beat_ms <= LEASE_MS:
        return None
    return f"the program has not been heard for {_seconds(facts.beat_ms)} (limit {_seconds(LEASE_MS)})"


def lease_revoked(_config: Config, facts: Facts) -> str | None:
    return "the program has ended while it held the belt" if facts.revoked else None


def ui_slow(_config: Config, facts: Facts) -> str | None:
    if facts.ui_ms <= UI_SLOW_MS:
        return None
    return f"the screen has not moved for {_seconds(facts.ui_ms)} (rises freeze after {_seconds(UI_SLOW_MS)})"


def ui_dead(_config: Config, facts: Facts) -> str | None:
    if facts.ui_ms <= UI_DEAD_MS:
        return None
    return f"the screen has not moved for {_seconds(facts.ui_ms)} (limit {_seconds(UI_DEAD_MS)})"


def input_dead(_config: Config, facts: Facts) -> str | None:
    return None if facts.input_alive else "the program no longer reads the keyboard"


def _away(age_ms: int | None, what: str, limit_ms: int) -> str | None:
    if age_ms is None:
        return None
    return f"{what} for {_seconds(age_ms)} (limit {_seconds(limit_ms)})" if age_ms >= limit_ms else None


def _just_away(age_ms: int | None, what: str) -> str | None:
    return None if age_ms is None else f"{what}: nothing rises, and the belt stops after {_seconds(AWAY_MS)}"


FOCUS = "another window has the keyboard"
LOCKED = "the screen of the computer is locked"
REMOTE = "the remote is gone"


def focus_away(_config: Config, facts: Facts) -> str | None:
    return _just_away(facts.health.focus_ms, FOCUS)


def focus_gone(_config: Config, facts: Facts) -> str | None:
    return _away(facts.health.focus_ms, FOCUS, AWAY_MS)


def screen_locked(_config: Config, facts: Facts) -> str | None:
    return _just_away(facts.health.locked_ms, LOCKED)


def screen_stays_locked(_config: Config, facts: Facts) -> str | None:
    return _away(facts.health.locked_ms, LOCKED, AWAY_MS)


def remote_away(_config: Config, facts: Facts) -> str | None:
    return _just_away(facts.health.remote_ms, REMOTE)


def remote_gone(_config: Config, facts: Facts) -> str | None:
    return _away(facts.health.remote_ms, REMOTE, AWAY_MS)


def recorder_behind(config: Config, facts: Facts) -> str | None:
    health = facts.health
    block = "; finish this block, no new one is started" if config.tier.clinic else ""
    if health.recorder_failed:
        return f"the run is not recorded any more; nothing rises{block}"
    if health.recorder_ms <= RECORDER_MS:
        return None
    return f"the record is {_seconds(health.recorder_ms)} behind (rises freeze after {_seconds(RECORDER_MS)}){block}"


def cues_failed(_config: Config, facts: Facts) -> str | None:
    return None if facts.health.cues_ok else "nobody hears the cues or an alarm, so nothing rises"


def battery_low(_config: Config, facts: Facts) -> str | None:
    percent = facts.health.battery_percent
    if percent is None or percent >= BATTERY_STOP_PERCENT:
        return None
    return f"the battery of the computer has {percent} % left (limit {BATTERY_STOP_PERCENT} %)"


def battery_too_low_to_start(percent: int | None) -> str | None:
    """Why nothing is started on this battery; None where it may be."""
    if percent is None or percent >= BATTERY_START_PERCENT:
        return None
    return f"the computer runs on a battery of {percent} % (a start needs {BATTERY_START_PERCENT} %): plug in its mains"


def clock_gap(_config: Config, facts: Facts) -> str | None:
    if not facts.gap_ms:
        return None
    return (
        f"the guardian stood still for {_seconds(facts.gap_ms)} (limit {_seconds(GAP_MS)}), and nobody watched the belt"
    )


def clicker_released(_config: Config, facts: Facts) -> str | None:
    return "the clicker is not held any more" if facts.health.clicker_held is False else None


def attention_asked(_config: Config, facts: Facts) -> str | None:
    asked_ms = facts.attention.asked_ms
    if asked_ms is None:
        return None
    limit = _seconds(checks.FREEZE_MS)
    return f"the attention check has waited for an answer for {_seconds(asked_ms)} (rises freeze after {limit})"


def attention_late(_config: Config, facts: Facts) -> str | None:
    return _unanswered(facts, checks.FREEZE_MS)


def attention_lost(_config: Config, facts: Facts) -> str | None:
    return _unanswered(facts, checks.EASE_MS)


def nobody_answers(_config: Config, facts: Facts) -> str | None:
    return _unanswered(facts, checks.STOP_MS)


def _unanswered(facts: Facts, limit_ms: int) -> str | None:
    asked_ms = facts.attention.asked_ms
    if asked_ms is None or asked_ms < limit_ms:
        return None
    return f"nobody has answered the attention check for {_seconds(asked_ms)} (limit {_seconds(limit_ms)})"


def pain_some(_config: Config, facts: Facts) -> str | None:
    pain = facts.feeling.pain
    if pain is None or pain < PAIN_SOME:
        return None
    return f"pain {pain} of {HIGHEST} was said: nothing rises from {PAIN_SOME} on, until less is said"


def pain_over(_config: Config, facts: Facts) -> str | None:
    pain, limit = facts.feeling.pain, facts.feeling.pain_limit
    if pain is None or pain < limit:
        return None
    before = "" if facts.feeling.before is None else f", {facts.feeling.before} before the start"
    return f"pain {pain} of {HIGHEST} was said{before} (limit {limit - 1})"


def effort_high(_config: Config, facts: Facts) -> str | None:
    return _effort(facts, EFFORT_EASE)


def effort_full(_config: Config, facts: Facts) -> str | None:
    return _effort(facts, EFFORT_STOP)


def _effort(facts: Facts, limit: int) -> str | None:
    effort = facts.feeling.effort
    return None if effort is None or effort < limit else f"effort {effort} of {HIGHEST} was said (limit {limit - 1})"


def block_long(config: Config, facts: Facts) -> str | None:
    return _held(config, facts, 0)


def block_over(config: Config, facts: Facts) -> str | None:
    return _held(config, facts, OVER_MS)


def _held(config: Config, facts: Facts, over_ms: int) -> str | None:
    """The minutes of a block, and those that the belt runs beside any."""
    held_ms = facts.run.effort_ms
    if held_ms < longest_effort_ms(config.tier) + over_ms:
        return None
    limit = f"a block of tier {config.tier.title} is {config.tier.block_max_min} min long at most"
    return f"one effort backward has lasted for {held_ms / 60_000:.1f} min, and {limit}"


def not_following(_config: Config, facts: Facts) -> str | None:
    return _behind(facts, FREEZE_MS)


def never_followed(_config: Config, facts: Facts) -> str | None:
    return _behind(facts, STOP_MS)


def _behind(facts: Facts, limit_ms: int) -> str | None:
    if facts.behind_ms < limit_ms:
        return None
    speed = f"{_kph(facts.belt.speed_ckph or 0)} instead of {_kph(facts.sent_ckph)}"
    return f"the belt does not follow: {speed} for {_seconds(facts.behind_ms)} (limit {_seconds(limit_ms)})"


def session_long(_config: Config, facts: Facts) -> str | None:
    return _moved(facts, facts.run.max_ms)


def session_over(_config: Config, facts: Facts) -> str | None:
    return _moved(facts, facts.run.max_ms + OVER_MS)


def _moved(facts: Facts, limit_ms: int) -> str | None:
    if facts.run.motion_ms < limit_ms:
        return None
    moved, allowed = facts.run.motion_ms / 60_000, facts.run.max_ms / 60_000
    return f"the belt has moved for {moved:.1f} min in this session (limit {allowed:.1f} min)"


def heart_near(config: Config, facts: Facts) -> str | None:
    ceiling, median_bpm = config.heart, facts.heart.median_bpm
    if ceiling is None or median_bpm is None or facts.heart.eased_ckph is not None:
        return None
    return f"{_rate(median_bpm)} (ceiling {ceiling.bpm} bpm)" if median_bpm > ceiling.bpm - NEAR_BPM else None


def heart_high(config: Config, facts: Facts) -> str | None:
    eased_ckph, median_bpm = facts.heart.eased_ckph, facts.heart.median_bpm
    if config.heart is None or eased_ckph is None:
        return None
    rate = "the heart rate is not known" if median_bpm is None else _rate(median_bpm)
    over = f"it was above its ceiling of {config.heart.bpm} bpm for over {_seconds(EASE_AFTER_MS)}"
    return f"{rate}, {over}: eased to {_kph(max(eased_ckph, config.profile.capabilities.speed_min_ckph))}"


def heart_over(config: Config, facts: Facts) -> str | None:
    ceiling, heart = config.heart, facts.heart
    if ceiling is None or heart.median_bpm is None:
        return None
    if heart.far_ms >= FAR_MS:
        above, limit_ms, ms = f"{FAR_BPM} bpm over its ceiling of {ceiling.bpm} bpm", FAR_MS, heart.far_ms
    else:
        above, limit_ms, ms = f"its ceiling of {ceiling.bpm} bpm", STOP_AFTER_MS, heart.over_ms
    if ms < limit_ms:
        return None
    return f"{_rate(heart.median_bpm)}, and has been above {above} for {_seconds(ms)} (limit {_seconds(limit_ms)})"


def heart_late(config: Config, facts: Facts) -> str | None:
    if config.heart is None or not facts.heart.missing:
        return None
    if facts.heart.contact_off:
        return "the strap has no contact to the skin, so nothing rises"
    return f"no heart rate for {_seconds(facts.heart.age_ms)} (rises freeze after {_seconds(LATE_MS)})"


def heart_lost(config: Config, facts: Facts) -> str | None:
    if config.heart is None or not LOST_MS <= facts.heart.age_ms < GONE_MS:
        return None
    next_ms = _seconds(GONE_MS)
    then = "the belt stops" if config.heart.required else "the belt goes to its lowest speed"
    return f"no heart rate for {_seconds(facts.heart.age_ms)}: put the strap right; {then} after {next_ms}"


def heart_gone(config: Config, facts: Facts) -> str | None:
    return None if config.heart is None or config.heart.required else _no_heart(facts)


def heart_needed(config: Config, facts: Facts) -> str | None:
    return _no_heart(facts) if config.heart is not None and config.heart.required else None


def _no_heart(facts: Facts) -> str | None:
    if facts.heart.age_ms < GONE_MS:
        return None
    return f"no heart rate for {_seconds(facts.heart.age_ms)} or longer (limit {_seconds(GONE_MS)})"


def _rate(bpm: int) -> str:
    return f"the heart rate is {bpm} bpm"


def turn_too_long(_config: Config, facts: Facts) -> str | None:
    if facts.mode_ms < LONGEST_TURN_MS:
        return None
    return f"the turn has lasted {_seconds(facts.mode_ms)} (limit {_seconds(LONGEST_TURN_MS)})"


def no_motion(config: Config, facts: Facts) -> str | None:
    if facts.mode_ms < config.profile.start_timeout_ms:
        return None
    limit = _seconds(config.profile.start_timeout_ms)
    return f"the belt was told to start {_seconds(facts.mode_ms)} ago and was not seen moving (limit {limit})"


def stopped_by_itself(_config: Config, facts: Facts) -> str | None:
    if not facts.standstill:
        return None
    return "the belt stands still although it was not told to stop: its stop or its safety key was used"


def pause_too_long(_config: Config, facts: Facts) -> str | None:
    if facts.mode_ms < PAUSE_MS:
        return None
    return f"the pause has lasted {_seconds(facts.mode_ms)} (limit {_seconds(PAUSE_MS)})"


def ticks_late(_config: Config, facts: Facts) -> str | None:
    if facts.late_ticks < LATE_TICKS:
        return None
    return f"the guardian was late twice within 10 s (limit {LATE_TICKS_LIMIT_MS} ms a time)"


def ramp_lags(_config: Config, facts: Facts) -> str | None:
    if facts.stop is None or not stop_ramp_lags(facts.stop):
        return None
    return f"the belt does not follow the ramp down (more than {_seconds(RAMP_LAG_MS)} behind)"


def stop_unconfirmed(_config: Config, facts: Facts) -> str | None:
    stop = facts.stop
    if stop is None or not stop_is_unconfirmed(stop, facts.belt):
        return None
    if stop.overdue:
        return "the stop command has not left in time"
    if stop.since_ms >= LONGEST_MS:
        longest = _seconds(LONGEST_MS)
        return f"the belt does not stand still {_seconds(stop.since_ms)} after the stop (limit {longest})"
    limit = _seconds(UNCONFIRMED_MS if stop.frame_ms is not None and stop.frame_ms >= UNCONFIRMED_MS else NO_FALL_MS)
    return f"the belt was not seen slowing down for {_seconds(stop.no_fall_ms)} after the stop (limit {limit})"
