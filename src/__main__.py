"""``retrotread``: answers ``--version`` at once, leaves everything else to the command line in ``cli``."""

from __future__ import annotations

import sys

from . import __version__


def main(arguments: list[str] | None = None) -> int:
    """Exit code of the program for ``arguments``; without them, for those it was started with."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:
        print(f"retrotread {__version__}")
        return 0
    from . import cli

    return cli.main(given)


if __name__ == "__main__":
    sys.exit(main())
