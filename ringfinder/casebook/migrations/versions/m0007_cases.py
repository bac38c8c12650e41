"""Cases, with their districts, rings, notes and files; false positives that are suppressed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("cases", "case_districts", "case_rings", "case_notes", "stored_files", "case_files", "suppressions")
MONEY = sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")
TIME = sa.DateTime(timezone=True)


def _of_case() -> sa.Column[str]:
    return sa.Column("case_id", sa.String(20), sa.ForeignKey("cases.case_id"), primary_key=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(20), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("origin_id", sa.String(200), nullable=True, index=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.String(16), nullable=True, index=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("campaign", sa.String(100), nullable=True, index=True),
        sa.Column("resolution", sa.String(30), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.String(20), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.String(16), nullable=False),
        sa.Column("updated_at", TIME, nullable=False, index=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
    )
    op.create_table(
        "case_districts",
        _of_case(),
        sa.Column("district", sa.String(200), primary_key=True, index=True),
    )
    op.create_table(
        "case_rings",
        _of_case(),
        sa.Column("ring_id", sa.String(200), primary_key=True, index=True),
        sa.Column("run_id", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("harm", sa.Double(), nullable=False),
        sa.Column("fund_amount", MONEY, nullable=False),
        sa.Column("linked_at", TIME, nullable=False),
        sa.Column("linked_by", sa.String(16), nullable=False),
    )
    op.create_table(
        "case_notes",
        _of_case(),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "stored_files",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "case_files",
        _of_case(),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), sa.ForeignKey("stored_files.digest"), nullable=False, index=True),
    )
    op.create_table(
        "suppressions",
        _of_case(),
        sa.Column("ring_id", sa.String(200), primary_key=True, index=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("patients", sa.Integer(), nullable=False),
        sa.Column("harm", sa.Double(), nullable=False),
        sa.Column("fund_amount", MONEY, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("lifted_at", TIME, nullable=True),
    )


def downgrade() -> None:
    """Remove them, with all that was typed."""
    for table in reversed(TABLES):
        op.drop_table(table)
