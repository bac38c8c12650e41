from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "duckdb",
    "neo4j",
    "psutil",
    "numpy",
    "pandas",
    "pyarrow",
    "igraph",
    "networkx",
    "scipy",
    "rich.console",
    "ladybug",
}


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


def test_run_begins_to_read_before_the_libraries_of_the_detection_are_there() -> None:
    code = "import sys\nimport ringfinder.pipeline.steps\nprint(*sorted(sys.modules), sep='\\n')\n"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "duckdb" in loaded
    assert {"scipy", "igraph", "leidenalg", "networkx", "pandas", "pandera", "ladybug"} & set(loaded) == set()


def test_what_is_imported_ahead_is_what_the_run_needs() -> None:
    code = (
        "import sys\nfrom ringfinder.pipeline.steps import import_ahead\nimport_ahead()\nhad = set(sys.modules)\n"
        "from ringfinder import rings\nfrom ringfinder.store.ladybug import build_graph\n"
        "assert set(sys.modules) == had and 'scipy' in had and 'ladybug' in had, set(sys.modules) - had\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_package_runs_as_the_command_does() -> None:
    done = subprocess.run([sys.executable, "-m", "ringfinder", "--version"], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("ringfinder ")
