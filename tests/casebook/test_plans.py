"""Which lists are found by an index, as each database plans them on tables of some thousand rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from ringfinder.casebook.audit import FIRST
from ringfinder.casebook.backup import count_anew
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables import AuditRow, DeliveryRow

ROWS = 5000
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def fill(casebook: Casebook) -> None:
    entry = {
        "at": NOW,
        "actor": "user u",
        "action": "case.changed",
        "details": "{}",
        "previous": FIRST,
        "digest": FIRST,
    }
    message = {"event": "e", "content": "{}", "state": "delivered", "attempts": 1, "due_at": NOW}
    with casebook.session() as session:
        session.execute(insert(AuditRow), [entry | {"number": n, "subject": f"C{n % 500}"} for n in range(1, ROWS)])
        messages = [
            message | {"delivery_id": str(n), "webhook_id": "h" if n % 2 else "i", "created_at": NOW + timedelta(n)}
            for n in range(ROWS)
        ]
        session.execute(insert(DeliveryRow), messages)
    count_anew(casebook)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("SELECT * FROM audit WHERE subject = 'C7' ORDER BY number DESC", "ix_audit_subject"),
        (
            "SELECT * FROM deliveries WHERE webhook_id = 'h' ORDER BY created_at DESC, delivery_id LIMIT 20",
            "ix_deliveries_webhook",
        ),
    ],
)
def test_list_goes_by_its_index(casebook: Casebook, asked: str, index: str) -> None:
    fill(casebook)
    with casebook.session() as session:
        plan = "EXPLAIN" if session.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        told = " ".join(str(cell) for row in session.execute(text(f"{plan} {asked}")) for cell in row)
    assert index in told
