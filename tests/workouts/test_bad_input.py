"""What a file must not be able to do: every case is refused in a sentence with line and column, and costs little."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.workouts.source import WorkoutFileError, parse_workout

GOOD = """\
retrotread: 1
name: slow backward walk
level: 1
facing: rear
steps:
  - walk: 5 min
    speed: 1.0 km/h
    say: short steps
  - cool down: 2 min
    speed: 0.8 km/h
"""
FIRST_STEP = "  - walk: 5 min\n    speed: 1.0 km/h\n    say: short steps\n"
SPEED_MEND = (
    "write a speed with its unit, such as 3.0 km/h (also mph and m/s), a share of the person's backward maximum, "
    "such as 60 %, or two with an arrow, a -> b"
)
TIME_MEND = "write a time with its unit, such as 5 min, 60 s or 1 min 30 s"
LENGTH_MEND = "write a time or a distance with its unit, such as 5 min, 1 min 30 s, 400 m or 0.25 mi"
STANDS_MEND = "leave the step out, or write off belt for a time beside the belt; a plan stops the belt at its end"
KINDS_MEND = "write walk, run, cool down, turn, off belt or repeat, such as: - walk: 5 min"
INSIDE_MEND = "give a length inside that"
TEXT_MEND = "write it as plain text on one line"
DIGITS_MEND = "write it in plain digits, without quotes"
HEART_MEND = "write beats per minute with their unit, such as 140 bpm, from 60 to 230"
DEEP = "after" + "[0]" * 19


def changed(old: str, new: str) -> bytes:
    """The good file with one thing in it that is not."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new).encode("utf-8", "surrogatepass")


def added(text: str) -> bytes:
    return (GOOD + text).encode()


