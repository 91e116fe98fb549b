"""The fill of shapes: one colour, or a gradient over the bounds of the shape."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PIL import Image

from bot.imaging.drawing.pixels import mapped

Stop = tuple[float, int, float]
"""A position (0 to 1), a colour (0xRRGGBB) and an opacity (0 to 1)."""
Box = tuple[float, float, float, float]

_RAMP = 256


@dataclass(frozen=True, slots=True)
class Paint:
    """A gradient along a line, or from a centre outwards. `start` and `end` are shares of the painted bounds."""

    kind: Literal["linear", "radial"]
    stops: tuple[Stop, ...]
    start: tuple[float, float] = (0.3, 0.0)
    end: tuple[float, float] = (0.7, 1.0)

    def image(self, bounds: Box, tile: tuple[int, int, int, int]) -> tuple[Image.Image, Image.Image | None]:
        """Return the colours of the pixels in `tile` as RGB, and their opacity, None if fully opaque.

        Both boxes are in pixels of the same canvas.
        """
        width, height = tile[2] - tile[0], tile[3] - tile[1]
        is_opaque = all(alpha >= 1 for _, _, alpha in self.stops)
        if len(self.stops) == 1:
            *colour, alpha = rgba(self.stops[0][1], self.stops[0][2])
            return Image.new("RGB", (width, height), tuple(colour)), None if is_opaque else Image.new(
                "L", (width, height), alpha
            )
        across, down = max(bounds[2] - bounds[0], 1), max(bounds[3] - bounds[1], 1)
        start = (bounds[0] + across * self.start[0] - tile[0], bounds[1] + down * self.start[1] - tile[1])
        end = (bounds[0] + across * self.end[0] - tile[0], bounds[1] + down * self.end[1] - tile[1])
        gradient = _linear if self.kind == "linear" else _radial
        steps = gradient((width, height), start, end)
        *colours, alphas = _channels(self.stops)
        return Image.merge("RGB", [mapped(steps, channel) for channel in colours]), None if is_opaque else mapped(
            steps, alphas
        )


def flat(colour: int, alpha: float = 1.0) -> Paint:
    """Return a paint of one colour."""
    return Paint("linear", ((0.0, colour, alpha),))


def lit(*colours: int) -> Paint:
    """Return a gradient from the lit side, above and a little to the left, to the side in shade."""
    return Paint("linear", _spread(colours), (0.28, 0.0), (0.72, 1.0))


def down(*colours: int, alphas: tuple[float, ...] = ()) -> Paint:
    """Return a gradient from top to bottom."""
    return Paint("linear", _spread(colours, alphas), (0.5, 0.0), (0.5, 1.0))


def across(*colours: int, alphas: tuple[float, ...] = ()) -> Paint:
    """Return a gradient from left to right."""
    return Paint("linear", _spread(colours, alphas), (0.0, 0.5), (1.0, 0.5))


def ball(*colours: int) -> Paint:
    """Return a gradient around the spot where light hits a ball."""
    return Paint("radial", _spread(colours), (0.36, 0.28), (1.08, 0.9))


def glow(*colours: int, alphas: tuple[float, ...] = (1.0, 0.0)) -> Paint:
    """Return a gradient from the middle to the edge."""
    return Paint("radial", _spread(colours if len(colours) > 1 else colours * 2, alphas), (0.5, 0.5), (1.0, 0.5))


def rgba(colour: int, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """Return a colour as the tuple that Pillow takes."""
    return colour >> 16, colour >> 8 & 0xFF, colour & 0xFF, round(alpha * 255)


def mixed(first: int, second: int, share: float) -> int:
    """Return a colour between two. `share` 0 is the first, 1 the second."""
    parts = (
        round((first >> shift & 0xFF) * (1 - share) + (second >> shift & 0xFF) * share) << shift for shift in (16, 8, 0)
    )
    return sum(parts)


def _spread(colours: tuple[int, ...], alphas: tuple[float, ...] = ()) -> tuple[Stop, ...]:
    last = max(len(colours) - 1, 1)
    opacities = alphas or (1.0,) * len(colours)
    return tuple((index / last, colour, opacities[index]) for index, colour in enumerate(colours))


@lru_cache(maxsize=512)
def _channels(stops: tuple[Stop, ...]) -> list[list[int]]:
    """Return a table of 256 values for each of red, green, blue and alpha."""
    tables: list[list[int]] = [[], [], [], []]
    for step in range(_RAMP):
        at = step / (_RAMP - 1)
        after = next((index for index, stop in enumerate(stops) if stop[0] >= at), len(stops) - 1)
        low, high = stops[max(after - 1, 0)], stops[after]
        span = high[0] - low[0]
        share = min(max((at - low[0]) / span, 0.0), 1.0) if span else 1.0
        colour = rgba(mixed(low[1], high[1], share), low[2] + (high[2] - low[2]) * share)
        for table, value in zip(tables, colour, strict=True):
            table.append(value)
    return tables


def _linear(size: tuple[int, int], start: tuple[float, float], end: tuple[float, float]) -> Image.Image:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) or 1.0
    # The template is flat before and after the ramp, so that no pixel samples beyond its ends.
    a, b = dx / length * _RAMP, dy / length * _RAMP
    c = _RAMP * 2 - (start[0] * a + start[1] * b)
    return _ramp().transform(size, Image.Transform.AFFINE, (a, b, c, 0, 0, 1))


@lru_cache(maxsize=1)
def _ramp() -> Image.Image:
    ramp = Image.new("L", (_RAMP * 5, 3), 0)
    for x in range(_RAMP):
        ramp.paste(x, (_RAMP * 2 + x, 0, _RAMP * 2 + x + 1, 3))
    ramp.paste(_RAMP - 1, (_RAMP * 3, 0, _RAMP * 5, 3))
    return ramp


@lru_cache(maxsize=1)
def _disc() -> Image.Image:
    """Return distances from the middle, 255 at the edge. Pillow's own gradient reaches 255 only in the corners."""
    half = _RAMP // 2
    values = (min(round(math.dist((x, y), (half, half)) / half * 255), 255) for y in range(_RAMP) for x in range(_RAMP))
    return Image.frombytes("L", (_RAMP, _RAMP), bytes(values))


def _radial(size: tuple[int, int], middle: tuple[float, float], edge: tuple[float, float]) -> Image.Image:
    reach = max(abs(edge[0] - middle[0]), 1.0), max(abs(edge[1] - middle[1]), 1.0)
    if edge[1] == middle[1]:
        reach = reach[0], reach[0]
    template = _disc()
    a, e = _RAMP / 2 / reach[0], _RAMP / 2 / reach[1]
    matrix = (a, 0, _RAMP / 2 - middle[0] * a, 0, e, _RAMP / 2 - middle[1] * e)
    return template.transform(size, Image.Transform.AFFINE, matrix, fillcolor=255)
