"""Version 2: who was there and what was ready, runs of an empty belt, and what is said between runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns that old rows have nothing in, and the table of health."""
    for name in ("supervised", "harness"):
        check = f"CONSTRAINT ck_session_{name}_yes_or_no CHECK ({name} IN (0, 1))"
        op.execute(f"ALTER TABLE session ADD COLUMN {name} INTEGER {check}")
    check = "CONSTRAINT ck_session_empty_belt_yes_or_no CHECK (empty_belt IN (0, 1))"
    op.execute(f"ALTER TABLE session ADD COLUMN empty_belt INTEGER NOT NULL DEFAULT 0 {check}")
    for name in ("experience", "health"):
        op.execute(f"ALTER TABLE person ADD COLUMN {name} TEXT")
    op.create_table(
        "health",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_utc", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('held', 'screened', 'cleared')", name=op.f("ck_health_kind_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_health_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health")),
        sa.UniqueConstraint("person_id", "link", name=op.f("uq_health_person_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_health_person_id"), "health", ["person_id"], unique=False)
