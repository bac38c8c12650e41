"""What a process that shut itself in can still do: each attempt is really made, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import tiny

from ringfinder.pipeline.sandbox import version
from ringfinder.workspace import StoredRun, Workspace

SHUT = """
import sys
from pathlib import Path
from ringfinder.pipeline.sandbox import shut_in
shut_in([Path({folder!r})], {space}, 20)
"""
LADYBUG = """
import ladybug
from ringfinder.store.memory import MAX_FILE
base = ladybug.Database({graph!r}, read_only=True, max_db_size=MAX_FILE, buffer_pool_size=2**28)
connection = ladybug.Connection(base)
print(connection.execute("MATCH (p:Patient) RETURN count(*)").get_all()[0][0])
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    folder = tmp_path_factory.mktemp("sandbox") / "workspace"
    tiny.publish_run(folder, graph=True)
    (folder / "casebook.db").write_text("secret", encoding="utf-8")
    return Workspace(folder).needed()


def done(stored: StoredRun, code: str, space: int = 2**39) -> subprocess.CompletedProcess[str]:
    shut = SHUT.format(folder=str(stored.folder), space=space)
    return subprocess.run(
        [sys.executable, "-P", "-c", shut + code], capture_output=True, text=True, cwd="/", check=False, timeout=120
    )


def test_kernel_of_this_machine_can_shut_a_process_in() -> None:
    assert version() >= 1


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("open('/etc/passwd')", "PermissionError"),
        ("open({beside!r})", "PermissionError"),
        ("import os; os.listdir('/tmp')", "PermissionError"),
        ("open({inside!r}, 'a')", "PermissionError"),
        ("import os; os.remove({inside!r})", "PermissionError"),
        ("import os; os.mkdir('/tmp/made-from-inside')", "PermissionError"),
        ("import subprocess; subprocess.run(['/bin/true'])", "PermissionError"),
        ("import os; os.execv(sys.executable, ['python', '-c', ''])", "PermissionError"),
        ("import threading as t; t.Thread(target=lambda: open('/etc/passwd')).start()", "PermissionError"),
        ("bytearray(2**40)", "MemoryError"),
    ],
)
def test_what_is_outside_stays_outside(stored: StoredRun, code: str, error: str) -> None:
    beside, inside = str(stored.folder.parents[1] / "casebook.db"), str(stored.folder / "run.json")
    found = done(stored, code.format(beside=beside, inside=inside))
    assert error in found.stderr.splitlines()[-1]


def test_network_is_out_of_reach_where_the_kernel_can_do_that(stored: StoredRun) -> None:
    found = done(stored, "import socket; socket.create_connection(('127.0.0.1', 9), 5)")
    held_back = version() >= 4  # since Linux 6.7
    assert ("PermissionError" if held_back else "ConnectionRefusedError") in found.stderr.splitlines()[-1]


def test_kernel_ends_it_first_where_memory_runs_out(stored: StoredRun) -> None:
    assert done(stored, "print(Path('/proc/self/oom_score_adj').read_text())").stdout.strip() == "1000"


def test_processor_time_ends(stored: StoredRun) -> None:
    shut = SHUT.format(folder=str(stored.folder), space=2**39).replace(", 20)", ", 0.1)")
    spun = subprocess.run([sys.executable, "-P", "-c", shut + "while True: pass"], check=False, timeout=60)
    assert spun.returncode < 0


@pytest.mark.parametrize(
    "statement",
    [
        "LOAD FROM '/etc/passwd' (file_format='csv', header=false) RETURN *",
        "COPY (MATCH (p:Patient) RETURN p.patient_id) TO '{folder}/stolen.csv'",
        "EXPORT DATABASE '{folder}/stolen'",
    ],
)
def test_engine_asked_directly_reaches_no_file_either(stored: StoredRun, statement: str) -> None:
    code = LADYBUG.format(graph=str(stored.graph)) + f"connection.execute({statement.format(folder=stored.folder)!r})"
    found = done(stored, code)
    assert found.stdout == "4\n", found.stderr
    assert found.returncode == 1
    assert not (stored.folder / "stolen.csv").exists()


def test_process_with_threads_is_not_shut_in_by_half(stored: StoredRun) -> None:
    code = "import threading, time; threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
    shut = SHUT.format(folder=str(stored.folder), space=2**39)
    found = subprocess.run(
        [sys.executable, "-P", "-c", code + shut], capture_output=True, text=True, check=False, timeout=60
    )
    assert "has threads already" in found.stderr


def asked(stored: StoredRun, statement: str, **more: object) -> dict[str, object]:
    question = {
        "graph": str(stored.graph),
        "tables": str(stored.tables),
        "statement": statement,
        "parameters": {},
        "limit": 10,
        "seconds": 20,
    }
    found = subprocess.run(
        [sys.executable, "-P", "-m", "ringfinder.pipeline.confined"],
        input=json.dumps(question | more),
        capture_output=True,
        text=True,
        cwd="/",
        env={},
        check=True,
        timeout=120,
    )
    answer: dict[str, object] = json.loads(found.stdout)
    return answer


def test_question_is_answered_masked_from_inside(stored: StoredRun) -> None:
    ids = asked(stored, "MATCH (p:Patient) RETURN p.patient_id AS id ORDER BY id", limit=2)
    assert ids == {"columns": ["id"], "rows": [["P1"], ["P2"]], "cut": True}
    names = asked(stored, "MATCH (p:Patient {patient_id: $id}) RETURN p.name", parameters={"id": "P1"})["rows"]
    assert isinstance(names, list)
    assert "*" in names[0][0]
    whole = asked(stored, "MATCH (a)-[r]->(b) RETURN a, r, b", limit=3)["rows"]  # some 60 columns each, of all labels
    assert isinstance(whole, list)
    assert len(whole) == 3
    wrong = asked(stored, "MATCH (p:Patient) RETURN p.nothing")
    assert list(wrong) == ["said"]
