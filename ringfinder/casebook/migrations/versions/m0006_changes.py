"""What typed texts were before and after a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "text_changes",
        sa.Column("entry", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(50), primary_key=True),
        sa.Column("subject", sa.String(200), nullable=False, index=True),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("text_changes")
