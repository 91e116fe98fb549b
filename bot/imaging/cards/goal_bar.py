"""The goal bar of a running live event."""

from bot.imaging.cards.surface import GOLD, GREEN, ROSE, VIOLET, WHITE, WIDTH, Surface
from bot.imaging.drawing.paints import across
from bot.imaging.text.fonts import BLACK
from bot.imaging.values import GoalBar

_HEIGHT, _EDGE = 76, 12
_LABEL = 120
"""Pixels that the percentage needs, with its distance from the end of the filled part."""


def goal_bar(values: GoalBar) -> bytes:
    """Return the bar as PNG. It turns green once the goal is reached."""
    card = Surface(_HEIGHT)
    left, top, width, height = _EDGE, _EDGE, WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
    share = values.percent / 100
    fill = across(0x2F9E66, GREEN) if share >= 1 else across(VIOLET, ROSE, GOLD)
    card.bar(left, top, width, height, share, fill)
    end = left + (max(width * share, height) if share else 0)
    is_inside = end - left > 2 * _LABEL
    card.text(
        values.text,
        end - 22 if is_inside else end + 22,
        top + 38,
        34,
        colour=WHITE,
        weight=BLACK,
        anchor="right" if is_inside else "left",
    )
    return card.finished()
