"""`python -m bot.imaging.checkup`: print whether Pillow here can shape text.

`doctor` runs it as a process, as it loads no Pillow itself. It ends with 0 if pictures can be drawn at all.
"""

from PIL import features

RAQM = "raqm"


def main() -> None:
    """Print `raqm` if it is there."""
    print(RAQM if features.check(RAQM) else "")


if __name__ == "__main__":
    main()
