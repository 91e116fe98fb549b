"""The goal bar of a running live event: the bar alone, as the words above it say the figures."""

from PIL import Image

from bot.imaging.cards.surface import GOLD, GREEN, ROSE, VIOLET, WIDTH, rounded
from bot.imaging.drawing.paints import across
from bot.imaging.encoding import png
from bot.imaging.values import GoalBar

_HEIGHT, _EDGE = 40, 3
_TRACK = (0x86, 0x7C, 0x92)
_EDGE_ALPHA, _TRACK_ALPHA = 170, 70
"""How solid the track is: it takes its tone from the theme, light or dark, so that an empty bar never looks full."""


def goal_bar(values: GoalBar) -> bytes:
    """Return the bar as PNG. It turns green once the goal is reached, and any share above 0 is visible."""
    size, inner = (WIDTH, _HEIGHT), (WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE)
    bar = Image.new("RGBA", size, (*_TRACK, 0))
    bar.paste((*_TRACK, _EDGE_ALPHA), (0, 0), rounded(size, size[1] // 2))
    bar.paste((*_TRACK, _TRACK_ALPHA), (_EDGE, _EDGE), rounded(inner, inner[1] // 2))
    if values.percent:
        part = (max(WIDTH * min(values.percent, 100) // 100, _HEIGHT), _HEIGHT)
        fill = across(0x2F9E66, GREEN) if values.percent >= 100 else across(VIOLET, ROSE, GOLD)
        colours, _ = fill.image((0, 0, *part), (0, 0, *part))
        bar.paste(colours.convert("RGBA"), (0, 0), rounded(part, _HEIGHT // 2))
    return png(bar)
