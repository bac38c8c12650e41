"""Cases are found by pinyin and initials too, as tips are: what they are found by is written anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ringfinder.casebook.pinyin import forms

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CASES = sa.table(
    "cases",
    *(sa.column(name, sa.Text()) for name in ("case_id", "title", "summary", "campaign", "origin_id", "search")),
)
SAID = (CASES.c.case_id, CASES.c.title, CASES.c.summary, CASES.c.campaign, CASES.c.origin_id)


def upgrade() -> None:
    """All forms of what each case says."""
    bind = op.get_bind()
    for row in bind.execute(sa.select(*SAID)).all():
        found = forms(" ".join(filter(None, row)))
        bind.execute(sa.update(CASES).where(CASES.c.case_id == row.case_id).values(search=found))


def downgrade() -> None:
    """The characters as they are."""
    bind = op.get_bind()
    for row in bind.execute(sa.select(*SAID)).all():
        found = " ".join(filter(None, row)).casefold()
        bind.execute(sa.update(CASES).where(CASES.c.case_id == row.case_id).values(search=found))
