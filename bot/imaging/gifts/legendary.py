"""Drawings of the legendary gifts: Phoenix, Milky Way."""

import math

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE, SMALL, Light
from bot.imaging.drawing.paints import Paint, ball, flat, glow, lit
from bot.imaging.drawing.shapes import (
    Point,
    Shape,
    bezier,
    curve,
    ellipse,
    leaf,
    mirrored,
    scaled,
    scattered,
    sparkle,
    spline,
    turned,
)
from bot.imaging.gifts.backdrops import GOLD, RADIUS, X, Y, backdrop, glints

_FEATHER = Light(rim=0.6, shade=1.8, shine=0.6)


def phoenix(canvas: Canvas, tier: Tier) -> None:
    """Draw a phoenix that rises with open wings."""
    backdrop(canvas, tier)
    canvas.draw(ellipse(50, 52, 40), glow(0xFFD36B, 0xFF6A3D, 0xFF3D6A, alphas=(0.9, 0.45, 0.0)), NONE)
    for length, width, angle, colours in _TAIL:
        for feather in _both(leaf(50, 62, length, width, angle, belly=0.72)):
            canvas.draw(feather, lit(*colours), _FEATHER, rim=0x7A1A0A)
    for length, width, angle, _ in _TAIL[1::2]:
        for side in (1, -1):
            x = 50 + side * math.sin(math.radians(angle)) * length * 0.8
            y = 62 - math.cos(math.radians(angle)) * length * 0.8
            canvas.draw(
                ellipse(x, y, width * 0.28),
                ball(0xFFF9D6, 0x4FD0E8, 0x1B5CA8),
                Light(rim=0.5, shade=0, shine=0),
                rim=0x7A3A0A,
            )
    wings = _wing()
    canvas.shadow([shape for shape, _ in wings], drop=2, blur=1.6)
    for shape, colours in wings:
        for side in _both(shape):
            canvas.draw(side, lit(*colours), _FEATHER, rim=0x7A1A0A)
    body = curve("50 30, 57 36, 59 46, 57 57, 50 70, 43 57, 41 46, 43 36")
    canvas.draw(body, lit(0xFFE9A0, 0xFF9A3D, 0xD9301F), Light(rim=0.8, shade=3.4, shine=1.1), rim=0x7A1A0A)
    for row, y in enumerate((46, 51, 56)):
        for n in range(3 - row % 2):
            x = 50 + (n - (2 - row % 2) / 2) * 4.6
            canvas.line(spline((x - 2, y), (x, y + 2), (x + 2, y), closed=False), 0xC93A12, 0.8, alpha=0.7)
    _head(canvas)
    glints(canvas, (50, 84, 3.2), (22, 66, 3), (78, 66, 3), (17, 24, 3.6), (83, 24, 3.6), colour=0xFFF3C4)


_TAIL = (
    (33, 8, 226, (0xFF8A4A, 0xE8402B, 0x8F0F3A)),
    (42, 8.6, 211, (0xFFB84D, 0xF55A2B, 0xA8152F)),
    (36, 7.6, 196, (0xFFD36B, 0xF0652B, 0x9C123A)),
    (36, 9, 180, (0xFFF0A0, 0xFF7A2B, 0xB81A2B)),
)
"""Length, width, angle and colours of the tail's feathers, the outer ones first."""


def _both(shape: Shape) -> tuple[Shape, Shape]:
    return shape, mirrored(shape)


def _wing() -> list[tuple[Shape, tuple[int, ...]]]:
    """Return the feathers of the right wing, the longest first: three rows from the tips to the shoulder."""
    feathers: list[tuple[Shape, tuple[int, ...]]] = []
    rows = (
        (10, (58, 49), (88, 19), (42, 22), 8.8, (128, 14), (0xFF7A4A, 0xE0263A, 0x8F0A3F)),
        (9, (58, 48), (86, 20), (27, 17), 7.6, (124, 18), (0xFFB35C, 0xFF6A2B, 0xC9202F)),
        (8, (58, 46), (84, 21), (16, 11), 6.2, (122, 30), (0xFFF0A8, 0xFFC04D, 0xF0802B)),
    )
    for count, start, end, (long, short), width, (low, high), colours in rows:
        for n in range(count):
            share = n / (count - 1)
            x, y = (
                start[0] + (end[0] - start[0]) * share,
                start[1] + (end[1] - start[1]) * share + 5 * math.sin(share * math.pi) * -1,
            )
            length = short + (long - short) * math.sin(math.radians(35 + 110 * share))
            feathers.append((leaf(x, y, length * 0.82, width, low + (high - low) * share, belly=0.62), colours))
    arm = curve("54 47, 58 38, 66 31, 76 25.5, 87 17, 93 10, 90.5 19, 82 28, 73 33, 66 38, 61 45, 57 50")
    feathers.append((arm, (0xFFF9D0, 0xFFD34D, 0xF0902B)))
    return [(scaled(shape, 0.86, (52, 52)), colours) for shape, colours in feathers]


