"""Lists that went through everything: tips of a district, entries of the trail by what was done."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_tips_district", "tips", ["district", "received_on", "tip_id"])
    op.create_index("ix_audit_action", "audit", ["action", "number"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_audit_action", "audit")
    op.drop_index("ix_tips_district", "tips")
