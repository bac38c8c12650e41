"""A settings file: what it may say, and the sentence for what it may not."""

from pathlib import Path

import pytest

from ringfinder.errors import UsageError
from ringfinder.settings import Settings, read


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
        ("[detection]\nshuffles = 0\n", "detection.shuffles must be at least 1"),
        ("[detection\n", "settings.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(written(tmp_path, text))
    assert sentence in str(caught.value)