def problems(content: bytes) -> list[str]:
    with pytest.raises(WorkoutFileError) as caught:
        parse_workout(content, "w.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems)
    return [line.removeprefix("w.yaml:") for line in lines]


def test_the_good_file_is_good() -> None:
    assert parse_workout(GOOD.encode(), "w.yaml").name == "slow backward walk"


INDIRECTION = {
    "alias bomb": (
        added("after: &a [x, x]\nneeds: [*a, *a]\n"),
        [
            "11:8: after: &a is an anchor; remove it; nothing may refer to it",
            "12:9: needs[0]: *a is an alias; write out what it stands for",
            "12:13: needs[1]: *a is an alias; write out what it stands for",
        ],
    ),
    "recursive alias": (
        added("after: &a [*a]\n"),
        [
            "11:8: after: &a is an anchor; remove it; nothing may refer to it",
            "11:12: after[0]: *a is an alias; write out what it stands for",
        ],
    ),
    "merge key": (
        changed("    speed: 1.0 km/h\n", "    speed: 1.0 km/h\n    <<: {say: x}\n"),
        ["8:5: steps[0].'<<': << is a merge key; write out what it stands for"],
    ),
    "python tag": (
        changed("level: 1", "level: !!python/object/apply:os.system [id]"),
        ["3:8: level: 'tag:yaml.org,2002:python/object/apply:os'... is a tag; remove it; every value is what it says"],
    ),
    "harmless tag": (
        changed("level: 1", "level: !!int 1"),
        ["3:8: level: 'tag:yaml.org,2002:int' is a tag; remove it; every value is what it says"],
    ),
    "directive": (
        b"%YAML 1.1\n---\n" + GOOD.encode(),
        ["1:1: file: directives are not part of a workout file; remove the line"],
    ),
    "second document": (
        added("---\nretrotread: 1\n"),
        ["11:1: file: a second document begins here; keep one in a file"],
    ),
    "key that is a list": (
        added("? [a, b]\n: c\n"),
        ["11:3: file: a key is a word, not a table or a list; remove the question mark or the bracket"],
    ),
}

UNASSIGNED = {
    "in an anchor": (
        added("after: &\u05c8 [x]\n"),
        r"11:8: after: &'\u05c8' is an anchor; remove it; nothing may refer to it",
    ),
    "in a value": (
        added("source: {text: x, grade: \u05c8}\n"),
        r"11:26: source.grade: '\u05c8' is none of 'trial', 'design', 'study', 'practice', 'proposal' or 'none'; "
        "write one of these",
    ),
    "in a key": (added("\u05c8: x\n"), r"11:1: '\u05c8': there is no key '\u05c8' here; remove it"),
}

SIZES = {
    "1 MB": (
        GOOD.encode() + b"# " + b"x" * 1_000_000,
        ["1:1: file: is larger than 256 KiB, the limit; a workout is a few kilobytes of text"],
    ),
    "one byte too many": (
        GOOD.encode() + b"#" * (256 * 1024 + 1 - len(GOOD)),
        ["1:1: file: is larger than 256 KiB, the limit; a workout is a few kilobytes of text"],
    ),
    "long line": (
        changed("slow", "s" * 1000),
        ["2:1: file: the line has 1020 characters, the limit is 1000; break it into shorter lines"],
    ),
    "many lines": (
        added("\n" * 250_000),
        ["5001:1: file: has 250011 lines, the limit is 5000; a workout has a few dozen lines"],
    ),
    "5,000 levels in brackets": (
        added("after:\n" + " [[[[\n" * 1250),
        [f"16:5: {DEEP}: the file nests deeper than 20 levels, the limit; nest less"],
    ),
    "5,000 levels in dashes": (
        added("after:\n" + "\n".join([" " + "- " * 400] * 12) + "x\n"),
        [f"12:40: {DEEP}: the file nests deeper than 20 levels, the limit; nest less"],
    ),
    "a line of brackets": (
        added("after: " + "[" * 990),
        [f"11:27: {DEEP}: the file nests deeper than 20 levels, the limit; nest less"],
    ),
    "2,000 values": (
        added("after:\n" + "- x\n" * 2100),
        ["1987:3: after[1975]: the file has more than 2000 keys and values, the limit; use repeats"],
    ),
}

NUMBERS = {
    "010 as a number": (changed("level: 1", "level: 010"), f"3:8: level: 010 is not a whole number; {DIGITS_MEND}"),
    "010 as a length": (changed("5 min", "010"), f"6:11: steps[0].walk: 010 has no unit; {LENGTH_MEND}"),
    "1:30": (changed("5 min", "1:30"), f"6:11: steps[0].walk: '1:30' is not a length; {LENGTH_MEND}"),
    "no": (changed("facing: rear", "facing: no"), "4:9: facing: 'no' is no way to face; write rear or console"),
    "1e3": (changed("1.0 km/h", "1e3"), f"7:12: steps[0].speed: 1e3 has no unit; {SPEED_MEND}"),
    "1_000": (changed("5 min", "1_000"), f"6:11: steps[0].walk: 1_000 has no unit; {LENGTH_MEND}"),
    "~": (changed("1.0 km/h", "~"), "7:12: steps[0].speed: has no value; give it one, or remove the line"),
    "nothing": (changed(" short steps", ""), "8:5: steps[0].say: has no value; give it one, or remove the line"),
    "true": (changed("level: 1", "level: true"), f"3:8: level: true is not a whole number; {DIGITS_MEND}"),
    ".nan as a speed": (changed("1.0 km/h", ".nan"), f"7:12: steps[0].speed: .nan has no unit; {SPEED_MEND}"),
    ".inf as a speed": (changed("1.0 km/h", ".inf"), f"7:12: steps[0].speed: .inf has no unit; {SPEED_MEND}"),
    ".nan as a number": (changed("level: 1", "level: .nan"), f"3:8: level: .nan is not a whole number; {DIGITS_MEND}"),
    "1e999": (changed("level: 1", "level: 1e999"), f"3:8: level: 1e999 is not a whole number; {DIGITS_MEND}"),
    "8.0": (changed("level: 1", "level: 8.0"), f"3:8: level: 8.0 is not a whole number; {DIGITS_MEND}"),
    "quoted 1": (changed("level: 1", 'level: "1"'), f"3:8: level: '1' is not a whole number; {DIGITS_MEND}"),
    "nan km/h": (changed("1.0 km", "nan km"), f"7:12: steps[0].speed: 'nan km/h' is not a speed; {SPEED_MEND}"),
    "negative": (changed("1.0 km", "-1.0 km"), f"7:12: steps[0].speed: '-1.0 km/h' is not a speed; {SPEED_MEND}"),
    "negative number": (
        changed("level: 1", "level: -1"),
        "3:8: level: -1 is below 0, the lowest; give a higher number",
    ),
    "-0.0": (changed("1.0 km", "-0.0 km"), f"7:12: steps[0].speed: '-0.0 km/h' is not a speed; {SPEED_MEND}"),
    "-0": (changed("level: 1", "level: -0"), f"3:8: level: -0 is not a whole number; {DIGITS_MEND}"),
    "1e308": (changed("1.0 km", "1e308 km"), f"7:12: steps[0].speed: '1e308 km/h' is not a speed; {SPEED_MEND}"),
    "1e-320": (changed("1.0 km", "1e-320 km"), f"7:12: steps[0].speed: '1e-320 km/h' is not a speed; {SPEED_MEND}"),
    "too fast": (
        changed("1.0 km", "180 km"),
        "7:12: steps[0].speed: '180 km/h' is 180.0 km/h, above 30.0 km/h; look at the number and the unit",
    ),
    "too steep": (
        changed("    say: short", "    incline: 90 %\n    say: short"),
        "8:14: steps[0].incline: '90 %' is above 40 %; look at the number",
    ),
    "standing belt": (
        changed("1.0 km", "0 km"),
        f"7:12: steps[0].speed: '0 km/h' is a belt that stands; {STANDS_MEND}",
    ),
    "1,000 digits": (
        changed("level: 1", "level: " + "9" * 900),
        f"3:8: level: '{'9' * 40}'... is not a whole number; {DIGITS_MEND}",
    ),
    "5,000 digits": (
        changed("level: 1", 'level: "' + "\\\n    ".join(["9" * 500] * 10) + '"'),
        f"3:8: level: '{'9' * 40}'... is not a whole number; {DIGITS_MEND}",
    ),
    "full-width digits": (changed("1.0", "１.0"), f"7:12: steps[0].speed: '１.0 km/h' is not a speed; {SPEED_MEND}"),
    "full-width number": (changed("level: 1", "level: １"), f"3:8: level: １ is not a whole number; {DIGITS_MEND}"),
}

HIDDEN = "there is a character that nobody can see,"
ENCODINGS = {
    "NUL": (changed("slow", "sl\0w"), f"2:9: file: {HIDDEN} U+0000; remove it"),
    "not UTF-8": (
        GOOD.encode().replace(b"slow", b"sl\xf6w"),
        "2:9: file: byte 0xf6 is not UTF-8 text; save the file as UTF-8",
    ),
    "BOM": (
        GOOD.encode("utf-8-sig"),
        "1:1: file: begins with a byte order mark; save it as UTF-8 without one",
    ),
    "UTF-16": (GOOD.encode("utf-16"), "1:1: file: is UTF-16 text; save it as UTF-8"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-be"), "1:1: file: is UTF-16 text; save it as UTF-8"),
    "ESC": (changed("slow", "\x1b[2Jslow"), f"2:7: file: {HIDDEN} U+001B; remove it"),
    "OSC": (changed("slow", "a\x1b]0;x\x07"), f"2:8: file: {HIDDEN} U+001B; remove it"),
    "C1": (changed("slow", "\x9b2Jslow"), f"2:7: file: {HIDDEN} U+009B; remove it"),
    "RTL": (changed("slow", "\u202eslow"), f"2:7: file: {HIDDEN} U+202E RIGHT-TO-LEFT OVERRIDE; remove it"),
    "RTL in a comment": (added("# \u202e\n"), f"11:3: file: {HIDDEN} U+202E RIGHT-TO-LEFT OVERRIDE; remove it"),
    "zero width": (changed("slow", "sl\u200bow"), f"2:9: file: {HIDDEN} U+200B ZERO WIDTH SPACE; remove it"),
    "blank letter": (changed("slow", "\u3164"), f"2:7: file: {HIDDEN} U+3164 HANGUL FILLER; remove it"),
    "ESC as an escape": (
        changed("slow backward walk", '"\\e[2Jslow"'),
        f"2:7: name: character 1 is U+001B, which nobody can see; {TEXT_MEND}",
    ),
    "RTL as an escape": (
        changed("short steps", '"a\\u202Eb"'),
        f"8:10: steps[0].say: character 2 is U+202E RIGHT-TO-LEFT OVERRIDE, which nobody can see; {TEXT_MEND}",
    ),
    "half a character": (
        changed("slow backward walk", '"\\ud800"'),
        f"2:7: name: character 1 is U+D800, which nobody can see; {TEXT_MEND}",
    ),
    "no such character": (
        changed("slow backward walk", '"\\UFFFFFFFF"'),
        "2:1: file: this is not YAML here or just after: an escape in quotes names no character; "
        "look at what follows the backslashes",
    ),
    "line break in a name": (
        changed("slow backward walk", '"a\\nb"'),
        f"2:7: name: character 2 is a line break; {TEXT_MEND}",
    ),
}

SUMS = {
    "10,000 repeats": (
        changed(FIRST_STEP, "  - repeat: 10000\n    steps: [{walk: 1 s, speed: 1 km/h}]\n"),
        "6:13: steps[0].repeat: 10000 is above 500, the highest; give a lower number",
    ),
    "repeats of repeats": (
        changed(FIRST_STEP, "  - repeat: 500\n    steps: [{repeat: 500, steps: [{walk: 1 s, speed: 1 km/h}]}]\n"),
        "6:3: steps: the plan unrolls to 250001 steps, the limit is 500; repeat less",
    ),
    "nine hours": (
        changed(FIRST_STEP, "  - repeat: 9\n    steps: [{walk: 1 h, speed: 1 km/h}]\n"),
        "6:3: steps: the plan lasts 9 h 2 min, the limit is 4 h; shorten it",
    ),
    "no repeats": (
        changed(FIRST_STEP, "  - repeat: 0\n    steps: [{walk: 1 s, speed: 1 km/h}]\n"),
        "6:13: steps[0].repeat: 0 is below 1, the lowest; give a higher number",
    ),
    "a repeat of nothing": (
        changed(FIRST_STEP, "  - repeat: 2\n    steps: []\n"),
        "7:12: steps[0].steps: the list is empty; add an entry, or remove the line",
    ),
    "a step of no length": (
        changed("5 min", "0 s"),
        "6:11: steps[0].walk: '0 s' is outside 1 s to 4 h; give a length inside that",
    ),
    "no steps": (
        b"retrotread: 1\nname: x\nfacing: rear\nsteps: []\n",
        "4:8: steps: the list is empty; add an entry, or remove the line",
    ),
}

HEARTS = {
    "led by a heart rate": (
        changed("say: short steps", "heart rate: 140 bpm"),
        "8:5: steps[0].heart rate: there is no key 'heart rate' here; no heart rate leads the belt; one that is not to "
        "be passed is written: heart rate ceiling: 140 bpm",
    ),
    "heart rate misspelt": (
        changed("say: short steps", "heart-rate ceiling: 140 bpm"),
        "8:5: steps[0].heart-rate ceiling: there is no key 'heart-rate ceiling' here; write heart rate ceiling if that "
        "was meant, or remove it",
    ),
    **{
        f"heart rate {text}": (
            changed("say: short steps", f"heart rate ceiling: {text}"),
            f"8:25: steps[0].heart rate ceiling: {said}; {HEART_MEND}",
        )
        for text, said in (
            ("140", "140 has no unit"),
            ("59 bpm", "'59 bpm' is below 60 bpm, and no ceiling of a heart rate is"),
            ("231 bpm", "'231 bpm' is above 230 bpm, and no ceiling of a heart rate is"),
            ("140.5 bpm", "'140.5 bpm' is not a heart rate"),
            ("85 %", "'85 %' is not a heart rate"),
            ("120 bpm -> 140 bpm", "'120 bpm -> 140 bpm' is not a heart rate"),
        )
    },
    "heart rate off the belt": (
        changed(FIRST_STEP, f"{FIRST_STEP}  - off belt: 1 min\n    heart rate ceiling: 140 bpm\n"),
        "10:5: steps[1].heart rate ceiling: there is no heart rate ceiling in a step off the belt, its belt stands; "
        "remove it",
    ),
}

LATER = {
    "format 2": (
        changed("retrotread: 1", "retrotread: 2"),
        "1:13: retrotread: format 2 is not known here, only format 1; use a newer Retrotread",
    ),
}

DISTANCES = {
    "no unit": (changed("5 min", "400"), f"6:11: steps[0].walk: 400 has no unit; {LENGTH_MEND}"),
    "unknown unit": (changed("5 min", "400 yd"), f"6:11: steps[0].walk: '400 yd' is not a length; {LENGTH_MEND}"),
    "negative distance": (changed("5 min", "-400 m"), f"6:11: steps[0].walk: '-400 m' is not a length; {LENGTH_MEND}"),
    "0 m": (changed("5 min", "0 m"), f"6:11: steps[0].walk: '0 m' is outside 10 m to 50 km; {INSIDE_MEND}"),
    "9.999 m": (changed("5 min", "9.999 m"), f"6:11: steps[0].walk: '9.999 m' is outside 10 m to 50 km; {INSIDE_MEND}"),
    "50.001 km": (
        changed("5 min", "50.001 km"),
        f"6:11: steps[0].walk: '50.001 km' is outside 10 m to 50 km; {INSIDE_MEND}",
    ),
    "10^9 km": (
        changed("5 min", "1000000000 km"),
        f"6:11: steps[0].walk: '1000000000 km' is not a length; {LENGTH_MEND}",
    ),
    "999999 mi": (
        changed("5 min", "999999 mi"),
        f"6:11: steps[0].walk: '999999 mi' is outside 10 m to 50 km; {INSIDE_MEND}",
    ),
    "distance and time": (
        changed("5 min", "400 m 30 s"),
        f"6:11: steps[0].walk: '400 m 30 s' is not a length; {LENGTH_MEND}",
    ),
    "a distance as a key": (
        changed("say: short steps", "distance: 400 m"),
        "8:5: steps[0].distance: there is no key 'distance' here; "
        "write it as the length of the step, such as: walk: 400 m",
    ),
    "a distance off the belt": (
        changed(FIRST_STEP, FIRST_STEP + "  - off belt: 400 m\n"),
        f"9:15: steps[1].off belt: '400 m' is a distance, and only a time can stand here; {TIME_MEND}",
    ),
    "a distance for hours at its slowest": (
        changed("5 min\n    speed: 1.0 km/h", "10 km\n    speed: 0.1 km/h -> 12 km/h"),
        "6:3: steps: the plan lasts 100 h 2 min, the limit is 4 h; shorten it",
    ),
    "distances repeated for hours": (
        changed(FIRST_STEP, "  - repeat: 41\n    steps: [{run: 1 km, speed: 10 km/h}]\n"),
        "6:3: steps: the plan lasts 4 h 8 min, the limit is 4 h; shorten it",
    ),
    "a share of 1 % for kilometres": (
        changed("5 min\n    speed: 1.0 km/h", "1 km\n    speed: 1 %"),
        "6:3: steps: the plan lasts 8 h 22 min, the limit is 4 h; shorten it",
    ),
}

SHARES = {
    "0 %": (changed("1.0 km/h", "0 %"), f"7:12: steps[0].speed: '0 %' of a speed is a belt that stands; {STANDS_MEND}"),
    "above 100 %": (
        changed("1.0 km/h", "100.001 %"),
        "7:12: steps[0].speed: '100.001 %' is above 100 %; a share is of the person's backward maximum, at most 100 %",
    ),
    "above 100 % at an arrow": (
        changed("1.0 km/h", "3 km/h -> 120 %"),
        "7:12: steps[0].speed: '120 %' is above 100 %; a share is of the person's backward maximum, at most 100 %",
    ),
    "negative share": (changed("1.0 km/h", "-60 %"), f"7:12: steps[0].speed: '-60 %' is not a speed; {SPEED_MEND}"),
    "a share of something": (
        changed("1.0 km/h", "60 % of 5 km/h"),
        f"7:12: steps[0].speed: '60 % of 5 km/h' is not a speed; {SPEED_MEND}",
    ),
    "one unit for two": (
        changed("1.0 km/h", "60 -> 80 %"),
        f"7:12: steps[0].speed: '60' has no unit; {SPEED_MEND}",
    ),
    "a share going forward": (
        changed("facing: rear", "facing: console").replace(b"1.0 km/h", b"3 km/h -> 60 %"),
        "7:12: steps[0].speed: a share is of the person's backward maximum, and this step goes forward; "
        "write a speed, such as 3.0 km/h",
    ),
    "a share after a turn to forward": (
        changed(
            "  - cool down: 2 min\n    speed: 0.8 km/h", "  - turn: to the console\n  - walk: 60 s\n    speed: 9 %"
        ),
        "11:12: steps[2].speed: a share is of the person's backward maximum, and this step goes forward; "
        "write a speed, such as 3.0 km/h",
    ),
}

TURN_MEND = "write to the rear or to the console"
AT_HEAD = "say at the head of the file how it begins, with facing and belt"


def turning(*steps: str) -> bytes:
    """The good file with these steps alone, one to a line from line 6 on."""
    return GOOD[: GOOD.index("  - walk")].encode() + "".join(f"  - {step}\n" for step in steps).encode()


WALK = "{walk: 60 s, speed: 1 km/h}"
TO_CONSOLE, TO_REAR = "turn: to the console", "turn: to the rear"
ALREADY = "the person already faces the"
TURN_BACK = "leave it out, or turn back inside the repeat"
NO_STEP_BETWEEN = "a turn after a turn, with no step on the belt between them"
NOTHING_FOLLOWS = "no step on the belt follows this turn; leave it out, or add that step"

TURNS = {
    "turn: left": (turning(WALK, "turn: left", WALK), f"7:11: steps[1].turn: 'left' is no turn; {TURN_MEND}"),
    "turn: console": (turning(WALK, "turn: console", WALK), f"7:11: steps[1].turn: 'console' is no turn; {TURN_MEND}"),
    "turn: 180": (turning(WALK, "turn: 180", WALK), f"7:11: steps[1].turn: this is no turn; {TURN_MEND}"),
    "turn of nothing": (
        turning(WALK, "turn:", WALK),
        "7:5: steps[1].turn: has no value; give it one, or remove the line",
    ),
    "belt: backward": (
        turning(WALK, "{turn: to the console, belt: backward}", WALK),
        "7:34: steps[1].belt: 'backward' is no way for a belt to run; write forward or reversed",
    ),
    "belt: reversed at the head, misspelt": (
        added("belt: reverse\n"),
        "11:7: belt: 'reverse' is no way for a belt to run; write forward or reversed",
    ),
    "belt of a step": (
        changed("say: short steps", "belt: reversed"),
        "8:5: steps[0].belt: there is no key 'belt' here; give it at the head of the file, or with a turn",
    ),
    "facing of a step": (
        changed("say: short steps", "facing: console"),
        "8:5: steps[0].facing: there is no key 'facing' here; "
        "write a turn step before this one, such as: - turn: to the console",
    ),
    "speed of a turn": (
        turning(WALK, "{turn: to the console, speed: 1 km/h}", WALK),
        "7:28: steps[1].speed: there is no speed in a turn, its belt stands; remove it",
    ),
    "incline off the belt": (
        turning(WALK, "{off belt: 1 min, incline: 1 %}"),
        "7:23: steps[1].incline: there is no incline in a step off the belt, its belt stands; remove it",
    ),
    "off belt without a time": (
        turning(WALK, "off belt: toe raises"),
        f"7:15: steps[1].off belt: 'toe raises' is not a duration; {TIME_MEND}",
    ),
    "slip in off belt": (
        turning(WALK, "of belt: 3 min"),
        "7:5: steps[1]: the step does not say what to do; write off belt with its time, such as: - off belt: 3 min",
    ),
    "slip in turn": (
        turning(WALK, "turm: to the rear"),
        "7:5: steps[1]: the step does not say what to do; write turn with where to, such as: - turn: to the console",
    ),
    "turn and walk in one": (
        turning("{turn: to the console, walk: 60 s, speed: 1 km/h}"),
        "6:5: steps[0]: one step cannot be turn and walk; make a step of each",
    ),
    "off the belt only": (
        turning("off belt: 3 min", "off belt: 2 min"),
        "6:3: steps: no step is on the belt; add one, such as: - walk: 5 min",
    ),
    "turns only": (
        turning(TO_CONSOLE, "off belt: 2 min"),
        "6:3: steps: no step is on the belt; add one, such as: - walk: 5 min",
    ),
    "turn first": (
        turning("off belt: 2 min", TO_CONSOLE, WALK),
        f"7:11: steps[1].turn: a turn before the first step on the belt; {AT_HEAD}",
    ),
    "turn last": (turning(WALK, TO_CONSOLE), f"7:11: steps[1].turn: {NOTHING_FOLLOWS}"),
    "turn before the last off-belt step": (
        turning(WALK, TO_CONSOLE, "off belt: 2 min"),
        f"7:11: steps[1].turn: {NOTHING_FOLLOWS}",
    ),
    "turn to where one faces": (
        turning(WALK, TO_REAR, WALK),
        f"7:11: steps[1].turn: {ALREADY} rear, the belt running forward; leave the turn out",
    ),
    "turn back to where one faces": (
        turning(WALK, TO_CONSOLE, WALK, TO_CONSOLE, WALK),
        f"9:11: steps[3].turn: {ALREADY} console, the belt running forward; leave the turn out",
    ),
    "reversed twice": (
        turning(
            WALK,
            "{turn: to the rear, belt: reversed}",
            WALK,
            "{turn: to the rear, belt: reversed}",
            WALK,
        ),
        f"9:12: steps[3].turn: {ALREADY} rear, the belt running reversed; leave the turn out",
    ),
    "two turns": (
        turning(WALK, TO_CONSOLE, TO_REAR, WALK),
        f"8:11: steps[2].turn: {NO_STEP_BETWEEN}; make one turn of both",
    ),
    "two turns with a rest between": (
        turning(WALK, TO_CONSOLE, "off belt: 2 min", TO_REAR, WALK),
        f"9:11: steps[3].turn: {NO_STEP_BETWEEN}; make one turn of both",
    ),
    "a repeat that turns one way": (
        turning(f"repeat: 3\n    steps: [{{turn: to the console}}, {WALK}]").replace(
            b"  - rep", b"  - " + WALK.encode() + b"\n  - rep"
        ),
        f"8:20: steps[1].steps[0].turn: {ALREADY} console, the belt running forward (2 of 3); {TURN_BACK}",
    ),
    "repeats inside repeats that turn one way": (
        turning(WALK, f"repeat: 2\n    steps: [{{repeat: 2, steps: [{{turn: to the console}}, {WALK}]}}]"),
        f"8:40: steps[1].steps[0].steps[0].turn: {ALREADY} console, the belt running forward (1 of 2, 2 of 2); "
        f"{TURN_BACK}",
    ),
    "a repeat whose end and start turn": (
        turning(f"repeat: 2\n    steps: [{WALK}, {{turn: to the console}}]"),
        f"7:49: steps[0].steps[1].turn: {ALREADY} console, the belt running forward (2 of 2); {TURN_BACK}",
    ),
    "a repeat of turns alone": (
        turning(f"repeat: 2\n    steps: [{WALK}, {{turn: to the console}}, {{turn: to the rear}}]", WALK),
        f"7:73: steps[0].steps[2].turn: {NO_STEP_BETWEEN} (1 of 2); make one turn of both",
    ),
}

SHAPES = {
    "key twice": (
        changed("    say: short steps\n", "    speed: 18 km/h\n"),
        "8:5: steps[0].speed: the key is there twice, first in line 7; keep one of them",
    ),
    "slip in a key": (
        changed("say:", "sya:"),
        "8:5: steps[0].sya: there is no key 'sya' here; write say if that was meant, or remove it",
    ),
    "key of nothing": (added("colour: red\n"), "11:1: colour: there is no key 'colour' here; remove it"),
    "slip in the kind of a step": (
        changed("walk: 5", "wlak: 5"),
        "6:5: steps[0]: the step does not say what to do; write walk with its length",
    ),
    "two kinds of a step": (
        changed("    say: short steps", "    run: 5 min"),
        "6:5: steps[0]: one step cannot be walk and run; make a step of each",
    ),
    "text for a step": (
        changed("  - cool", "  - rest a while\n  - cool"),
        f"9:5: steps[1]: is not a step; {KINDS_MEND}",
    ),
    "no facing": (
        changed("facing: rear\n", ""),
        "1:1: facing: is missing; add the line: facing: rear (backward on a belt that runs forward) or facing: console",
    ),
    "no speed": (
        changed("    speed: 1.0 km/h\n", ""),
        "6:5: steps[0].speed: is missing; add a line such as: speed: 2.0 km/h",
    ),
    "number for a name": (
        changed("slow backward walk", "5"),
        "2:7: name: 5 is not a text; put it in quotes if a text is meant",
    ),
    "list for a name": (
        changed("slow backward walk", "[a]"),
        "2:7: name: a list is not a text; put it in quotes if a text is meant",
    ),
    "long name": (changed("slow", "s" * 80), "2:7: name: has 94 characters, the limit is 80; shorten it"),
    "text for a list": (
        added("after: stretch\n"),
        "11:8: after: stretch is not a list; write each entry on a line of its own after a dash",
    ),
    "unknown need": (
        added("needs: [spoter]\n"),
        "11:9: needs[0]: spoter is none of 'spotter', 'harness' or 'rails'; write one of these",
    ),
    "need twice": (
        added("needs: [rails, rails]\n"),
        "11:8: needs: rails is there more than once; name it once",
    ),
    "long list": (
        added("after:\n" + "- x\n" * 21),
        "12:1: after: has 21 entries, the limit is 20; remove some",
    ),
    "text for a source": (
        added("source: somebody\n"),
        "11:9: source: somebody is not a table; write its keys, each with a value",
    ),
    "table for a speed": (
        changed("1.0 km/h", "{start: 1}"),
        f"7:12: steps[0].speed: is no quantity; {SPEED_MEND}",
    ),
    "tab": (
        changed("    say", "\tsay"),
        r"8:1: file: this is not YAML: found character '\t' that cannot start any token; "
        "indent with spaces, and put a text that begins with a sign in quotes",
    ),
    "colon": (
        changed("short steps", "steps: short"),
        "8:15: file: this is not YAML: mapping values are not allowed here; "
        'put a text that holds ": " in quotes, and give each key a line of its own',
    ),
    "open quote": (
        changed("short steps", "'short steps"),
        "8:10: file: this is not YAML: found unexpected end of stream; close the quotes",
    ),
    "list for a file": (
        b"- walk: 5 min\n",
        "1:1: file: a workout is a table of keys and values; begin it with: retrotread: 1",
    ),
    "empty": (b"", "1:1: file: the file is empty; begin it with: retrotread: 1"),
    "comment": (b"# nothing\n", "1:1: file: the file is empty; begin it with: retrotread: 1"),
}

SINGLE = {**UNASSIGNED, **NUMBERS, **ENCODINGS, **SUMS, **HEARTS, **LATER, **DISTANCES, **SHARES, **TURNS, **SHAPES}
SEVERAL = {**INDIRECTION, **SIZES}


@pytest.mark.parametrize(("content", "expected"), SINGLE.values(), ids=SINGLE)
def test_it_is_refused_in_one_sentence_with_its_place(content: bytes, expected: str) -> None:
    assert problems(content) == [expected]


@pytest.mark.parametrize(("content", "expected"), SEVERAL.values(), ids=SEVERAL)
def test_it_is_refused_where_it_stands(content: bytes, expected: list[str]) -> None:
    assert problems(content) == expected


def test_all_problems_of_a_file_come_at_once_in_its_order() -> None:
    content = changed("level: 1", "level: 99").replace(b"5 min", b"5").replace(b"0.8 km/h", b"-1 km/h")
    content += b"name: again\nneeds: &a [rails]\n"
    assert [line.split(": ")[:2] for line in problems(content)] == [
        ["3:8", "level"],
        ["6:11", "steps[0].walk"],
        ["10:12", "steps[1].speed"],
        ["11:1", "name"],
        ["12:8", "needs"],
    ]


def test_a_file_with_hundreds_of_problems_reports_fifty() -> None:
    assert len(problems(added("".join(f"k{n}: x\n" for n in range(400))))) == 50


def test_no_is_a_text_where_a_text_belongs() -> None:
    assert parse_workout(changed("slow backward walk", "no"), "w.yaml").name == "no"


def test_rich_markup_is_text_and_nothing_else() -> None:
    markup = "'[link=file:///etc/passwd]walk[/link] [bold]now'"
    assert parse_workout(changed("slow backward walk", markup), "w.yaml").name == markup.strip("'")


def test_line_ends_of_windows_are_line_ends() -> None:
    assert parse_workout(GOOD.replace("\n", "\r\n").encode(), "w.yaml") == parse_workout(GOOD.encode(), "w.yaml")
    crlf = changed("1.0 km/h", "fast").replace(b"\n", b"\r\n")
    assert problems(crlf) == [f"7:12: steps[0].speed: 'fast' is not a speed; {SPEED_MEND}"]


def test_a_name_is_kept_in_its_composed_form() -> None:
    assert parse_workout(changed("slow", "re\u0301tro"), "w.yaml").name == "r\u00e9tro backward walk"


def test_the_name_of_the_file_is_shown_without_what_a_terminal_obeys() -> None:
    with pytest.raises(WorkoutFileError) as caught:
        parse_workout(b"", "a\x1b[2J\nb.yaml")
    assert str(caught.value).startswith(r"'a\x1b[2J\nb.yaml':1:1: ")


COSTLY = {
    "comments": "# " + "x" * 900 + "\n",
    "blank lines": "\n",
    "words": "x " * 450 + "\n ",
    "one-letter lines": "x\n ",
    "brackets": "[" * 999,
    "tables": "{" * 999,
    "dashes": "- " * 450,
    "keys": "k: 1\n",
    "tags": "!a ",
    "aliases": "- *a\n",
    "quotes": '"',
    "escapes": '"' + "\\x41" * 200 + '"\n',
    "commas": "[" + "," * 900,
    "questions": "? ",
    "literal": "|\n" + " x\n" * 900,
}
CALLS_MAX = 6_000_000
"""Python and C calls, which are the same on every computer; 3.8 million of them take about half a second."""


@pytest.mark.parametrize("unit", COSTLY.values(), ids=COSTLY)
@pytest.mark.parametrize("head", ["", "after: ", "- "])
def test_the_worst_file_within_the_bounds_costs_a_bounded_number_of_calls(unit: str, head: str) -> None:
    content = (head + unit * (200_000 // len(unit))).encode()[: 256 * 1024]
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with pytest.raises(WorkoutFileError):
            parse_workout(content, "w.yaml")
    finally:
        sys.setprofile(before)
    assert calls <= CALLS_MAX


@given(st.binary(max_size=400))
def test_any_bytes_are_a_plan_or_a_refusal(content: bytes) -> None:
    with pytest.raises(WorkoutFileError) as caught:
        parse_workout(content, "w.yaml")
    assert all(line.isprintable() for line in str(caught.value).splitlines())


SIGNS = (
    "- ",
    "\n",
    "  ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!b ",
    "|",
    ">",
    "'",
    '"',
    "\\",
    "#",
    "? ",
    ",",
    "~",
    "->",
)
WORDS = ("walk", "speed: ", "repeat: 3", "steps:", "5 min", "1 km/h", "\\U0011ffff", "\\x", "---\n", "<<: ", "\t", "\r")
pieces = st.sampled_from((*SIGNS, *WORDS))


@given(st.integers(0, len(GOOD)), st.lists(pieces, min_size=1, max_size=6), st.integers(0, 30))
def test_a_good_file_with_anything_put_into_it_is_a_plan_or_a_refusal(at: int, new: list[str], lost: int) -> None:
    content = (GOOD[:at] + "".join(new) + GOOD[at + lost :]).encode()
    try:
        said = str(parse_workout(content, "w.yaml").planned_steps()[0].label)
    except WorkoutFileError as error:
        said = str(error)
    assert said
    assert all(line.isprintable() for line in said.splitlines())
