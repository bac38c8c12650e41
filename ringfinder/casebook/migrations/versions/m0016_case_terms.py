"""Cases tell from which day their term counts, so that it is told with its law and can be computed anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("cases", sa.Column("due_since", sa.Date(), nullable=True))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("cases", "due_since")
