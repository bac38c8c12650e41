"""What the service writes to stderr besides its requests: JSON lines, and no word of a library's."""

from __future__ import annotations

import json
import subprocess
import sys

REMARKS = """
import logging, warnings
from ringfinder_api import logs

logs.configure()
logging.getLogger("python_multipart.multipart").warning("bad header of %s", "110101195001011234")
try:
    raise ValueError("110101195001011234")
except ValueError:
    logging.getLogger("some.library").exception("110101195001011234")
warnings.warn("110101195001011234")
logging.getLogger(logs.ROOT).info("request", extra={"status": 200})
"""


def test_library_is_named_and_placed_but_not_quoted() -> None:
    done = subprocess.run([sys.executable, "-c", REMARKS], check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["logger"], line["level"], line.get("place", "").split(":")[0]) for line in lines] == [
        ("python_multipart.multipart", "WARNING", "<string>"),
        ("some.library", "ERROR", "<string>"),
        ("py.warnings", "WARNING", "warnings"),
        ("ringfinder.service", "INFO", ""),
    ]
    assert "110101195001011234" not in done.stderr
