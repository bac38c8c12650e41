"""What was planted: truth.json beside a sample city, and the honest look-alikes of its scenes.json.

truth.json is a list of {"ring_id", "kind", "level", "members": [{"entity_type", "entity_id", "role"}]}.
scenes.json, if there, is a list of {"scene", "kind_of_scene", "patients": [id, ...]}: groups that only look like rings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfinder.errors import InputError
from ringfinder.words.sentences import Sentence


@dataclass(frozen=True)
class Planted:
    """One planted ring; `members` holds the entity ids by entity type."""

    ring_id: str
    kind: str
    level: str
    members: Mapping[str, frozenset[str]]

    @property
    def patients(self) -> frozenset[str]:
        return self.members.get("patient", frozenset())


@dataclass(frozen=True)
class Scene:
    """One honest scene: people who are often together for a good reason."""

    scene_id: str
    kind: str
    patients: frozenset[str]


def _load(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(Sentence("faults.truth_missing", name=path.name)) from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(Sentence("faults.truth_no_json", name=path.name, kind=type(error).__name__)) from error
    if not isinstance(content, list):
        raise InputError(Sentence("faults.truth_no_list", name=path.name))
    return content


def read_truth(path: Path) -> tuple[Planted, ...]:
    """Planted rings sorted by id; InputError if the file is missing, is not JSON or lacks a field."""
    rings = []
    for number, entry in enumerate(_load(path), start=1):
        try:
            members: dict[str, set[str]] = {}
            for member in entry["members"]:
                members.setdefault(str(member["entity_type"]), set()).add(str(member["entity_id"]))
            rings.append(
                Planted(
                    str(entry["ring_id"]),
                    str(entry["kind"]),
                    str(entry["level"]),
                    {kind: frozenset(ids) for kind, ids in sorted(members.items())},
                )
            )
        except (KeyError, TypeError) as error:
            raise InputError(Sentence("faults.truth_field", name=path.name, number=number, field=error)) from error
    ids = [ring.ring_id for ring in rings]
    if len(set(ids)) < len(ids):
        raise InputError(Sentence("faults.truth_twice", name=path.name))
    return tuple(sorted(rings, key=lambda ring: ring.ring_id))


def read_scenes(path: Path) -> tuple[Scene, ...]:
    """Honest scenes sorted by id; none if the file does not exist."""
    if not path.exists():
        return ()
    scenes = []
    for number, entry in enumerate(_load(path), start=1):
        try:
            patients = frozenset(str(person) for person in entry["patients"])
            scenes.append(Scene(str(entry["scene"]), str(entry["kind_of_scene"]), patients))
        except (KeyError, TypeError) as error:
            raise InputError(Sentence("faults.truth_field", name=path.name, number=number, field=error)) from error
    return tuple(sorted(scenes, key=lambda scene: scene.scene_id))
