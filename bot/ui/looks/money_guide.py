"""The guide about real money, as it lies beside the program."""

from functools import cache
from pathlib import Path

from bot.ui.kit.cards import Document

_GUIDE = Path(__file__).parents[3] / "docs" / "money.md"


@cache
def money_guide() -> Document | None:
    """Return the guide; None if the program came without it."""
    try:
        return Document(_GUIDE.name, _GUIDE.read_text(encoding="utf-8"))
    except OSError:
        return None
