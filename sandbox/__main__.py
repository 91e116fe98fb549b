"""`python -m sandbox`. The rest is imported only on systems where it can run, because it needs what Windows lacks."""

import os
import sys

UNSUPPORTED = 1


def main() -> int:
    """Run the sandbox, and return the exit code."""
    if not hasattr(os, "fork"):
        print(
            "The sandbox runs on Linux and macOS. On Windows, use WSL 2 or the container: docs/install.md",
            file=sys.stderr,
        )
        return UNSUPPORTED
    from sandbox import command  # noqa: PLC0415

    return command.main()


if __name__ == "__main__":
    sys.exit(main())
