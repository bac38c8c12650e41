"""docs/channels.md, made from the code: what each channel needs, how it counts, what its null world is, every constant.

`python docs/channels_page.py` writes it anew; tests/docs holds the page to the code.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from ringfinder.lab.constants import constants, modules
from ringfinder.rings.registry import CHANNELS
from ringfinder.words import say

ROOT = Path(__file__).parents[1]
TEXT_KEY = re.compile(r'"((?:channels|reasons_kinds)\.\w+)"')
HEAD = """# Channels

Made from the code by `docs/channels_page.py`; do not edit. A *channel* is one way to find rings: it searches the claims,
proposes groups with two scores (coordination and harm, in nats), and knows how to shuffle away what it looks for, so that its
own false alarms can be counted. Which channels ran, or were off and why, is in `run.json` and in the report.
How they work together is told in [detection.md](detection.md).
"""


def page() -> str:
    """The whole page as Markdown."""
    channels = {name: named(channel) for name, channel in CHANNELS.items()}
    parts = [module for module in modules() if module not in channels.values()]
    lines = [HEAD, "| channel | what it finds | columns it cannot do without |", "| --- | --- | --- |"]
    for name, module in channels.items():
        needs = ", ".join(f"`{column}`" for column in getattr(module, "needs", ())) or "the six required ones"
        lines.append(f"| [{name}](#{name}) | {first_sentence(module)} | {needs} |")
    for name, module in channels.items():
        lines += ["", f"## {name}", "", f"`{path_of(module)}`. {described(module)}", ""]
        lines.append(f"**Off when.** {' '.join(off_texts(module))}")
        lines += ["", f"**Null world.** {joined(inspect.getdoc(module.shuffled))}", ""]
        lines += list(constants_table(module))
    lines += ["", "## What the channels stand on", "", "The parts that channels share, in the order of the folders."]
    for module in parts:
        lines += ["", f"### {path_of(module)}", "", described(module), "", *constants_table(module)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def named(channel: object) -> ModuleType:
    """A channel of the registry as the module that it is."""
    if not isinstance(channel, ModuleType):
        raise TypeError(f"{channel!r} is no module: a channel describes itself in its module's docstring")
    return channel


def path_of(module: ModuleType) -> str:
    """Where a module stands, from the repository's root."""
    return f"{module.__name__.replace('.', '/')}.py"


def described(module: ModuleType) -> str:
    """A module's docstring, with rows of tables that go over two lines on one."""
    return re.sub(r"^(\|.*[^|\s])\n\s*", r"\1 ", inspect.getdoc(module) or "", flags=re.MULTILINE)


def first_sentence(module: ModuleType) -> str:
    """The first sentence of a module's docstring, without its last stop."""
    return re.split(r"\.(?:\s|$)", joined(inspect.getdoc(module)), maxsplit=1)[0]


def joined(text: str | None) -> str:
    """A docstring on one line."""
    return " ".join((text or "").split())


def off_texts(module: ModuleType) -> list[str]:
    """Why a channel may be off: what its check says of itself, and the sentence that a user reads."""
    keys = TEXT_KEY.findall(inspect.getsource(module.off))
    return [joined(inspect.getdoc(module.off)), *(f"The run then says: “{say(key, 'en')}”." for key in keys)]


def constants_table(module: ModuleType) -> Iterator[str]:
    """The numbers of a module with the reasons beside them, as a table; nothing for a module without any."""
    found = list(constants(inspect.getsource(module)))
    if found:
        yield "| constant | value | reason |"
        yield "| --- | --- | --- |"
        for name, value, reason in found:
            yield f"| `{name}` | `{value}` | {reason.replace('|', chr(92) + '|')} |"


def main() -> None:
    """Write the page, beside this file or where told."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("channels.md")
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
