from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from ringfinder.casebook import audit, reporters, rewards, tips
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.reporters import Reporter
from ringfinder.casebook.rewards import Payment, Worth
from ringfinder.casebook.rules import Rules, read_rules
from ringfinder.casebook.sealing import SealKeys, id_of
from ringfinder.casebook.tip_list import Wanted, page
from ringfinder.casebook.tip_states import MACHINE, Mention, Named, Tip
from ringfinder.errors import Refused, StoreError
from tests.casebook.reports import ACTOR, MONDAY, REPORTER, gone_on, recorded, said

OLD, NEW = b"o" * 32, b"n" * 32
KEYS = SealKeys((OLD,))


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return read_rules(tmp_path)


def identified(casebook: Casebook, rules: Rules, tip: Tip, reporter: Reporter = REPORTER) -> Tip:
    found = reporters.identify(casebook, tip.tip_id, tip.version, reporter, KEYS, rules, ACTOR)
    assert found is not None
    return found


def due(tip: Tip) -> tuple[str | None, str | None]:
    return tip.due_term, None if tip.due_on is None else tip.due_on.isoformat()


def test_named_tip_goes_its_way_with_a_deadline_for_each_step(casebook: Casebook, rules: Rules) -> None:
    tip = identified(casebook, rules, recorded(casebook, rules))
    told = [due(tip)]
    tip = gone_on(casebook, rules, tip, "acknowledge", date(2026, 3, 4))
    told.append(due(tip))
    tip = gone_on(casebook, rules, tip, "check", date(2026, 3, 20), "substantiated")
    told.append(due(tip))
    tip = gone_on(casebook, rules, tip, "answer", date(2026, 3, 23), told="已立案查处")
    told.append(due(tip))
    tip = gone_on(casebook, rules, tip, "close", date(2026, 5, 6))
    assert [*told, due(tip)] == [
        ("tip_acknowledge", "2026-03-09"),
        ("tip_check", "2026-03-23"),
        ("tip_answer", "2026-03-27"),
        ("tip_close", "2026-06-18"),
        (None, None),
    ]
    assert (tip.state, tip.outcome, tip.told, tip.possible) == ("closed", "substantiated", "已立案查处", ("reopen",))
    tip = gone_on(casebook, rules, tip, "reopen", date(2026, 5, 7))
    assert (tip.state, tip.outcome, due(tip)) == ("acknowledged", None, ("tip_check", "2026-05-27"))


def test_anonymous_tip_is_closed_without_an_answer_and_a_named_one_is_not(casebook: Casebook, rules: Rules) -> None:
    unnamed = gone_on(casebook, rules, recorded(casebook, rules), "check", MONDAY, "unsubstantiated")
    assert (due(unnamed)[0], unnamed.possible) == ("tip_close", ("answer", "close"))
    assert gone_on(casebook, rules, unnamed, "close", MONDAY).state == "closed"
    named = gone_on(casebook, rules, identified(casebook, rules, recorded(casebook, rules)), "check", MONDAY, "partly")
    assert named.possible == ("answer",)
    with pytest.raises(Refused, match="answered before") as told:
        gone_on(casebook, rules, named, "close", MONDAY)
    assert told.value.code == "answer_first"


def test_term_of_checking_is_extended_once(casebook: Casebook, rules: Rules) -> None:
    tip = recorded(casebook, rules)
    longer = tips.extend(casebook, tip.tip_id, 1, rules, ACTOR)
    assert longer is not None
    assert due(gone_on(casebook, rules, longer, "acknowledge", MONDAY)) == ("tip_check_extended", "2026-04-14")
    with pytest.raises(Refused) as told:
        tips.extend(casebook, tip.tip_id, 3, rules, ACTOR)
    assert told.value.code == "extended_already"


