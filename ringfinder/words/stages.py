"""What a run is doing just now, in words: the names of its stages come from the rooms that do the work."""

from __future__ import annotations

from ringfinder.words import Language, catalogue, say


def stage_text(stage: str, lang: Language) -> str:
    """A stage in words: a catalogue key, a stage of the whole run, or the channel's own name."""
    for key in (stage, f"cli.stage_{stage}", f"channels.{stage}"):
        if key in catalogue():
            return say(key, lang)
    return say("cli.stage_find", lang)
