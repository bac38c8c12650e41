from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.report.files import write_at_once

Invoke = Callable[..., Result]
RING = ("export", "ring", "R;1")


def test_ring_is_written_in_each_form_for_the_owner_only(invoke: Invoke, workspace: Path) -> None:
    files = ("x.html", "x.svg", "x.png")
    options = [word for file in files for word in (f"--{file[2:]}", file)]
    result = invoke(*RING, *options, "--workspace", workspace)
    assert (result.exit_code, result.stdout) == (0, "".join(f"Wrote {file}.\n" for file in files))
    assert [stat.S_IMODE(Path(file).stat().st_mode) for file in files] == [0o600] * 3
    beginnings = [Path(file).read_bytes()[:8] for file in files]
    assert beginnings == [b"<!doctyp", b"<?xml ve", b"\x89PNG\r\n\x1a\n"]
    assert sorted(path.name for path in Path().iterdir()) == sorted(files)


def test_language_and_mask_are_as_asked_for(invoke: Invoke, workspace: Path) -> None:
    assert invoke(*RING, "--svg", "x.svg", "--workspace", workspace, "--lang", "zh").stdout == "已写入 x.svg。\n"
    masked = Path("x.svg").read_text("utf-8")
    assert "死亡冒领" in masked
    assert [secret for secret in tiny.SECRETS if secret in masked] == []
    invoke(*RING, "--svg", "x.svg", "--workspace", workspace, "--unmask")
    shown = Path("x.svg").read_text("utf-8")
    assert "claims after death" in shown
    assert {"王小明", "李四", tiny.PAYEE} <= {secret for secret in tiny.SECRETS if secret in shown}


def test_nothing_is_written_where_one_form_cannot_be_made(
    invoke: Invoke, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("x.svg").write_text("before")
    monkeypatch.setitem(__import__("sys").modules, "pyvis.network", None)
    result = invoke(*RING, "--svg", "x.svg", "--html", "x.html", "--workspace", workspace)
    assert result.exit_code == 2
    assert "needs pyvis, which is not installed; install it with `pip install 'ringfinder[viz]'`" in result.stderr
    assert (Path("x.svg").read_text(), Path("x.html").exists()) == ("before", False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("R;1",), "say what to make of the ring: --html, --svg or --png, each with a file"),
        (("R9", "--svg", "x.svg"), "there is no ring R9 in this run; `ringfinder rings` lists them"),
        (
            ("R;1", "--svg", "none/x.svg"),
            "x.svg cannot be written (No such file or directory); name a file in a folder",
        ),
        (("R;1", "--svg", "."), "cannot be written"),
    ],
)
def test_slips_are_one_sentence(invoke: Invoke, workspace: Path, arguments: tuple[str, ...], message: str) -> None:
    result = invoke("export", "ring", *arguments, "--workspace", workspace)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_file_that_was_there_is_replaced_in_one_step(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("before")
    file.chmod(0o644)
    with file.open() as reader:
        write_at_once(b"after", file)
        assert reader.read() == "before"  # who reads the old one reads it whole
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"after", 0o600)
    assert list(tmp_path.iterdir()) == [file]
