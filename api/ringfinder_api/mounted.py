"""Claim sets that lie on the service's machine: folders and files below the root that `ringfinder serve --claims` names.

A caller names one by its path below the root. What leads elsewhere is not there: `..`, absolute paths, hidden names, links
anywhere on the way or among the files. Blind spot: whoever may write below the root can change it after it was looked at.
"""

from __future__ import annotations

import stat
from pathlib import Path

from ringfinder_api.problems import Problem


def mounted(root: Path | None, name: str) -> Path:
    """The claim set of that name; Problem where there is none that may be read."""
    parts = name.split("/")
    if root is None or any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        raise Problem("unknown_claims")
    try:
        path = root.resolve(strict=True)
        for part in parts:
            path = path / part
            kind = path.lstat().st_mode
            if stat.S_ISLNK(kind):
                raise Problem("unknown_claims")
        if stat.S_ISREG(kind) or (stat.S_ISDIR(kind) and not any(entry.is_symlink() for entry in path.iterdir())):
            return path
    except (OSError, ValueError) as error:
        raise Problem("unknown_claims") from error
    raise Problem("unknown_claims")
