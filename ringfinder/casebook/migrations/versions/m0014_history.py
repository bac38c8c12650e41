"""What was done in a case or a tip is found in the trail by its id, and the last messages to a webhook by their time: until here
the whole trail, and all messages, were gone through.
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_audit_subject", "audit", ["subject", "number"])
    op.create_index("ix_deliveries_webhook", "deliveries", ["webhook_id", "created_at"])
    op.drop_index("ix_deliveries_webhook_id", "deliveries")


def downgrade() -> None:
    """Remove them."""
    op.create_index("ix_deliveries_webhook_id", "deliveries", ["webhook_id"])
    op.drop_index("ix_deliveries_webhook", "deliveries")
    op.drop_index("ix_audit_subject", "audit")
