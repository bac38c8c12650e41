"""Which labels, relationship types and properties of a bureau's own graph stand for those of `ringfinder.graph`.

    [labels]                       a label of ours = theirs; "" where they have none
    Claim = "Settlement"
    Recruiter = ""

    [properties.Claim]             a property of ours = theirs; "" where they have none
    claim_id = "number"

    [relationships]                a type of ours, or one canonical column = theirs; "" where they have none
    FOR_PATIENT = "OF"
    BY_DOCTOR = { type = "TREATED", reversed = true }     theirs points the other way
    "patients.contact_phone" = "HAS_CONTACT"              a type of its own for what `use` tells apart in ours

What a file does not name is called as ours and may be missing. What it names must be there: see `Mapping.named`. Values
may have any type that can be written as text; they are read as those of claim files are (`claims.read`).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ringfinder.errors import UsageError
from ringfinder.graph import End, Label, Property, Relationship, labels_of, relationships_of
from ringfinder.settings import read_toml
from ringfinder.words.sentences import Listed, Sentence

SECTIONS = ("labels", "properties", "relationships")
OURS = {one.name: one for one in labels_of("claims") if one.name not in {"SetAside", "ClaimSet"}}
ENDS = tuple((kind, end) for kind in relationships_of("claims") if not kind.derived for end in kind.ends)
# A claim without these is none (see `ringfinder.tables`), so that no file may say that they are not there.
NEEDED_LABELS = ("Claim", "Patient", "Facility")
NEEDED_TYPES = ("FOR_PATIENT", "AT_FACILITY")


@dataclass(frozen=True)
class Theirs:
    """Their relationship type for one pair of labels; `fixed` are the property values that tell it apart."""

    type: str
    reversed: bool
    fixed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Mapping:
    """Their names by ours; what is not in it is called as ours. `file` is how messages call it."""

    file: str = ""
    labels: Dict[str, str] = field(default_factory=dict)
    properties: Dict[tuple[str, str], str] = field(default_factory=dict)
    types: Dict[str, Theirs] = field(default_factory=dict)

    def label(self, one: Label) -> str:
        """Their label; "" for none."""
        return self.labels.get(one.name, one.name)

    def property(self, one: Label, of: Property) -> str:
        """Their property; "" for none."""
        return self.properties.get((one.name, of.name), of.name)

    def relationship(self, kind: Relationship, end: End) -> Theirs:
        """Their type, with type "" for none."""
        own = Theirs(kind.type, False, end.fixed)
        by_type = self.types.get(kind.type)
        if by_type is not None:
            own = Theirs(by_type.type, by_type.reversed, end.fixed)
        return self.types.get(str(end.source), own)

    def names_relationship(self, kind: Relationship, end: End) -> bool:
        """Whether the file speaks of it, so that there must be some."""
        return kind.type in self.types or str(end.source) in self.types


def read(file: Path) -> Mapping:
    """The mapping in a TOML file; UsageError that says what in it is wrong and what there is."""
    told = Sentence("faults_store.mapping_file", name=file.name)
    given = read_toml(file, told)
    for section, content in given.items():
        _known(told, "table", f"[{section}]", section, SECTIONS)
        if not isinstance(content, dict):
            raise UsageError(Sentence("faults_store.mapping_section", told=told, section=section))
    return Mapping(
        file.name,
        _labels(told, given.get("labels", {})),
        _properties(told, given.get("properties", {})),
        _types(told, given.get("relationships", {})),
    )


def _labels(told: Sentence, given: Dict[str, Any]) -> dict[str, str]:
    for name, theirs in given.items():
        _known(told, "label", name, name, OURS)
        _text(told, f"labels.{name}", theirs, required=name in NEEDED_LABELS)
    return dict(given)


def _properties(told: Sentence, given: Dict[str, Any]) -> dict[tuple[str, str], str]:
    found = {}
    for name, content in given.items():
        _known(told, "label", f"properties.{name}", name, OURS)
        if not isinstance(content, dict):
            raise UsageError(Sentence("faults_store.mapping_properties", told=told, name=name))
        own = {p.name: p for p in OURS[name].properties if p.source or p.name == OURS[name].key}
        for of, theirs in content.items():
            _known(told, "property", f"{name}.{of}", of, own)
            source = own[of].source
            needed = of == OURS[name].key or (source is not None and source.definition.required)
            _text(told, f"properties.{name}.{of}", theirs, required=needed)
            found[name, of] = theirs
    return found


def _types(told: Sentence, given: Dict[str, Any]) -> dict[str, Theirs]:
    by_column = {str(end.source): (kind, end) for kind, end in ENDS}
    by_type = {kind.type: kind for kind, _ in ENDS}
    found = {}
    for name, theirs in given.items():
        _known(told, "relationship", name, name, (*by_type, *by_column))
        content = theirs if isinstance(theirs, dict) else {"type": theirs}
        for key in content:
            _known(told, "entry", f"relationships.{name}.{key}", key, ("type", "reversed"))
        kind = by_type[name] if name in by_type else by_column[name][0]
        _text(told, f"relationships.{name}", content.get("type"), required=kind.type in NEEDED_TYPES)
        if not isinstance(content.get("reversed", False), bool):
            raise UsageError(Sentence("faults_store.mapping_reversed", told=told, name=name))
        found[name] = Theirs(content["type"], content.get("reversed", False), ())
    return found


def _known(told: Sentence, what: str, shown: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        kind = Sentence(f"faults_store.mapping_{what}")
        raise UsageError(
            Sentence("faults_store.mapping_unknown", told=told, what=kind, name=shown, known=Listed(names))
        )


def _text(told: Sentence, name: str, value: Any, required: bool) -> None:
    if not isinstance(value, str):
        raise UsageError(Sentence("faults_store.mapping_text", told=told, name=name))
    if required and not value:
        raise UsageError(Sentence("faults_store.mapping_empty", told=told, name=name))
