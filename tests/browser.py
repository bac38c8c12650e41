"""The browser of the tests: any Chromium or Chrome of this machine, and a font with Chinese signs.

`python tests/browser.py` (which `make test` calls) brings what is missing where it may: as root on Debian, by apt-get. Else
it ends with a sentence that says what to install; tests that need a browser fail with the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
PACKAGES = {"browser": "chromium", "font": "fonts-wqy-microhei"}


def program() -> str | None:
    """The browser's path."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def has_chinese() -> bool:
    """Whether a font with Chinese signs is installed."""
    listed = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def missing() -> list[str]:
    """Debian's packages for what this machine lacks."""
    found = {"browser": program() is not None, "font": shutil.which("fc-list") is not None and has_chinese()}
    return [PACKAGES[part] for part, there in found.items() if not there]


def install() -> None:
    """Bring what is missing; RuntimeError that says what to install where it cannot."""
    packages = missing()
    apt = shutil.which("apt-get")
    if packages and apt and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run([apt, "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        wanted = ["--no-install-recommends", "fontconfig", *packages]
        subprocess.run([apt, "install", "-y", "-qq", *wanted], check=False, **quiet)  # type: ignore[call-overload]
        packages = missing()
    if packages:
        raise RuntimeError(
            f"the tests of pictures need a real browser and a Chinese font; install {' and '.join(packages)}, "
            f"on Debian with `apt-get install {' '.join(packages)}`"
        )


@contextmanager
def opened() -> Iterator[Browser]:
    """A running browser, without a window; RuntimeError where there is none to be had."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only tests with a browser pay for it

    install()
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program(), args=as_root)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    try:
        install()
    except RuntimeError as error:
        sys.exit(str(error))
