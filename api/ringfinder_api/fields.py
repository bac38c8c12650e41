"""Texts of the OpenAPI: every field with its meaning in English and a Chinese title, from the catalogue."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from ringfinder.words import say
from ringfinder_api.plain import in_json, kind_of


class Model(BaseModel):
    """A part of a request or an answer; what it does not know is refused, and so is what is no plain number or day (see `plain`)."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_max_length=10_000)
    as_plain: ClassVar[dict[str, type]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        found = {name: kind_of(field.annotation) for name, field in cls.model_fields.items()}
        cls.as_plain = {name: kind for name, kind in found.items() if kind is not None}

    @model_validator(mode="before")
    @classmethod
    def _plainly(cls, given: Any) -> Any:
        if cls.as_plain and isinstance(given, dict):
            wrong = [name for name, kind in cls.as_plain.items() if not in_json(kind, given.get(name))]
            if wrong:
                error = PydanticCustomError("not_plain", "not written plainly")
                told = [InitErrorDetails(type=error, loc=(name,), input=None) for name in wrong]
                raise ValidationError.from_exception_data(cls.__name__, told)
        return given


def words(name: str, kind: str) -> str:
    """The catalogue's key for a field or parameter; `ROOM.NAME` where its words stand in another room than `api`."""
    room, _, last = name.rpartition(".")
    return f"{room or 'api'}.{kind}_{last}"


def about(name: str, **rules: Any) -> Any:
    """A pydantic field: `field_NAME` of the catalogue's room `api` (see `words`), and rules such as `ge=0`."""
    key = words(name, "field")
    return Field(title=say(key, "zh"), description=say(key, "en"), **rules)
