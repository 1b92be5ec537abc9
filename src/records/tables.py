"""The tables of the store, as they are today.

Plain enough for SQLite and PostgreSQL alike: whole numbers, text and bytes. Whole numbers in fixed units (the unit is
the end of the name: ``ckph`` hundredths of a km/h, ``dpct`` tenths of a percent, ``mm``, ``ms``), so that a row has one
way to be written down, and so that nothing that is not a number can be kept. Moments are ISO 8601 in UTC, days are
YYYY-MM-DD where the person was. An absent value is NULL.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

MS_MAX = 2_000_000_000
"""Three weeks, and what a whole number of four bytes holds: PostgreSQL has the same."""


def _scale(name: str) -> CheckConstraint:
    """Pain and effort go from 0 to 10."""
    return CheckConstraint(f"{name} BETWEEN 0 AND 10", name=f"{name}_on_scale")


def _yes_or_no(name: str) -> CheckConstraint:
    return CheckConstraint(f"{name} IN (0, 1)", name=f"{name}_yes_or_no")


def _from_zero(*names: str) -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"{name} BETWEEN 0 AND {MS_MAX}", name=f"{name}_in_range") for name in names)


def _must(name: str, kind: Callable[[], Text | Integer | LargeBinary]) -> Column[object]:
    return Column(name, kind(), nullable=False)


def _may(name: str, kind: Callable[[], Text | Integer | LargeBinary]) -> Column[object]:
    return Column(name, kind(), nullable=True)


def _of(table: str, ondelete: str = "CASCADE") -> Column[object]:
    """Which row of another table it belongs to; with that row it goes, unless said otherwise."""
    return Column(f"{table}_id", Integer(), ForeignKey(f"{table}.id", ondelete=ondelete), nullable=False, index=True)


def _key() -> Column[object]:
    return Column("id", Integer(), primary_key=True)


PERSON = Table(
    "person", METADATA, _key(),
    _must("pseudonym", Text), _must("made_utc", Text), _must("here", Integer), _must("adult", Integer),
    _may("tier", Text), _may("level", Integer), _may("backward_max_ckph", Integer), _may("heart_ceiling_bpm", Integer),
    _may("experience", Text), _may("health", Text),
    UniqueConstraint("pseudonym"), _yes_or_no("here"), _yes_or_no("adult"),
    CheckConstraint("level BETWEEN 0 AND 10", name="level_on_ladder"),
    CheckConstraint("backward_max_ckph BETWEEN 1 AND 3000", name="backward_max_in_range"),
    CheckConstraint("heart_ceiling_bpm BETWEEN 60 AND 230", name="heart_ceiling_in_range"),
    sqlite_strict=True,
)  # fmt: skip
"""``here``: the person of this computer's settings. No name: a pseudonym stands for it everywhere."""

PERSON_LIMIT = Table(
    "person_limit", METADATA, _key(), _of("person"),
    _must("what", Text), _must("value", Integer), _must("author", Text), _must("reason", Text), _must("made_utc", Text),
    _may("until_day", Text),
    *_from_zero("value"), CheckConstraint("author <> '' AND reason <> ''", name="signed"),
    sqlite_strict=True,
)  # fmt: skip
"""``what`` names quantity and unit (``speed_max_ckph``). Rows are added, never changed: the lowest one holds."""

TREADMILL = Table(
    "treadmill", METADATA, _key(),
    _must("address", Text), _must("name", Text), _must("simulated", Integer),
    UniqueConstraint("address"), _yes_or_no("simulated"),
    sqlite_strict=True,
)  # fmt: skip

