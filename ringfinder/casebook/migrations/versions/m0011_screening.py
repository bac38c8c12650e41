"""Screening: looks at facilities, self-checks, money that came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "looks",
        sa.Column("look_id", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("facility_id", sa.String(200), nullable=False),
        sa.Column("district", sa.String(100), nullable=False, index=True),
        sa.Column("planned_on", sa.Date(), nullable=False, index=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(100), nullable=False),
    )
    op.create_index("ix_looks_facility", "looks", ["facility_id", "looked_on"])
    op.create_table(
        "self_checks",
        sa.Column("check_id", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("facility_id", sa.String(200), nullable=False, index=True),
        sa.Column("district", sa.String(100), nullable=False, index=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, index=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("amount", MONEY, nullable=True),
        sa.Column("created_by", sa.String(100), nullable=False),
    )
    op.create_table(
        "self_check_returns",
        sa.Column("check_id", sa.String(16), sa.ForeignKey("self_checks.check_id"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False, index=True),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("booked_by", sa.String(100), nullable=False),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("self_check_returns", "self_checks", "looks"):
        op.drop_table(table)
