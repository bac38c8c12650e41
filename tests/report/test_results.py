from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tiny

from ringfinder.errors import InputError, UsageError
from ringfinder.model import Findings, Reason
from ringfinder.report.contract import RejectRow
from ringfinder.report.files import publish, read_results, split_list, write_json, write_results
from ringfinder.report.results import harmless, results_of, sentence
from ringfinder.words import LANGUAGES, say

TWO_ZH, TWO_EN = (say("reasons.dead", lang, visits=3, borne=2) for lang in LANGUAGES)
NONE_ZH, NONE_EN = (say("reasons.dead", lang, visits=1, borne=0) for lang in LANGUAGES)
RINGS = f"""\
ring_id,kind,score,q_value,coordination,harm,alert,patients,claims,total_amount,fund_amount,first_time,last_time,districts,reason_zh,reason_en
R;1,after_death,97.13,0.00312346,45.68,33.10,true,3,3,300.00,180.50,2024-03-01T09:00:00,2024-03-01T09:07:00,东\\;城;西城,{TWO_ZH},{TWO_EN}
R0,rotation,12.00,0.4,5.00,0.00,false,1,1,100.00,60.00,2024-04-01T08:00:00,2024-04-09T08:00:00,,{NONE_ZH},{NONE_EN}
"""
MEMBERS = f"""\
ring_id,entity_type,entity_id,role,strength,claims
R;1,patient,P1,deceased,0.900,1
R;1,patient,P3,deceased,0.900,1
R;1,patient,P2,deceased,0.500,1
R;1,facility,F1,host,1.000,3
R;1,recruiter,R1,collector,0.750,2
R;1,account,{tiny.PAYEE},payee,0.250,2
R0,patient,P1,patient,1.000,1
"""
EVIDENCE = f"""\
ring_id,channel,side,sentence_zh,sentence_en,observed,expected,claim_ids
R;1,marks,harm,{TWO_ZH},{TWO_EN},2,0.0123457,C1;C3
R;1,crowd,against,{NONE_ZH},{NONE_EN},,,
R0,marks,for,{NONE_ZH},{NONE_EN},1,1,C4
"""
REJECTS = (RejectRow("claims.csv", "7", "total_amount", "1,2,3", "not an amount"),)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_results(results_of(tiny.FINDINGS), REJECTS, tmp_path, "csv")
    return tmp_path


@pytest.mark.parametrize(("name", "content"), [("rings", RINGS), ("members", MEMBERS), ("evidence", EVIDENCE)])
def test_csv_files_hold_exactly_what_the_contract_says(written: Path, name: str, content: str) -> None:
    assert (written / f"{name}.csv").read_bytes().decode() == content


def test_rejects_quote_what_needs_quoting(written: Path) -> None:
    text = (written / "rejects.csv").read_text(encoding="utf-8")
    assert text == 'file,row,column,value,reason\nclaims.csv,7,total_amount,"1,2,3",not an amount\n'


def test_only_the_owner_may_read_the_files(written: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in written.iterdir()} == {0o600}


def test_order_of_findings_does_not_matter(tmp_path: Path, written: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_results(results_of(Findings(tiny.FINDINGS.rings[::-1], (), ())), REJECTS, other, "csv")
    for name in ("rings", "members", "evidence"):
        assert (other / f"{name}.csv").read_bytes() == (written / f"{name}.csv").read_bytes()


def test_of_two_with_one_score_the_surer_comes_first() -> None:
    """Scores near 100 are one to two decimals."""
    one = replace(tiny.FINDINGS.rings[0], score=100.0, q_value=0.002)
    surer = replace(one, ring_id="Z", q_value=0.001)
    assert one.ring_id < surer.ring_id
    assert [ring.ring_id for ring in results_of(Findings((one, surer), (), ())).rings] == ["Z", one.ring_id]


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_results_read_back_as_written(tmp_path: Path, file_format: str) -> None:
    results = results_of(tiny.FINDINGS)
    write_results(results, REJECTS, tmp_path, file_format)  # type: ignore[arg-type]
    assert read_results(tmp_path) == results


def test_parquet_is_typed(tmp_path: Path) -> None:
    write_results(results_of(tiny.FINDINGS), (), tmp_path, "parquet")
    types = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "rings.parquet")}
    assert types["districts"] == "list<element: string>"
    assert types["total_amount"] == "decimal128(18, 2)"
    assert types["first_time"].startswith("timestamp")
    assert (types["alert"], types["patients"], types["score"]) == ("bool", "int64", "double")


