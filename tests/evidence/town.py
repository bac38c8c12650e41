"""A small honest town as rows: the ground on which tests of the kind channels plant one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from worlds import at, purchase, stay, view_of, visit

from ringfinder.evidence.view import Candidate, View

DOCTORS = 4  # a place


@dataclass
class Town:
    """Rows of claims and registers; everybody lives alone and is born in 1960; an employer is paid for every fourth."""

    people: int = 160
    seed: int = 1
    claims: list[dict[str, Any]] = field(default_factory=list)
    register: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        for i in range(self.people):
            name = f"p{i:03}"
            self.register[name] = {
                "patient_id": name,
                "address": f"home {i}",
                "bank_account": f"own {i:03}",
                "birth_date": date(1960, 1, 1),
                "sex": "FM"[i % 2],
                "district": f"d{i % 3}",
            }
            for _ in range(5):
                k = int(rng.integers(3))
                day, hour = float(rng.integers(300)), 8 + 10 * rng.random()
                place, doctor = f"hospital{k}", f"doctor{k}{int(rng.integers(DOCTORS))}"
                yuan = round(float(np.exp(rng.normal(5, 0.8))), 2)
                self.add(
                    visit(
                        name,
                        place,
                        at(day, hour),
                        yuan,
                        doctor_id=doctor,
                        diagnosis_code=f"dx{int(rng.integers(5))}",
                        operator_id=f"till{k}",
                        terminal_id=f"t{k}",
                        settled_at=at(day, hour + 0.5),
                        payee_account="employer" if i % 4 == 0 else f"own {i:03}",
                    )
                )
                shop, price = f"shop{int(rng.integers(4))}", round(float(np.exp(rng.normal(4, 0.7))), 2)
                prescribed = {"doctor_id": doctor} if rng.random() < 0.4 else {}
                medicine = f"drug{int(rng.integers(12))}"
                self.add(purchase(name, shop, at(day, hour + 2), price, drug_code=medicine, **prescribed))

    def add(self, row: dict[str, Any]) -> None:
        """One more claim; ids come from the order."""
        self.claims.append({"claim_id": f"C{len(self.claims):06}", **row})

    def distant_bill(self, who: str, place: str, day: float, yuan: float, account: str | None, **more: Any) -> None:
        """A stay of five days at a distant place, settled a month later and paid to an account, if any."""
        row = stay(who, place, at(day, 9), 5, yuan, settled_at=at(day + 35, 10), payee_account=account)
        self.add({**row, "operator_id": "agency", **more})

    def died(self, who: str, day: int) -> None:
        """Dead since that day."""
        self.register[who]["death_date"] = (at(0) + timedelta(days=day)).date()

    def stop(self, who: Sequence[str]) -> None:
        """These people have no everyday claims."""
        self.claims = [row for row in self.claims if row["patient_id"] not in set(who)]

    def view(self, folder: Path, **tables: Any) -> View:
        """The view of everything."""
        return view_of(folder, self.claims, patients=list(self.register.values()), **tables)


def names(view: View, candidate: Candidate) -> set[str]:
    """Patient ids of a candidate."""
    return {str(view.codes.patient[p]) for p in candidate.patients}


def hub(view: View, candidate: Candidate, hub_type: str) -> set[str]:
    """Ids of a candidate's hubs of one type."""
    return {str(getattr(view.codes, hub_type)[code]) for kind, code, _ in candidate.hubs if kind == hub_type}


def score(candidate: Candidate) -> float:
    """The weaker of the two doors."""
    return min(candidate.coordination, candidate.harm)


def alerts(found: Sequence[Candidate], floor: float = 8.0) -> list[Candidate]:
    """Candidates with both doors open."""
    return [c for c in found if score(c) >= floor]
