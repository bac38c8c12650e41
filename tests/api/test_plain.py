"""What is read as a number, a day or a truth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from ringfinder_api.fields import Model
from ringfinder_api.plain import in_json


class Columns(Model):
    """Two columns of one length."""

    facility: Annotated[list[int], Field()]
    share: list[float | None]


def test_each_value_of_a_list_is_read_so() -> None:
    assert Columns.model_validate({"facility": [0, 12], "share": [0.5, None]}).facility == [0, 12]
    for wrong in ({"facility": [0, "1_000"], "share": []}, {"facility": [], "share": [True]}):
        with pytest.raises(ValidationError, match="not written plainly"):
            Columns.model_validate(wrong)


def test_a_list_is_no_number() -> None:
    class One(Model):
        many: int

    with pytest.raises(ValidationError, match="valid integer"):
        One.model_validate({"many": [1]})


@pytest.mark.parametrize(
    ("kind", "value", "plain"),
    [
        (int, 1000, True),
        (int, "1_000", False),
        (int, True, False),
        (float, 0.5, True),
        (Decimal, "1000.50", True),
        (Decimal, "1e3", False),
        (date, "2026-03-02", True),
        (date, 0, False),
        (bool, True, True),
        (bool, "yes", False),
        (int, None, True),
        (date, ["2026-03-02", "86400"], False),
    ],
)
def test_what_json_writes_as_one_is_one(kind: type, value: object, plain: bool) -> None:
    assert in_json(kind, value) is plain
