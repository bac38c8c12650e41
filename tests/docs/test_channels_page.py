from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "channels_page.py"
spec = importlib.util.spec_from_file_location("channels_page", SCRIPT)
assert spec is not None
assert spec.loader is not None
channels_page = importlib.util.module_from_spec(spec)
spec.loader.exec_module(channels_page)


def test_page_is_what_the_code_says(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SCRIPT, tmp_path / "channels.md"], check=True, cwd=tmp_path)
    written = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    assert written == (tmp_path / "channels.md").read_text(encoding="utf-8"), "run `python docs/channels_page.py`"


def test_constants_come_with_the_reason_beside_or_above_them() -> None:
    source = '''
"""A module."""
NAME = "text"  # no number
FEW = 3  # beside
# above,
# on two lines
LOW, HIGH = 0.5, 2 * HOUR
LONG = (
    7.0  # within
)
SHARES: dict[str, float] = {"a": 0.5, "b": 1.0}
lower = 4
ONE = DAY  # a day
BARE = 1e-3
'''
    assert list(channels_page.constants(source)) == [
        ("FEW", "3", "beside"),
        ("LOW", "0.5", "above, on two lines"),
        ("HIGH", "2 * HOUR", "above, on two lines"),
        ("LONG", "7.0", "within"),
        ("SHARES", "{'a': 0.5, 'b': 1.0}", ""),
        ("ONE", "DAY", "a day"),
        ("BARE", "0.001", ""),
    ]
