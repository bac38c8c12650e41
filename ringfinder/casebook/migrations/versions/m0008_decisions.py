"""Violations, hearings, cross-checks, decisions and the money that came in on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("violations", "hearings", "cross_checks", "decisions", "receipts")
MONEY = sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")
TIME = sa.DateTime(timezone=True)


def _of_case() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("case_id", sa.String(20), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "violations",
        *_of_case(),
        sa.Column("subject", sa.String(10), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False, index=True),
        sa.Column("behaviour", sa.String(40), nullable=False),
        sa.Column("intent", sa.Boolean(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("removed_at", TIME, nullable=True),
    )
    op.create_table(
        "hearings",
        *_of_case(),
        sa.Column("subject", sa.String(10), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("considered", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
    )
    op.create_table(
        "cross_checks",
        *_of_case(),
        sa.Column("district", sa.String(200), nullable=False, index=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("asked_by", sa.String(16), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("answered_by", sa.String(16), nullable=True),
    )
    op.create_table(
        "decisions",
        *_of_case(),
        sa.Column("violation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("amount", MONEY, nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("proposed_by", sa.String(16), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True, index=True),
        sa.Column("decided_by", sa.String(16), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("free_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id", "violation"], ["violations.case_id", "violations.number"]),
    )
    op.create_table(
        "receipts",
        sa.Column("case_id", sa.String(20), primary_key=True),
        sa.Column("decision", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["case_id", "decision"], ["decisions.case_id", "decisions.number"]),
    )


def downgrade() -> None:
    """Remove them, with all that was decided."""
    for table in reversed(TABLES):
        op.drop_table(table)