@pytest.mark.parametrize(
    ("step", "on", "outcome", "code"),
    [
        ("close", MONDAY, None, "step_refused"),
        ("check", MONDAY, None, "outcome_needed"),
        ("acknowledge", MONDAY, "partly", "outcome_needed"),
        ("acknowledge", date(2026, 3, 1), None, "bad_day"),
        ("acknowledge", date(2999, 1, 1), None, "bad_day"),
    ],
)
def test_step_that_cannot_be_is_refused_and_changes_nothing(
    casebook: Casebook, rules: Rules, step: str, on: date, outcome: str | None, code: str
) -> None:
    tip = recorded(casebook, rules)
    with pytest.raises(Refused) as told:
        gone_on(casebook, rules, tip, step, on, outcome)  # type: ignore[arg-type]
    assert told.value.code == code
    assert tips.find(casebook, tip.tip_id) == tip


def test_who_saw_an_older_version_cannot_change_a_tip(casebook: Casebook, rules: Rules) -> None:
    tip = recorded(casebook, rules)
    gone_on(casebook, rules, tip, "acknowledge", MONDAY)
    with pytest.raises(Refused) as told:
        gone_on(casebook, rules, tip, "check", MONDAY, "partly")
    assert told.value.code == "changed_meanwhile"
    assert tips.find(casebook, "T000000000000") is None


def test_identity_is_read_with_a_record_and_bound_to_its_tip(casebook: Casebook, rules: Rules) -> None:
    first, second = (identified(casebook, rules, recorded(casebook, rules)) for _ in range(2))
    assert reporters.read(casebook, first.tip_id, KEYS, ACTOR, "to answer") == REPORTER
    (entry,) = audit.latest(casebook, 1)
    assert (entry.action, entry.subject) == ("tip.identity_read", first.tip_id)
    assert json.loads(entry.details) == {"why": "to answer"}
    with casebook.session() as session:
        move = "UPDATE tip_identities SET content = (SELECT content FROM tip_identities WHERE tip_id = :a) WHERE tip_id = :b"
        session.execute(text(move), {"a": first.tip_id, "b": second.tip_id})
    with pytest.raises(StoreError, match="changed or moved"):
        reporters.read(casebook, second.tip_id, KEYS, ACTOR, "to answer")
    assert reporters.read(casebook, recorded(casebook, rules).tip_id, KEYS, ACTOR, "x") is None


def test_without_the_key_tips_go_on_and_their_reporters_are_counted(casebook: Casebook, rules: Rules) -> None:
    tip = identified(casebook, rules, recorded(casebook, rules))
    lost = SealKeys((NEW,))
    assert reporters.seal_state(casebook, lost).missing == {id_of(OLD): 1}
    assert reporters.seal_state(casebook, KEYS).open == 1
    with pytest.raises(Refused, match=id_of(OLD)) as told:
        reporters.read(casebook, tip.tip_id, lost, ACTOR, "x")
    assert told.value.code == "tip_key_missing"
    with pytest.raises(Refused) as told:
        reporters.identify(casebook, tip.tip_id, tip.version, REPORTER, SealKeys(), rules, ACTOR)
    assert told.value.code == "no_tip_key"
    assert gone_on(casebook, rules, tip, "acknowledge", MONDAY).state == "acknowledged"
    assert page(casebook, Wanted(), "received", None, 10)[1] == 1


def test_rotation_seals_everything_anew(casebook: Casebook, rules: Rules) -> None:
    made = [identified(casebook, rules, recorded(casebook, rules)) for _ in range(3)]
    assert reporters.seal_anew(casebook, SealKeys((NEW, OLD)), ACTOR) == 3
    assert reporters.seal_anew(casebook, SealKeys((NEW, OLD)), ACTOR) == 0
    only_new = SealKeys((NEW,))
    assert [reporters.read(casebook, tip.tip_id, only_new, ACTOR, "x") for tip in made] == [REPORTER] * 3


