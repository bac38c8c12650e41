"""Every table of the casebook: one module for each subject, named here so that migrations and their test see them all."""

from __future__ import annotations

from ringfinder.casebook import (
    tables,
    tables_of_cases,
    tables_of_changes,
    tables_of_decisions,
    tables_of_screening,
    tables_of_tips,
    tables_of_watch,
)
from ringfinder.casebook.columns import Base

MODULES = (
    tables,
    tables_of_cases,
    tables_of_changes,
    tables_of_decisions,
    tables_of_screening,
    tables_of_tips,
    tables_of_watch,
)
METADATA = Base.metadata
