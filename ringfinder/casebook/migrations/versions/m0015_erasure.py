"""Cases, looks and self-checks tell when their texts were forgotten by rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("cases", "looks", "self_checks")


def upgrade() -> None:
    """Add the columns."""
    for table in TABLES:
        op.add_column(table, sa.Column("erased_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_column(table, "erased_on")
