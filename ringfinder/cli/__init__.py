"""The command line: `ringfinder COMMAND`. Exit codes: 0 done, 1 our fault, 2 bad input or usage.

One module a group of commands; heavy libraries are imported inside the commands, so that `--help` comes at once.
"""

from ringfinder.cli.app import app, main

__all__ = ["app", "main"]
