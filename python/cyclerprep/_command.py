"""The command ``prep``, which is the library's own."""

from __future__ import annotations

import sys

from . import _native


def main() -> None:
    """Runs ``prep`` with the arguments of this process and ends it."""
    # `signal` would load the module `enum`; this is what it is made of.
    import _signal  # type: ignore[import-not-found]
    import os

    # Commands end at once on Ctrl-C, or listen to it themselves; Python's handler would wait for them.
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    code = _native.main(["prep", *sys.argv[1:]])
    # What was interrupted twice is still at work on other threads: nothing may run after it.
    os._exit(code)