@pytest.mark.parametrize("told", [REPORTER.name, "电话 139 1234 5678", "幸福路七号 三单元", "110101199001011237。"])
def test_text_that_tells_the_reporter_is_refused(casebook: Casebook, rules: Rules, told: str) -> None:
    tip = recorded(casebook, rules, summary=f"说是 {told}")
    with pytest.raises(Refused) as refused:
        identified(casebook, rules, tip)
    assert refused.value.code == "reporter_in_text"
    tip = identified(casebook, rules, recorded(casebook, rules))
    with pytest.raises(Refused) as refused:
        reporters.check_texts(casebook, tip.tip_id, [None, told], KEYS)
    assert refused.value.code == "reporter_in_text"
    reporters.check_texts(casebook, tip.tip_id, [None, "已立案"], KEYS)


def test_reporter_is_not_among_those_whom_the_tip_names(casebook: Casebook, rules: Rules) -> None:
    itself = (Named("patient", None, " 欧阳 举报"), Named("patient", "110101-19900101-1237", None))
    for one in itself:
        with pytest.raises(Refused) as refused:
            identified(casebook, rules, recorded(casebook, rules, entities=(one,)))
        assert refused.value.code == "reporter_in_text"
        tip = identified(casebook, rules, recorded(casebook, rules))
        with pytest.raises(Refused) as refused:
            reporters.check_texts(casebook, tip.tip_id, (), KEYS, (Named("facility", "H1", None), one))
        assert refused.value.code == "reporter_in_text"
    others = (Named("patient", "H1", "欧阳举报者"), Named("facility", None, "曾氏大药房"))
    reporters.check_texts(casebook, tip.tip_id, (), KEYS, others)


def test_receipt_is_not_after_what_was_done_since(casebook: Casebook, rules: Rules) -> None:
    tip = gone_on(casebook, rules, recorded(casebook, rules), "acknowledge", date(2026, 3, 4))
    with pytest.raises(Refused) as refused:
        tips.change(casebook, tip.tip_id, tip.version, said(received_on=date(2026, 3, 5)), rules, ACTOR)
    assert refused.value.code == "bad_day"
    changed = tips.change(casebook, tip.tip_id, tip.version, said(received_on=date(2026, 3, 4)), rules, ACTOR)
    assert changed is not None
    assert changed.said.received_on == date(2026, 3, 4)


def test_reward_waits_while_the_tip_is_not_held_true(casebook: Casebook, rules: Rules) -> None:
    tip = identified(casebook, rules, recorded(casebook, rules))
    tip = gone_on(casebook, rules, tip, "check", MONDAY, "substantiated")
    booked = rewards.book(casebook, tip.tip_id, tip.version, Worth(1, Decimal("50000"), False), rules, ACTOR)
    assert booked is not None
    tip, payment = booked, Payment(rules.today(), "V-1", None)
    for step, outcome in (("answer", None), ("close", None), ("reopen", None), ("check", "unsubstantiated")):
        tip = gone_on(casebook, rules, tip, step, MONDAY, outcome)  # type: ignore[arg-type]
        if step in ("reopen", "check"):
            with pytest.raises(Refused) as refused:
                rewards.pay(casebook, tip.tip_id, tip.version, payment, rules, ACTOR)
            assert refused.value.code == "nothing_to_pay"
    for step, outcome in (("answer", None), ("close", None), ("reopen", None), ("check", "partly")):
        tip = gone_on(casebook, rules, tip, step, MONDAY, outcome)  # type: ignore[arg-type]
    paid = rewards.pay(casebook, tip.tip_id, tip.version, payment, rules, ACTOR)
    assert paid is not None
    assert paid.reward is not None
    assert paid.reward.paid_on == rules.today()


def test_anonymous_reporter_shows_the_last_receipt(casebook: Casebook, rules: Rules) -> None:
    tip = recorded(casebook, rules)
    first, last = (reporters.give_receipt(casebook, tip.tip_id, ACTOR) for _ in range(2))
    assert first is not None
    assert last is not None
    assert reporters.by_receipt(casebook, first) is None
    found = reporters.by_receipt(casebook, f" {last.upper()} ")
    assert found is not None
    assert (found.tip_id, found.receipt) == (tip.tip_id, True)


