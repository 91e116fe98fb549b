"""The base of every card: one background, one set of colours, and text, panels and bars placed by the pixel.

Cards are 800 pixels wide, and a phone shows them at about half that width, so text should not be smaller than 26
pixels. A card of many parts is drawn on a wider surface, with text of 28 pixels and more: Discord shrinks what is high
until it fits, on a desktop too. The background is dark and has round corners, which looks right in dark and light
clients.
"""

from functools import lru_cache
from typing import Final, Literal

from PIL import Image, ImageChops

from bot.imaging.avatars import disc, face
from bot.imaging.drawing.paints import Paint, across, mixed
from bot.imaging.encoding import png
from bot.imaging.text.fonts import BOLD, REGULAR
from bot.imaging.text.line import Style, TextLine, line
from bot.imaging.values import Person

WIDTH: Final = 800
LANDSCAPE: Final = 1_000
"""The width of cards of many parts."""
MARGIN: Final = 36
RADIUS: Final = 32

GROUND: Final = 0x211A2B
PANEL: Final = 0x2E2439
RAISED: Final = 0x43334F
EDGE: Final = 0x4B3B5A
WHITE: Final = 0xFFFFFF
PALE: Final = 0xD5C7DE
"""For secondary text. Its contrast to the background is 10 to 1."""
ROSE: Final = 0xE8527A
VIOLET: Final = 0x7A4BB8
GOLD: Final = 0xF5B83D
GREEN: Final = 0x57C785
METALS: Final = (0xF9C945, 0xC9D3DF, 0xD9935B)
"""Gold, silver and bronze."""

INNER: Final = WIDTH - 2 * MARGIN
"""The width between the margins."""

Anchor = Literal["left", "middle", "right"]


class Surface:
    """A card that is being drawn. Positions are pixels from the upper left corner. Text stands on its baseline."""

    def __init__(self, height: int, width: int = WIDTH) -> None:
        self.height = height
        self.width = width
        self.image = Image.new("RGB", (width, height), _css(GROUND))

    def text(
        self,
        text: str | TextLine,
        x: float,
        baseline: float,
        size: int = 34,
        *,
        colour: int = WHITE,
        weight: int = REGULAR,
        width: float | None = None,
        least: int | None = None,
        anchor: Anchor = "left",
    ) -> float:
        """Draw a line and return its width. If it exceeds `width`, shrink it down to size `least`, then cut it."""
        text_line = text if isinstance(text, TextLine) else fitted(text, Style(size, colour, weight), width, least)
        shift = {"left": 0.0, "middle": text_line.width / 2, "right": text_line.width}[anchor]
        text_line.draw(self.image, x - shift, baseline)
        return text_line.width

    def panel(self, left: int, top: int, width: int, height: int, fill: int | Paint = PANEL, radius: int = 20) -> None:
        """Draw a rectangle with round corners."""
        size = (max(width, 1), max(height, 1))
        mask = rounded(size, min(radius, size[0] // 2, size[1] // 2))
        if isinstance(fill, int):
            self.image.paste(_css(fill), (left, top, left + size[0], top + size[1]), mask)
        else:
            colours, opacity = fill.image((0, 0, *size), (0, 0, *size))
            self.image.paste(colours, (left, top), ImageChops.multiply(mask, opacity) if opacity else mask)

    def bar(self, left: int, top: int, width: int, height: int, share: float, fill: int | Paint) -> None:
        """Draw a progress bar. Any share above 0 is visible."""
        self.panel(left, top, width, height, RAISED, height // 2)
        if share > 0:
            self.panel(left, top, max(round(width * min(share, 1.0)), height), height, fill, height // 2)

    def face(self, person: Person, left: int, top: int, size: int, ring: int | None = None) -> None:
        """Draw a person's avatar, with a ring around it if `ring` is a colour."""
        if ring is not None:
            width = max(size // 22, 4)
            around = size + 2 * width
            self.image.paste(
                _css(ring), (left - width, top - width, left - width + around, top - width + around), disc(around)
            )
        picture = face(person, size)
        self.image.paste(picture, (left, top), picture)

    def picture(self, picture: Image.Image, left: int, top: int) -> None:
        """Draw a picture with a transparent background."""
        self.image.paste(picture, (left, top), picture)

    def header(
        self, title: str, subtitle: str, fill: Paint | None = None, height: int = 122, room: int | None = None
    ) -> None:
        """Draw the coloured band with the card's title, which takes `room` pixels at most."""
        self.panel(0, 0, self.width, height, fill or across(ROSE, VIOLET), 0)
        baseline = 58 if subtitle else height // 2 + 16
        room = self.width - 2 * MARGIN if room is None else room
        self.text(title, MARGIN, baseline, 44, weight=BOLD, width=room, least=34)
        self.text(subtitle, MARGIN, 102, 30, colour=0xFFE8F0, width=room)

    def finished(self) -> bytes:
        """Return the card as PNG."""
        size = self.image.size
        framed = Image.new("RGB", size, _css(EDGE))
        inner = rounded((size[0] - 4, size[1] - 4), RADIUS - 2)
        framed.paste(self.image.crop((2, 2, size[0] - 2, size[1] - 2)), (2, 2), inner)
        framed.putalpha(rounded(size, RADIUS))
        return png(framed)


def fitted(text: str, style: Style, width: float | None, least: int | None = None) -> TextLine:
    """Return the line in the largest size that fits, from the style's size down to `least`. Cut it if none fits."""
    for size in range(style.size, style.size if least is None else least - 1, -2):
        whole = line(text, Style(size, style.colour, style.weight))
        if width is None or whole.width <= width:
            return whole
    return line(text, Style(least or style.size, style.colour, style.weight), width)


def tinted(colour: int, share: float = 0.5) -> int:
    """Return a colour mixed with the background. `share` 1 is the pure colour."""
    return mixed(GROUND, colour, share)


@lru_cache(maxsize=256)
def rounded(size: tuple[int, int], radius: int) -> Image.Image:
    """Return the mask of a rectangle with round corners."""
    mask = Image.new("L", size, 255)
    if radius < 1:
        return mask
    corners = disc(2 * radius)
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        corner = corners.crop((x * radius, y * radius, (x + 1) * radius, (y + 1) * radius))
        mask.paste(corner, (x * (size[0] - radius), y * (size[1] - radius)))
    return mask


def _css(colour: int) -> tuple[int, int, int]:
    return colour >> 16, colour >> 8 & 0xFF, colour & 0xFF
