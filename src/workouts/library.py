"""The workouts that come with Retrotread, and finding one by a short name or a path.

``LookupError``
└── ``NoSuchWorkout``   neither a shipped name nor a file; says what there is
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

FIRST_TIMER = "ladder-0"
"""The short name of the workout for somebody's first time: the bottom of the ladder, where it begins for everybody."""

PLACEMENT_WALK = "placement-walk"
"""The short name of the workout in which somebody who has walked backward before is seen to, up to level 4."""

FAMILIES = (
    *("ladder-", "placement-", "warm-up-", "cool-down-", "sprinkle-", "daily-", "variety-", "sport-"),
    *("bw-", "bwr-", "br-", "region-"),
)
"""How the names of the shipped files begin, in the order in which people are offered them."""

_INSTALLED = Path(__file__).parent / "shipped"
_IN_THE_TREE = Path(__file__).resolve().parents[2] / "workouts"


class NoSuchWorkout(LookupError):
    """The name fits no shipped workout and the path leads to no file."""


def shipped() -> tuple[Path, ...]:
    """The workouts that people are offered: family by family, the ladder first."""
    return _in_order(_folder().glob("*.yaml"))


def everything() -> tuple[Path, ...]:
    """Those and what is found by its name: published protocols, what is for a clinic, cards and templates."""
    return _in_order(_folder().rglob("*.yaml"))


def _folder() -> Path:
    return _INSTALLED if _INSTALLED.is_dir() else _IN_THE_TREE


def _in_order(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(paths, key=lambda path: _counted(path.stem)))


def _counted(name: str) -> tuple[int, int, str]:
    """The place of a name: the ladder by its levels, what else there is by the alphabet."""
    family = next((index for index, prefix in enumerate(FAMILIES) if name.startswith(prefix)), len(FAMILIES))
    level = name.removeprefix(FAMILIES[0])
    return family, int(level) if level.isdecimal() else 0, name


def find(name_or_path: str) -> Path:
    """The file that came with the program by its short name ("ladder-1"), or a path as it is if something is there.

    A short name has no separator and no ending, so a file in the working folder never hides a shipped workout.
    Raises NoSuchWorkout. What is at the path is looked at only when it is read.
    """
    by_name = {path.stem: path for path in everything()}
    if name_or_path in by_name:
        return by_name[name_or_path]
    path = Path(name_or_path)
    if name_or_path and _is_there(path):
        return path
    likely = get_close_matches(name_or_path, by_name, n=1)
    mend = f"did you mean {likely[0]}?" if likely else f"shipped are {', '.join(path.stem for path in shipped())}"
    raise NoSuchWorkout(f"{name_or_path!r} is neither a shipped workout nor a file; {mend}")


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False
    return True