@pytest.mark.parametrize(
    ("level", "found", "insider", "amount"),
    [
        (1, "100000", False, "3000.00"),
        (1, "100000", True, "3600.00"),
        (2, "100000.03", False, "2000.00"),
        (3, "1050.50", False, "200.00"),
        (2, "0", True, "360.00"),
        (1, "9999999.99", True, "200000.00"),
    ],
)
def test_reward_is_a_share_within_its_bounds(rules: Rules, level: int, found: str, insider: bool, amount: str) -> None:
    assert rules.reward.amount(level, Decimal(found), insider) == Decimal(amount)


def test_reward_of_a_true_tip_is_booked_and_paid_once(casebook: Casebook, rules: Rules) -> None:
    worth = Worth(1, Decimal("50000"), True)
    tip = recorded(casebook, rules)
    with pytest.raises(Refused) as told:
        rewards.book(casebook, tip.tip_id, 1, worth, rules, ACTOR)
    assert told.value.code == "no_reward"
    tip = gone_on(casebook, rules, tip, "check", MONDAY, "partly")
    with pytest.raises(Refused, match="1, 2, 3"):
        rewards.book(casebook, tip.tip_id, 2, Worth(7, Decimal(1), False), rules, ACTOR)
    booked = rewards.book(casebook, tip.tip_id, 2, worth, rules, ACTOR)
    assert booked is not None
    assert booked.reward is not None
    assert (booked.reward.amount, booked.reward.paid_on) == (Decimal("1800.00"), None)
    with pytest.raises(Refused) as told:
        rewards.book(casebook, tip.tip_id, 3, worth, rules, ACTOR)
    assert told.value.code == "reward_booked"
    code = reporters.give_receipt(casebook, tip.tip_id, ACTOR)
    for receipt in (None, "wrong"):
        with pytest.raises(Refused) as told:
            rewards.pay(casebook, tip.tip_id, 3, Payment(rules.today(), "V-1", receipt), rules, ACTOR)
        assert told.value.code == "receipt_needed"
    paid = rewards.pay(casebook, tip.tip_id, 3, Payment(rules.today(), "V-1", code), rules, ACTOR)
    assert paid is not None
    assert paid.reward is not None
    assert (paid.reward.paid_on, paid.reward.reference) == (rules.today(), "V-1")
    with pytest.raises(Refused) as told:
        rewards.pay(casebook, tip.tip_id, 4, Payment(rules.today(), "V-2", code), rules, ACTOR)
    assert told.value.code == "nothing_to_pay"


def test_open_and_true_tips_mention_whom_they_name_by_id(casebook: Casebook, rules: Rules) -> None:
    made = [recorded(casebook, rules) for _ in range(3)]
    before = tips.change_mark(casebook)
    for tip, outcome in zip(made[:2], ("substantiated", "duplicate"), strict=True):
        gone_on(casebook, rules, tip, "check", MONDAY, outcome)  # type: ignore[arg-type]
    expected = {Mention(made[at].tip_id, "东城", "facility", "H1") for at in (0, 2)}
    assert set(tips.mentions(casebook)) == expected
    assert tips.change_mark(casebook) != before


@pytest.mark.parametrize(
    "text",
    [
        "集中刷卡",
        "jizhong",
        "JZSK",
        "Zeng shi da",
        "cengshi",
        "zsdyf",
        "曾氏",
        "shanxm",
        "danxiaoming",
        "card runs",
        "H1",
    ],
)
def test_tip_is_found_by_characters_pinyin_and_initials(casebook: Casebook, rules: Rules, text: str) -> None:
    tip = recorded(casebook, rules)
    recorded(casebook, rules, summary="无关", entities=())
    found, total, _ = page(casebook, Wanted(text=text), "received", None, 10)
    assert ([line.tip_id for line in found], total) == ([tip.tip_id], 1)