SESSION = Table(
    "session", METADATA, _key(), _of("person"), _of("treadmill", "RESTRICT"),
    _must("run_id", Text), _must("journal", Text), _must("began_utc", Text), _must("day", Text),
    _may("ended_utc", Text), _must("program", Text), _must("tier", Text), _must("workout", Text),
    _may("level", Integer), _must("plan_hash", Text), _must("plan", LargeBinary), _must("layout", Text),
    _must("state", Text), _must("ended", Text), _must("partial", Integer), _must("complete", Integer),
    _must("elapsed_ms", Integer), _must("plan_time_ms", Integer), _must("plan_total_ms", Integer),
    _must("backward_ms", Integer), _must("running_ms", Integer), _must("distance_mm", Integer),
    _must("speed_max_ckph", Integer), _must("incline_max_dpct", Integer),
    _may("heart_mean_bpm", Integer), _may("heart_max_bpm", Integer),
    _must("belt", Text), _may("bouts", Integer), _may("bout_ms", Integer), _may("bout_ckph", Integer),
    _may("bout_dpct", Integer), _must("as_the_ladder", Integer), _must("happened", Text), _may("heart_over", Integer),
    _must("notes", Text), _must("steps_dropped", Integer),
    _must("chain", Text), _must("chain_head", Text),
    _may("supervised", Integer), _may("harness", Integer), _must("empty_belt", Integer),
    UniqueConstraint("run_id", "began_utc"), _yes_or_no("partial"), _yes_or_no("complete"),
    _yes_or_no("as_the_ladder"), _yes_or_no("supervised"), _yes_or_no("harness"), _yes_or_no("empty_belt"),
    CheckConstraint("state IN ('closed', 'interrupted')", name="over"),
    CheckConstraint("belt IN ('forward', 'reversed')", name="one_way"),
    *_from_zero("elapsed_ms", "plan_time_ms", "plan_total_ms", "backward_ms", "running_ms", "distance_mm"),
    sqlite_strict=True,
)  # fmt: skip
"""One run. ``partial``: its journal was not closed, so its totals come from its samples. ``bouts`` and what follows:
the work that was done, NULL where there is none. ``as_the_ladder``: it was the ladder's own workout of its level, done
as it is written. ``happened``: events of ``training.history``, as a JSON list. ``supervised`` and ``harness``: whether
somebody stood beside the belt and whether a harness was ready, NULL where that was not told; ``empty_belt``: nobody was
on it. ``chain`` names how ``chain_head`` was worked out."""

SAMPLE = Table(
    "sample", METADATA,
    Column("session_id", Integer(), ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("at_ms", Integer(), primary_key=True, autoincrement=False),
    _may("speed_ckph", Integer), _may("incline_dpct", Integer), _may("heart_bpm", Integer), _may("step", Integer),
    *_from_zero("at_ms"), sqlite_strict=True,
)  # fmt: skip
"""The last report in each second of a run; ``at_ms`` since its first step, ``step`` of the plan from 0,
NULL while the plan does not go on."""

EVENT = Table(
    "event", METADATA,
    Column("session_id", Integer(), ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer(), primary_key=True, autoincrement=False),
    _must("at_ms", Integer), _must("at_utc", Text), _must("kind", Text), _must("text", Text), _must("hash", Text),
    sqlite_strict=True,
)  # fmt: skip
"""What somebody would ask about, in order from 1; ``at_ms`` since the first step, ``hash`` binds it to those before."""

SAID = Table(
    "said", METADATA, _key(), _of("session"),
    _must("moment", Text), _may("pain", Integer), _may("effort", Integer),
    UniqueConstraint("session_id", "moment"), _scale("pain"), _scale("effort"),
    CheckConstraint("moment IN ('before', 'during', 'after')", name="moment_known"),
    sqlite_strict=True,
)  # fmt: skip
"""Pain and effort of one session, each with when it was said."""

MORNING = Table(
    "morning", METADATA, _key(), _of("person"),
    _must("day", Text), _may("pain", Integer), _must("slept_badly", Integer), _must("said_utc", Text),
    UniqueConstraint("person_id", "day"), _scale("pain"), _yes_or_no("slept_badly"),
    sqlite_strict=True,
)  # fmt: skip
"""What was said on a day before anything moved: the next morning of the session of the day before."""

HEALTH = Table(
    "health", METADATA, _key(), _of("person"),
    _must("link", Text), _must("day", Text), _must("kind", Text), _must("text", Text), _must("said_utc", Text),
    UniqueConstraint("person_id", "link"),
    CheckConstraint("kind IN ('held', 'screened', 'cleared')", name="kind_known"),
    sqlite_strict=True,
)  # fmt: skip
"""What holds somebody back, their answers to the questions of who may begin, and who has cleared them; ``link`` is that
of the entry of the diary, so that each is here once."""
