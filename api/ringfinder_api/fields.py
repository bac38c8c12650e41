"""Texts of the OpenAPI: every field with its meaning in English and a Chinese title, from the catalogue."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ringfinder.words import say


class Model(BaseModel):
    """A part of a request or an answer; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_max_length=10_000)


def words(name: str, kind: str) -> str:
    """The catalogue's key for a field or parameter; `ROOM.NAME` where its words stand in another room than `api`."""
    room, _, last = name.rpartition(".")
    return f"{room or 'api'}.{kind}_{last}"


def about(name: str, **rules: Any) -> Any:
    """A pydantic field: `field_NAME` of the catalogue's room `api` (see `words`), and rules such as `ge=0`."""
    key = words(name, "field")
    return Field(title=say(key, "zh"), description=say(key, "en"), **rules)
