"""Writes the OpenAPI beside this module: `python -m ringfinder_api.openapi`. A test holds that it is up to date."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ringfinder.workspace import Workspace
from ringfinder_api.app import create_app
from ringfinder_api.service import Service

FILE = Path(__file__).with_name("openapi.json")


def made() -> dict[str, Any]:
    """The OpenAPI of the application, whatever it serves."""
    described: dict[str, Any] = create_app(Service(Workspace(Path()), lambda: ())).openapi()
    return described


def text(content: dict[str, Any]) -> str:
    """As it is committed."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else FILE).write_text(text(made()), encoding="utf-8")
