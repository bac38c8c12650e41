"""run.json: what a run read, with which settings and versions, what was off, what it cost."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ringfinder.model import ClaimSet, Findings
from ringfinder.settings import Settings
from ringfinder.words import LANGUAGES, catalogue, say

PARTS = ("ringfinder", "duckdb", "igraph", "ladybug", "leidenalg", "networkx", "numpy", "pandas", "pyarrow", "scipy")
ON = "on"


def versions() -> dict[str, str]:
    """Versions of everything that could change a result."""
    found = {"python": platform.python_version(), "system": sys.platform}
    for part in PARTS:
        try:
            found[part] = version(part)
        except PackageNotFoundError:
            found[part] = "not installed"
    return found


def in_words(key: str, values: dict[str, object]) -> dict[str, object]:
    """A catalogue key with its values, and the text in both languages where the catalogue has it."""
    texts: dict[str, object] = {lang: say(key, lang, **values) for lang in LANGUAGES if key in catalogue()}
    return {"key": key, "values": {name: _plain(value) for name, value in sorted(values.items())}, **texts}


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def record(heading: Mapping[str, str], claim_set: ClaimSet, findings: Findings, settings: Settings) -> dict[str, Any]:
    """The content of run.json but for the stages; `heading`: run_id, started, source, profile, store."""
    return {
        **heading,
        "read": [{"file": name, "rows": rows, "sha256": digest} for name, rows, digest in claim_set.sources],
        "tables": dict(sorted(claim_set.rows.items())),
        "hours_known": claim_set.hours_known,
        "rejected": claim_set.rejected,
        "set_aside": [asdict(value) for value in claim_set.set_aside],
        "notes": [in_words(key, dict(values)) for key, values in claim_set.notes],
        "settings": asdict(settings),
        "versions": versions(),
        "channels": [
            {"channel": channel, "on": state == ON} | ({} if state == ON else {"why": in_words(state, {})})
            for channel, state in findings.channels
        ],
        "rings": len(findings.rings),
        "alerts": sum(ring.alert for ring in findings.rings),
    }
