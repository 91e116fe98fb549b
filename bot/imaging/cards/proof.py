"""The monthly proof: the sums of a guild's books side by side, and the hash they can be checked with."""

from bot.imaging.cards.parts import TILE, tiles
from bot.imaging.cards.surface import GREEN, INNER, MARGIN, PALE, WIDTH, Surface
from bot.imaging.drawing.paints import across
from bot.imaging.text.fonts import SEMIBOLD
from bot.imaging.values import ProofCard

_HEADER, _LABEL, _FOOT = 122, 56, 72


def proof(values: ProofCard) -> bytes:
    """Return the card as PNG."""
    card = Surface(_HEADER + len(values.rows) * (_LABEL + TILE + 8) + _FOOT)
    card.header(values.title, values.subtitle, across(0x2F9E66, GREEN) if values.agrees else None, _HEADER)
    top = _HEADER
    for label, facts in values.rows:
        card.text(label, MARGIN, top + 42, 30, colour=PALE, weight=SEMIBOLD, width=INNER)
        tiles(card, facts, top + _LABEL)
        top += _LABEL + TILE + 8
    card.text(values.footer, WIDTH / 2, top + 44, 26, colour=PALE, width=INNER, least=20, anchor="middle")
    return card.finished()
