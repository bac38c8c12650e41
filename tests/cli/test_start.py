from __future__ import annotations

import subprocess
import sys

HEAVY = {"duckdb", "numpy", "pandas", "pyarrow", "igraph", "networkx", "scipy", "rich.console", "ladybug"}


def test_help_comes_without_heavy_libraries() -> None:
    code = (
        "import sys\n"
        "from ringfinder.cli import app\n"
        "try:\n    app(['--help'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print(*sorted(sys.modules), sep='\\n', file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "sample-city" in done.stdout
    assert HEAVY & set(done.stderr.split()) == set()
