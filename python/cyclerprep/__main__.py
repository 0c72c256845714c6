"""``python -m cyclerprep``: the command line."""

from ._command import main

main()