def _head(canvas: Canvas) -> None:
    for angle, length, colours in (
        (-34, 17, (0xFF8A5C, 0xE0263A)),
        (34, 17, (0xFF8A5C, 0xE0263A)),
        (-17, 20, (0xFFC04D, 0xFF6A2B)),
        (17, 20, (0xFFC04D, 0xFF6A2B)),
        (0, 23, (0xFFF0A8, 0xFFB33D)),
    ):
        canvas.draw(leaf(50, 27, length, 5, angle, belly=0.72), lit(*colours), _FEATHER, rim=0x7A1A0A)
    head = curve("50 19, 56.5 22, 58 29, 55 35, 50 37, 45 35, 42 29, 43.5 22")
    canvas.draw(head, lit(0xFFF0B0, 0xFFB347, 0xF0702B), Light(rim=0.8, shade=2.2, shine=1), rim=0x7A1A0A)
    beak = curve("50 39.5!, 46.8 33.5, 47.6 31, 50 30, 52.4 31, 53.2 33.5")
    canvas.draw(beak, lit(*GOLD), SMALL, rim=0x7A4A12)
    mask = curve("45 25.4, 48.6 28.6, 50 31, 47.4 32.4, 43.4 30.6, 41.6 25.6!")
    for side in _both(mask):
        canvas.draw(side, lit(0xE0263A, 0xA8152F), NONE)
    for x in (46, 54):
        canvas.draw(ellipse(x, 29, 1.7, 1.9), 0xFFF3C4, NONE)
        canvas.draw(ellipse(x, 29, 1.2, 1.5), 0x3A0A1E, NONE)
        canvas.draw(ellipse(x - 0.4, 28.4, 0.55), 0xFFFFFF, NONE)


def milky_way(canvas: Canvas, tier: Tier) -> None:
    """Draw a spiral galaxy and a falling star."""
    space = Paint("radial", ((0, 0x4A1F8A, 1), (0.55, 0x241056, 1), (1, 0x0A0524, 1)), (0.5, 0.5), (1.05, 0.5))
    window = backdrop(canvas, tier, space)
    for x, y, reach, colour in (
        (28, 66, 22, 0xFF4D9C),
        (74, 34, 22, 0x3D8BFF),
        (66, 74, 18, 0x8A4BFF),
        (30, 32, 18, 0x2BC4E8),
    ):
        canvas.draw(ellipse(x, y, reach), glow(colour, alphas=(0.42, 0.0)), NONE, within=window)
    for x, y, size in scattered(90, 14, 14, 86, 88):
        canvas.draw(ellipse(x, y, 0.18 + size * size * 0.62), flat(0xFFFFFF, 0.85), NONE, within=window)
    _spiral(canvas, window)
    canvas.draw(
        _tilted(ellipse(50, 51, 15)), glow(0xFFFFFF, 0xFFE9A8, 0xFF9C6B, alphas=(1.0, 0.75, 0.0)), NONE, within=window
    )
    canvas.draw(_tilted(ellipse(50, 51, 8)), glow(0xFFFFFF, 0xFFF9DC, alphas=(1.0, 0.0)), NONE)
    tail = (
        *bezier((89, 8), (74, 16), (60.6, 27.6), steps=20),
        (62.6, 30),
        *bezier((62.6, 30), (76, 19.4), (89, 8), steps=20),
    )
    canvas.draw(tail, Paint("linear", ((0, 0xFFFFFF, 0), (0.5, 0xFFE08A, 0.7), (1, 0xFFFFFF, 1)), (1, 0), (0, 1)), NONE)
    canvas.draw(ellipse(61, 29.4, 8), glow(0xFFE9A8, alphas=(0.8, 0.0)), NONE)
    canvas.draw(
        turned(sparkle(61, 29.4, 6.6, waist=0.5), 12, (61, 29.4)),
        lit(0xFFFFFF, 0xFFE27A, 0xF5A83A),
        Light(rim=0.6, shade=1, shine=0.6),
        rim=0x9C5A0A,
    )
    glints(canvas, (29, 40, 3.4), (70, 70, 3.8), (40, 78, 2.6), (80, 50, 2.4), (22, 56, 2.2))


def _tilted(shape: Shape) -> Shape:
    """Tilt a shape into the plane of the galaxy."""
    return turned(tuple((x, Y + (y - Y) * 0.62) for x, y in shape), -24, (X, Y))


def _spiral(canvas: Canvas, window: Shape) -> None:
    layers = ((15, 0.5, 3.0, 0x5C4BFF), (9.5, 0.6, 2.0, 0xC95CF0), (5, 0.75, 1.2, 0xFFA8DC), (1.8, 0.9, 0.6, 0xFFF3E6))
    for width, alpha, blur, colour in layers:
        for start in (0, 180):
            canvas.draw(_arm(start, width), flat(colour, alpha), NONE, within=window, blur=blur)
    for n, (along, aside, size) in enumerate(scattered(130, 0.08, -1, 1, 1)):
        x, y, share = _on_arm(180 * (n % 2), along)
        drift = aside * (2 + 4.4 * share)
        place = _tilted(((x + drift, y + drift * math.cos(n)),))[0]
        colour = (0xFFFFFF, 0xFFE9C9, 0xC9DFFF, 0xFFC9EA)[n % 4]
        canvas.draw(ellipse(*place, 0.24 + 0.62 * size * size, steps=20), flat(colour, 0.95), NONE, within=window)


def _arm(start: float, width: float) -> Shape:
    """Return a spiral arm that thins out towards its end."""
    sides: tuple[list[Point], list[Point]] = ([], [])
    for step in range(61):
        x, y, share = _on_arm(start, step / 60)
        away, half = math.dist((x, y), (X, Y)), width / 2 * (1 - share) ** 0.6
        for side, sign in zip(sides, (1, -1), strict=True):
            reach = 1 + sign * half / away
            side.append((X + (x - X) * reach, Y + (y - Y) * reach))
    return _tilted((*sides[0], *reversed(sides[1])))


def _on_arm(start: float, share: float) -> tuple[float, float, float]:
    angle = math.radians(start + 20 + 330 * share)
    reach = 6 + (RADIUS - 7) * share
    return X + reach * math.cos(angle), Y + reach * math.sin(angle), share
