from __future__ import annotations

import re
from pathlib import Path

import pytest

from ringfinder.errors import UsageError
from ringfinder.graph import label, relationship
from ringfinder.store.mapping import Mapping, Theirs, read


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "ours.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_is_not_named_is_called_as_ours() -> None:
    mapping, phones = Mapping(), relationship("HAS_PHONE")
    assert mapping.label(label("Claim")) == "Claim"
    assert mapping.property(label("Claim"), label("Claim").properties[0]) == "claim_id"
    assert mapping.relationship(phones, phones.ends[1]) == Theirs("HAS_PHONE", False, (("use", "contact"),))
    assert not mapping.names_relationship(phones, phones.ends[1])


def test_example_of_the_page_is_a_mapping(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "neo4j.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert read(written(tmp_path, example)).labels == {
        "Claim": "Settlement",
        "Patient": "Insured person",
        "Recruiter": "",
    }


def test_names_of_labels_properties_types_and_single_columns_are_read(tmp_path: Path) -> None:
    mapping = read(
        written(
            tmp_path,
            """
            labels = {Claim = "结算", Recruiter = ""}
            properties.Claim = {claim_id = "number", drug_code = ""}
            [relationships]
            BY_DOCTOR = {type = "TREATED", reversed = true}
            HAS_PHONE = "CALLED"
            "patients.contact_phone" = "HAS_CONTACT"
            """,
        )
    )
    claim, phones, doctors = label("Claim"), relationship("HAS_PHONE"), relationship("BY_DOCTOR")
    names = {p.name: mapping.property(claim, p) for p in claim.properties}
    assert (mapping.label(claim), mapping.label(label("Recruiter"))) == ("结算", "")
    assert (names["claim_id"], names["drug_code"], names["start_time"]) == ("number", "", "start_time")
    assert mapping.relationship(doctors, doctors.ends[0]) == Theirs("TREATED", True, ())
    assert [mapping.relationship(phones, end) for end in phones.ends] == [
        Theirs("CALLED", False, (("use", "own"),)),
        Theirs("HAS_CONTACT", False, ()),
        Theirs("CALLED", False, (("use", "own"),)),
    ]
    assert all(mapping.names_relationship(phones, end) for end in phones.ends)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("labels = 1", r"labels must be a table; write \[labels\]"),
        ("[nodes]", r"unknown table \[nodes\]; there are labels, properties, relationships"),
        ('[labels]\nRing = "R"', "unknown label Ring; there are Claim, Patient, "),
        ("[labels]\nClaim = 3", "labels.Claim must be a text in quotes; write their name"),
        ('[labels]\nPatient = ""', "labels.Patient is empty, but no claim is one without it"),
        ('[properties]\nClaim = "x"', r"properties.Claim must be a table; write \[properties.Claim\]"),
        ('[properties.Claims]\nx = "y"', "unknown label properties.Claims; there are Claim, "),
        (
            '[properties.Claim]\nnumber = "claim_id"',
            "unknown property Claim.number; there are claim_id, service_type, ",
        ),
        ('[properties.Patient]\nregistered = "x"', "unknown property Patient.registered; there are "),
        ('[properties.Claim]\nstart_time = ""', "properties.Claim.start_time is empty, but no claim is one without it"),
        ('[relationships]\nTIED = "x"', "unknown relationship TIED; there are FOR_PATIENT, "),
        ('[relationships]\nFOR_PATIENT = ""', "relationships.FOR_PATIENT is empty, but no claim is one without it"),
        ("[relationships]\nPAID_TO = {}", "relationships.PAID_TO must be a text in quotes"),
        (
            '[relationships]\nPAID_TO = {type = "x", to = "y"}',
            "unknown entry relationships.PAID_TO.to; there are type, ",
        ),
        (
            '[relationships]\nPAID_TO = {type = "x", reversed = 1}',
            "relationships.PAID_TO.reversed must be true or false",
        ),
        ("[labels", "is no TOML; correct it"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_what_there_is(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=rf"^mapping file ours\.toml:? ?{said}"):
        read(written(tmp_path, text))


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"mapping file none\.toml cannot be read \(No such file or directory\)"):
        read(tmp_path / "none.toml")
