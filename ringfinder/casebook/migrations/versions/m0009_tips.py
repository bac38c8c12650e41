"""Tips: what was said, whom they name, who gave them, what they were worth."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tips",
        sa.Column("tip_id", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("district", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(30), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.String(64), nullable=True, unique=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_term", sa.String(40), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(100), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("found_by", sa.Text(), nullable=False),
    )
    op.create_index("ix_tips_due", "tips", ["due_on", "tip_id"])
    op.create_index("ix_tips_received", "tips", ["received_on", "tip_id"])
    op.create_table(
        "tip_entities",
        sa.Column("tip_id", sa.String(16), sa.ForeignKey("tips.tip_id"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("entity_type", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(200), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
    )
    op.create_index("ix_tip_entities_entity", "tip_entities", ["entity_type", "entity_id"])
    op.create_table(
        "tip_identities",
        sa.Column("tip_id", sa.String(16), sa.ForeignKey("tips.tip_id"), primary_key=True),
        sa.Column("key_id", sa.String(12), nullable=False, index=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "tip_rewards",
        sa.Column("tip_id", sa.String(16), sa.ForeignKey("tips.tip_id"), primary_key=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("found", MONEY, nullable=False),
        sa.Column("insider", sa.Boolean(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False, index=True),
        sa.Column("booked_by", sa.String(100), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_by", sa.String(100), nullable=True),
        sa.Column("reference", sa.String(100), nullable=True),
    )


def downgrade() -> None:
    """Remove them, with everything that was told."""
    for table in ("tip_rewards", "tip_identities", "tip_entities", "tips"):
        op.drop_table(table)
