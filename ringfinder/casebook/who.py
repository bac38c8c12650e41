"""Who acts in the casebook, and what of it that person or system may see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """`actor`: as the audit trail names it; `caller_id`: of the user or key; `districts` None: all."""

    actor: str
    caller_id: str
    roles: frozenset[str]
    districts: frozenset[str] | None

    @property
    def decides(self) -> bool:
        """Whether it is a supervisor, who assigns, decides and closes."""
        return "supervisor" in self.roles
