from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ringfinder.pipeline.heap import KEEPING, LARGE, LARGE_PAGES, TUNABLES, lent, size

SCRIPT = (
    "import os, sys; from ringfinder.pipeline.heap import TUNABLES, start_again_with_it;"
    " start_again_with_it(sys.argv[1:]); print(os.getpid(), os.environ.get(TUNABLES), *sys.argv[1:])"
)


def started(*arguments: Path | str, tunables: str | None = None) -> list[str]:
    """What a process that may start again prints at its end: whether it is the same process, its tunables, its arguments."""
    rest = {name: value for name, value in os.environ.items() if name != TUNABLES}
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        env=rest if tunables is None else {**rest, TUNABLES: tunables},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        told, _ = process.communicate()
    number, *more = told.split()
    return [str(int(number) == process.pid), *more]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of claims that is worth it, taking no room."""
    with (tmp_path / "claims.csv").open("wb") as file:
        file.truncate(LARGE)
    return tmp_path


def asked(*but: str) -> str:
    """What a run asks for on this machine, which is what a user's has, but not for these."""
    wanted = (*([LARGE_PAGES] if lent() else []), *KEEPING)
    return ":".join(f"{name}={value}" for name, value in wanted if name not in but)


def test_a_run_on_many_claims_starts_again_once_with_the_same_arguments(many: Path) -> None:
    assert started(many, "--lang", "zh") == ["True", asked(), str(many), "--lang", "zh"]
    assert started(many / "claims.csv") == ["True", asked(), str(many / "claims.csv")]


def test_tunables_of_others_are_kept(many: Path) -> None:
    other, fewer = "glibc.malloc.check=0", "glibc.malloc.arena_max=2"
    assert started(many, tunables=other)[1] == f"{other}:{asked()}"
    assert started(many, tunables=fewer)[1] == f"{fewer}:{asked('glibc.malloc.arena_max')}"
    assert started(many, tunables=asked())[1] == asked()


def test_few_claims_and_words_that_are_no_files_start_nothing_again(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text("claim_id\n", encoding="utf-8")
    assert started(tmp_path, "--lang", "zh", tmp_path / "none")[1] == "None"


def test_sizes_are_of_files_and_of_the_files_in_a_folder(many: Path) -> None:
    (many / "more").mkdir()
    (many / "cards.csv").write_bytes(b"12345")
    assert size(str(many)) == LARGE + 5
    assert size(str(many / "cards.csv")) == 5
    assert size("no\0file") == size(str(many / "none")) == 0


@pytest.mark.parametrize(
    ("said", "has"),
    [("always [madvise] never", True), ("[always] madvise never", False), ("always madvise [never]", False)],
)
def test_pages_are_lent_where_linux_says_so(tmp_path: Path, said: str, has: bool) -> None:
    told = tmp_path / "enabled"
    told.write_text(said, encoding="ascii")
    assert lent(told) is has
    assert not lent(tmp_path / "none")