def test_no_findings_leave_files_with_headers_only(tmp_path: Path) -> None:
    write_results(results_of(Findings((), (), ())), (), tmp_path, "csv")
    assert (tmp_path / "rings.csv").read_text(encoding="utf-8") == RINGS.split("\n", maxsplit=1)[0] + "\n"
    assert read_results(tmp_path).rings == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a;b", ("a", "b")),
        (r"a\;b;c", ("a;b", "c")),
        (r"a\\;b", ("a\\", "b")),
        (";", ("", "")),
    ],
)
def test_lists_are_split_where_semicolons_are_not_escaped(text: str, values: tuple[str, ...]) -> None:
    assert split_list(text) == values


def test_folder_without_results_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no rings\.csv or rings\.parquet; give a folder"):
        read_results(tmp_path)


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "a,b\n", ""])
def test_file_with_other_columns_is_no_result_file(written: Path, content: str) -> None:
    (written / "members.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"^members\.csv lacks the column ring_id; make the results again"):
        read_results(written)


def test_broken_parquet_and_parquet_with_other_columns_are_no_result_files(written: Path) -> None:
    (written / "rings.csv").unlink()
    (written / "rings.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"^rings\.parquet is not a result file of ringfinder \(ArrowInvalid\)"):
        read_results(written)
    pq.write_table(pa.table({"ring_id": pa.array([], pa.string())}), written / "rings.parquet")
    with pytest.raises(InputError, match=r"^rings\.parquet lacks the column kind; make the results again"):
        read_results(written)


def test_members_of_a_ring_that_is_not_there_are_told(written: Path) -> None:
    head = (written / "rings.csv").read_text(encoding="utf-8").splitlines()[0]
    (written / "rings.csv").write_text(head + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"members names a ring that rings lacks; make the results again"):
        read_results(written)


def test_groups_without_harm_stand_in_the_order_in_which_they_are_worth_a_look() -> None:
    friends = replace(results_of(tiny.FINDINGS).rings[1], ring_id="R0", alert=False, coordination=5.0, harm=0.0)
    rings = [
        friends,
        replace(friends, ring_id="R1", fund_amount=friends.fund_amount + 1),
        replace(friends, ring_id="R2", harm=7.9),
        replace(friends, ring_id="R3", harm=8.0),
        replace(friends, ring_id="R4", coordination=0.0),
        replace(friends, ring_id="R5", alert=True),
    ]
    assert [ring.ring_id for ring in harmless(rings, 8.0)] == ["R2", "R1", "R0"]


def test_unknown_ring_is_a_usage_error(written: Path) -> None:
    with pytest.raises(UsageError, match="there is no ring R9"):
        read_results(written).ring("R9")


def test_publish_replaces_ours_and_keeps_what_is_not_ours(tmp_path: Path, written: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "rings.parquet").write_text("stale", encoding="utf-8")
    (out / "rings.csv").write_text("old", encoding="utf-8")
    write_json({"b": 1, "a": "中"}, written / "run.json")
    publish(written, out)
    assert sorted(path.name for path in out.iterdir()) == [
        "evidence.csv",
        "members.csv",
        "notes.txt",
        "rejects.csv",
        "rings.csv",
        "run.json",
    ]
    assert (out / "rings.csv").read_bytes().decode() == RINGS
    assert (out / "run.json").read_text(encoding="utf-8") == '{\n  "a": "中",\n  "b": 1\n}\n'
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_lists_within_a_sentence_are_parted_as_its_language_does() -> None:
    values = {"people": 3, "moves": 4, "days": 5, "turning": 2, "expected": 0.5, "places": "H1、H2"}
    told = [sentence(Reason("hub", "for", "reasons.transfers", values, 1.0, 1.0), lang) for lang in LANGUAGES]
    assert "H1、H2" in told[0]
    assert "between H1, H2:" in told[1]


def test_a_sentence_that_counts_others_too_says_how_many_are_members() -> None:
    values = {"moves": 4, "counted": 14, "counted_members": 9}
    told = [sentence(Reason("hub", "harm", "reasons.split_stays", values, 4.0, 0.0), lang) for lang in LANGUAGES]
    assert told == [
        "4次住院在出院后15天内于别处再入院，与分解住院相符（按14人统计，其中9人列为成员）",
        "4 stays began within 15 days of a discharge elsewhere, consistent with split stays"
        " (counted over 14 people, 9 of whom are members)",
    ]


def test_publish_that_cannot_copy_changes_nothing(
    tmp_path: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "rings.csv").write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        publish(written, out)
    assert [path.name for path in out.iterdir()] == ["rings.csv"]
    assert (out / "rings.csv").read_text(encoding="utf-8") == "old"