@pytest.mark.parametrize("text", ["%", "_", "\\", "zhengshi", "欧阳举报"])
def test_tip_is_not_found_by_what_it_does_not_say(casebook: Casebook, rules: Rules, text: str) -> None:
    identified(casebook, rules, recorded(casebook, rules))
    assert page(casebook, Wanted(text=text), "received", None, 10)[1] == 0


def test_pages_hold_every_tip_once_in_their_order(casebook: Casebook, rules: Rules) -> None:
    made = [recorded(casebook, rules, received_on=date(2026, 3, 2 + n % 4)) for n in range(9)]
    gone_on(casebook, rules, gone_on(casebook, rules, made[0], "check", MONDAY, "partly"), "close", date(2026, 3, 9))
    for sort in ("received", "due"):
        seen, after = [], None
        while True:
            lines, total, after = page(casebook, Wanted(), sort, after, 4)
            seen += lines
            assert total == 9
            if after is None:
                break
        assert {line.tip_id for line in seen} == {tip.tip_id for tip in made}
        assert len(seen) == 9
        days = [line.received_on if sort == "received" else line.due_on or date.max for line in seen]
        assert days == sorted(days, reverse=sort == "received")


def test_filters_of_a_page(casebook: Casebook, rules: Rules) -> None:
    east = recorded(casebook, rules)
    west = recorded(casebook, rules, district="西城", channel="phone", entities=(Named("patient", "P1", None),))
    wanted = {
        "district": (Wanted(district="东城"), east),
        "channel": (Wanted(channel="phone"), west),
        "districts": (Wanted(districts=frozenset({"西城"})), west),
        "entity": (Wanted(entity=("patient", "P1")), west),
        "late": (Wanted(late_on=date(2026, 3, 10), channel="letter"), east),
    }
    for name, (filters, tip) in wanted.items():
        assert [line.tip_id for line in page(casebook, filters, "due", None, 10)[0]] == [tip.tip_id], name
    assert page(casebook, Wanted(late_on=date(2026, 3, 9)), "due", None, 10)[1] == 0


def test_correction_replaces_text_and_names_and_is_audited_without_them(casebook: Casebook, rules: Rules) -> None:
    tip = recorded(casebook, rules)
    other = said(summary="其实是医院", received_on=date(2026, 3, 3), entities=(Named("facility", "H2", None),))
    changed = tips.change(casebook, tip.tip_id, 1, other, rules, ACTOR)
    assert changed is not None
    assert (changed.said, due(changed)) == (other, ("tip_acknowledge", "2026-03-10"))
    assert page(casebook, Wanted(text="yiyuan"), "received", None, 10)[1] == 1
    trail = json.dumps([entry.details for entry in audit.latest(casebook, 10)], ensure_ascii=False)
    assert "医院" not in trail
    assert "曾氏" not in trail
    assert audit.verify(casebook).broken is None


def test_deadlines_move_when_days_off_are_announced(casebook: Casebook, rules: Rules, tmp_path: Path) -> None:
    recorded(casebook, rules)
    assert tips.renew_deadlines(casebook, rules, ACTOR) == 0
    (tmp_path / "casebook.toml").write_text('[calendar.2026]\noff = ["2026-03-03"]\n', encoding="utf-8")
    assert tips.renew_deadlines(casebook, read_rules(tmp_path), ACTOR) == 1
    (line,) = page(casebook, Wanted(), "due", None, 10)[0]
    assert line.due_on == date(2026, 3, 10)


def test_every_state_is_reached_and_left() -> None:
    assert MACHINE.states == ("received", "acknowledged", "checked", "answered", "closed")
    assert [MACHINE.possible(state) for state in MACHINE.states] == [
        ("acknowledge", "check"),
        ("check",),
        ("answer", "close"),
        ("close",),
        ("reopen",),
    ]
