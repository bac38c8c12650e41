"""A settings file: what it may say, and the sentence for what it may not."""

from dataclasses import fields
from pathlib import Path

import pytest

from ringfinder.errors import UsageError
from ringfinder.settings import Settings, check, read


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_given_settings_replace_the_defaults_and_leave_the_others(tmp_path: Path) -> None:
    settings = read(written(tmp_path, '[detection]\nseed = 7\nalert_q = 1\ncommunities = "louvain"\n'))
    assert (settings.detection.seed, settings.detection.alert_q, settings.detection.communities) == (7, 1.0, "louvain")
    assert settings.detection.shuffles == Settings().detection.shuffles
    assert settings.claims == Settings().claims


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[detektion]\nseed = 1\n", "unknown table [detektion]"),
        ("[detection]\nsede = 1\n", "unknown setting detection.sede"),
        ('[detection]\nseed = "1"\n', "detection.seed must be of type int"),
        ("[detection]\nseed = true\n", "detection.seed must be of type int"),
        ('[detection]\ncommunities = "metis"\n', "detection.communities must be one of leiden, louvain"),
        ("[detection]\nshuffles = 0\n", "detection.shuffles must be from 1 to 1000"),
        ("[claims]\nmax_reject_share = -0.5\n", "claims.max_reject_share must be from 0 to 1"),
        ("[claims]\nmax_reject_share = nan\n", "claims.max_reject_share must be from 0 to 1"),
        ("[claims]\nmax_reject_share = 2\n", "claims.max_reject_share must be from 0 to 1"),
        ("[claims]\nshared_by_people = 0\n", "claims.shared_by_people must be at least 1"),
        ("[detection]\nseed = -1\n", "detection.seed must be from 0 to 2147483647"),
        ("[detection]\nseed = 9223372036854775807\n", "detection.seed must be from 0 to 2147483647"),
        ("[detection]\nthreads = 100000\n", "detection.threads must be from 0 to 256"),
        ("[detection]\nalert_q = inf\n", "detection.alert_q must be from 0 to 1"),
        ("[detection]\nalert_harm = inf\n", "detection.alert_harm must be at least 0"),
        ("[detection]\nalert_coordination = nan\n", "detection.alert_coordination must be a finite number"),
        ("[detection]\nmemory_gb = nan\n", "detection.memory_gb must be from 0.1 to 100000"),
        ("[detection\n", "settings.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(written(tmp_path, text))
    assert sentence in str(caught.value)


def test_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"^settings file nowhere\.toml cannot be read \(No such file.*; check its path$"
    ):
        read(tmp_path / "nowhere.toml")


def test_defaults_are_allowed() -> None:
    for group in (Settings().claims, Settings().detection):
        for one in fields(group):
            check("", one.name, getattr(group, one.name), one.metadata)
