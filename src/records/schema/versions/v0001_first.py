"""Version 1: persons, limits, treadmills, sessions with samples, events and what was said, and mornings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("here", sa.Integer(), nullable=False),
        sa.Column("adult", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("backward_max_ckph", sa.Integer(), nullable=True),
        sa.Column("heart_ceiling_bpm", sa.Integer(), nullable=True),
        sa.CheckConstraint("adult IN (0, 1)", name=op.f("ck_person_adult_yes_or_no")),
        sa.CheckConstraint("backward_max_ckph BETWEEN 1 AND 3000", name=op.f("ck_person_backward_max_in_range")),
        sa.CheckConstraint("heart_ceiling_bpm BETWEEN 60 AND 230", name=op.f("ck_person_heart_ceiling_in_range")),
        sa.CheckConstraint("here IN (0, 1)", name=op.f("ck_person_here_yes_or_no")),
        sa.CheckConstraint("level BETWEEN 0 AND 10", name=op.f("ck_person_level_on_ladder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_person_pseudonym")),
        sqlite_strict=True,
    )
    op.create_table(
        "treadmill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Integer(), nullable=False),
        sa.CheckConstraint("simulated IN (0, 1)", name=op.f("ck_treadmill_simulated_yes_or_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treadmill")),
        sa.UniqueConstraint("address", name=op.f("uq_treadmill_address")),
        sqlite_strict=True,
    )
    op.create_table(
        "morning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("slept_badly", sa.Integer(), nullable=False),
        sa.Column("said_utc", sa.Text(), nullable=False),
        sa.CheckConstraint("pain BETWEEN 0 AND 10", name=op.f("ck_morning_pain_on_scale")),
        sa.CheckConstraint("slept_badly IN (0, 1)", name=op.f("ck_morning_slept_badly_yes_or_no")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_morning_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_morning")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_morning_person_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_morning_person_id"), "morning", ["person_id"], unique=False)
    op.create_table(
        "person_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("until_day", sa.Text(), nullable=True),
        sa.CheckConstraint("author <> '' AND reason <> ''", name=op.f("ck_person_limit_signed")),
        sa.CheckConstraint("value BETWEEN 0 AND 2000000000", name=op.f("ck_person_limit_value_in_range")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_limit_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_limit")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_person_limit_person_id"), "person_limit", ["person_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("treadmill_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("began_utc", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("ended_utc", sa.Text(), nullable=True),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("workout", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("plan_hash", sa.Text(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=False),
        sa.Column("partial", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("plan_time_ms", sa.Integer(), nullable=False),
        sa.Column("plan_total_ms", sa.Integer(), nullable=False),
        sa.Column("backward_ms", sa.Integer(), nullable=False),
        sa.Column("running_ms", sa.Integer(), nullable=False),
        sa.Column("distance_mm", sa.Integer(), nullable=False),
        sa.Column("speed_max_ckph", sa.Integer(), nullable=False),
        sa.Column("incline_max_dpct", sa.Integer(), nullable=False),
        sa.Column("heart_mean_bpm", sa.Integer(), nullable=True),
        sa.Column("heart_max_bpm", sa.Integer(), nullable=True),
        sa.Column("belt", sa.Text(), nullable=False),
        sa.Column("bouts", sa.Integer(), nullable=True),
        sa.Column("bout_ms", sa.Integer(), nullable=True),
        sa.Column("bout_ckph", sa.Integer(), nullable=True),
        sa.Column("bout_dpct", sa.Integer(), nullable=True),
        sa.Column("as_the_ladder", sa.Integer(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("heart_over", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("steps_dropped", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("chain_head", sa.Text(), nullable=False),
        sa.CheckConstraint("as_the_ladder IN (0, 1)", name=op.f("ck_session_as_the_ladder_yes_or_no")),
        sa.CheckConstraint("belt IN ('forward', 'reversed')", name=op.f("ck_session_one_way")),
        sa.CheckConstraint("state IN ('closed', 'interrupted')", name=op.f("ck_session_over")),
        sa.CheckConstraint("backward_ms BETWEEN 0 AND 2000000000", name=op.f("ck_session_backward_ms_in_range")),
        sa.CheckConstraint("complete IN (0, 1)", name=op.f("ck_session_complete_yes_or_no")),
        sa.CheckConstraint("distance_mm BETWEEN 0 AND 2000000000", name=op.f("ck_session_distance_mm_in_range")),
        sa.CheckConstraint("elapsed_ms BETWEEN 0 AND 2000000000", name=op.f("ck_session_elapsed_ms_in_range")),
        sa.CheckConstraint("partial IN (0, 1)", name=op.f("ck_session_partial_yes_or_no")),
        sa.CheckConstraint("plan_time_ms BETWEEN 0 AND 2000000000", name=op.f("ck_session_plan_time_ms_in_range")),
        sa.CheckConstraint("plan_total_ms BETWEEN 0 AND 2000000000", name=op.f("ck_session_plan_total_ms_in_range")),
        sa.CheckConstraint("running_ms BETWEEN 0 AND 2000000000", name=op.f("ck_session_running_ms_in_range")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["treadmill_id"], ["treadmill.id"], name=op.f("fk_session_treadmill_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("run_id", "began_utc", name=op.f("uq_session_run_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"], unique=False)
    op.create_index(op.f("ix_session_treadmill_id"), "session", ["treadmill_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("at_utc", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_event_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "n", name=op.f("pk_event")),
        sqlite_strict=True,
    )
    op.create_table(
        "said",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.CheckConstraint("moment IN ('before', 'during', 'after')", name=op.f("ck_said_moment_known")),
        sa.CheckConstraint("effort BETWEEN 0 AND 10", name=op.f("ck_said_effort_on_scale")),
        sa.CheckConstraint("pain BETWEEN 0 AND 10", name=op.f("ck_said_pain_on_scale")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_said_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said")),
        sa.UniqueConstraint("session_id", "moment", name=op.f("uq_said_session_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_said_session_id"), "said", ["session_id"], unique=False)
    op.create_table(
        "sample",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("speed_ckph", sa.Integer(), nullable=True),
        sa.Column("incline_dpct", sa.Integer(), nullable=True),
        sa.Column("heart_bpm", sa.Integer(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.CheckConstraint("at_ms BETWEEN 0 AND 2000000000", name=op.f("ck_sample_at_ms_in_range")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_sample_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "at_ms", name=op.f("pk_sample")),
        sqlite_strict=True,
    )
