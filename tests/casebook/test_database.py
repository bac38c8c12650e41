from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ringfinder.casebook import ENVIRONMENT, keys
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.schema import METADATA
from ringfinder.errors import StoreError, UsageError


def test_steps_lead_to_the_tables_of_the_code(casebook: Casebook) -> None:
    with casebook.session() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_several_may_open_an_empty_casebook_at_once(url: str, tmp_path: Path) -> None:
    def add(number: int) -> None:
        with open_casebook(tmp_path, url) as book:
            keys.create(book, str(number), ["system"], None, None)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    with open_casebook(tmp_path, url) as book:
        assert {key.name for key in keys.all_keys(book)} == {str(number) for number in range(6)}


def test_file_beside_the_runs_is_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with open_casebook(tmp_path / "workspace") as book:
        keys.create(book, "x", ["system"], None, None)
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in (tmp_path / "workspace").iterdir()}
    assert modes["casebook.db"] == "0o600"
    assert set(modes.values()) == {"0o600"}


def test_environment_names_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, f"sqlite:///{tmp_path / 'elsewhere.db'}")
    open_casebook(tmp_path / "workspace").close()
    assert (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize("wrong", ["no url", "mysql://somebody:secret@127.0.0.1/x"])
def test_wrong_url_is_told_without_its_password(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(UsageError) as told:
        open_casebook(tmp_path, wrong)
    assert "secret" not in str(told.value)


def test_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not answer") as told:
        open_casebook(tmp_path, "postgresql://somebody:secret@127.0.0.1:1/x")
    assert "secret" not in str(told.value)


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "casebook.db").write_text("not a database, but long enough to be looked at" * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="does not answer"):
        open_casebook(tmp_path, f"sqlite:///{tmp_path / 'casebook.db'}")
