"""Drawings of the medium gifts that belong to a fair: Carousel, Fireworks."""

import math

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE, PAPER, SMALL, Light
from bot.imaging.drawing.paints import across, ball, down, flat, glow, lit
from bot.imaging.drawing.shapes import (
    Shape,
    box,
    curve,
    ellipse,
    scattered,
    sparkle,
    spline,
)
from bot.imaging.gifts.backdrops import GOLD, backdrop, glints

_ROUND = Light(rim=0.9, shade=3.6, shine=1.2)


def carousel(canvas: Canvas, tier: Tier) -> None:
    """Draw a merry-go-round with one white horse."""
    backdrop(canvas, tier)
    canvas.shadow((box(19, 76, 81, 87), ((50, 8), (84, 36), (16, 36))))
    canvas.draw(box(24, 38, 76, 78), down(0x6A2B6E, 0x3D1A5C), PAPER, rim=0x2B0F40)
    canvas.draw(ellipse(50, 57, 24, 20), glow(0xFFD98A, alphas=(0.9, 0.0)), NONE)
    for x in (27, 73):
        _pole(canvas, x, 36, 78)
    _pole(canvas, 50, 36, 78)
    _horse(canvas)
    canvas.draw(box(22, 75, 78, 80, 1.5), lit(*GOLD), SMALL, rim=0x7A4A12)
    canvas.draw(box(17, 78.5, 83, 88, 3), lit(0xFFA3C0, 0xE8527A, 0xA32458), _ROUND, rim=0x6B1240)
    for n in range(7):
        canvas.draw(
            ellipse(24 + n * 8.7, 83.3, 1.7), ball(0xFFFFFF, 0xFFE08A, 0xD99A2B), Light(rim=0.4, shade=0, shine=0)
        )
    _canopy(canvas)
    glints(canvas, (17, 18, 3.4), (84, 20, 4))


def _pole(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    pole = box(x - 1.5, top, x + 1.5, bottom)
    canvas.draw(pole, across(0xFFF3B8, 0xF9C945, 0xB8741A), Light(rim=0.4, shade=0, shine=0), rim=0x7A4A12)
    for n in range(int((bottom - top) / 4)):
        y = top + n * 4
        canvas.line(((x - 1.7, y + 2.2), (x + 1.7, y)), 0xA8651A, 0.6, within=pole)


def _horse(canvas: Canvas) -> None:
    body = curve(
        "36 60, 43 55, 55 57, 61 53, 64 46, 67 42.5, 68 44.5, 73 50.5, 71.5 53.5, 67.5 53, 66 60, 62 66,"
        "50 67.5, 40 67, 35 64"
    )
    legs = (
        curve("39 64, 35 70, 30 71.5, 29 74, 33 74.5, 39 72, 44 66"),
        curve("44 64, 45 70, 41 73, 42.5 75.5, 46 74.5, 50 70, 50 65"),
        curve("57 64, 62 69, 60 73.5, 62.5 75, 65.5 70, 64 63"),
        curve("61 62, 69 64, 71 69.5, 73.5 69.5, 73 62.5, 65 58"),
    )
    tail = curve("37 60, 31 58, 26 62, 25 69, 29 67, 31 64, 36 64")
    white = lit(0xFFFFFF, 0xF5F0FF, 0xBFB3DE)
    canvas.draw(tail, lit(0xFFD98A, 0xF0A63A), SMALL, rim=0x8A4A12)
    for leg in legs:
        canvas.draw(leg, white, SMALL, rim=0x5B4A8A)
    canvas.draw(body, white, SMALL, rim=0x5B4A8A)
    mane = curve("67 41.5, 62 43, 59 48, 56 51, 55 57, 59 55.5, 62 53, 64 48, 67 44")
    canvas.draw(mane, lit(0xFFD98A, 0xF0A63A), SMALL, rim=0x8A4A12)
    saddle = curve("44 55.5!, 55 56.5!, 56 62, 50 64, 44 62")
    canvas.draw(saddle, lit(0xFF8FB0, 0xE8527A, 0xA32458), SMALL, rim=0x6B1240)
    canvas.draw(ellipse(67.6, 48.2, 0.9), 0x2B1A40, NONE)
    canvas.line(((66, 52.6), (69.6, 48.6)), 0xD98A1A, 0.7)


def _canopy(canvas: Canvas) -> None:
    roof = curve("50 9!, 56 18, 70 27, 85 33!, 85 38!, 15 38!, 15 33!, 30 27, 44 18")
    canvas.draw(roof, lit(0xFFFDF5, 0xFFE9D6, 0xE0B8B0), _ROUND, rim=0x6B1240)
    for n in (0, 2, 4, 6):
        left, right = 15 + n * 10, 25 + n * 10
        canvas.draw(((50, 7), (left, 38.5), (right, 38.5)), lit(0xFF8FB0, 0xE8527A, 0xB02A62), NONE, within=roof)
    for n in range(7):
        x = 15 + n * 10
        flap = spline((x, 36), (x, 36), (x + 10, 36), (x + 10, 36), (x + 8.6, 41.5), (x + 5, 43.5), (x + 1.4, 41.5))
        colours = (0xFFE9A8, 0xF5B83D, 0xB8741A) if n % 2 == 0 else (0xFFB3CB, 0xE8527A, 0xA32458)
        canvas.draw(flap, lit(*colours), SMALL)
    canvas.draw(box(13, 32.5, 87, 37, 2), lit(*GOLD), SMALL, rim=0x7A4A12)
    canvas.line(((50, 10), (50, 3)), 0x7A4A12, 1.3)
    canvas.draw(
        curve("50.5 2!, 57 2.5, 62 4.5!, 57 6, 50.5 7.5!"),
        lit(0xA6E3FF, 0x4EA3E0),
        SMALL,
    )
    canvas.draw(ellipse(50, 10.5, 2.6), ball(0xFFFFFF, 0xFFE08A, 0xC98A1E), SMALL, rim=0x7A4A12)


def fireworks(canvas: Canvas, tier: Tier) -> None:
    """Draw fireworks over a town at night."""
    night = down(0x1B1F5C, 0x3A2A7A, 0x8A3F86)
    window = backdrop(canvas, tier, night)
    for x, y, size in scattered(26, 14, 14, 86, 66):
        canvas.draw(ellipse(x, y, 0.3 + size * 0.4), flat(0xFFFFFF, 0.7), NONE, within=window)
    _burst(canvas, 39, 40, 25, 18, (0xFFF6C9, 0xFFD34D, 0xFF7A3D), window)
    _burst(canvas, 68, 30, 17, 14, (0xFFFFFF, 0xFF9CC2, 0xFF3D7F), window)
    _burst(canvas, 70, 59, 13, 12, (0xFFFFFF, 0x9CF0E4, 0x2BC4C9), window)
    for path in (((46, 88), (44, 76), (40.5, 62)), ((62, 88), (65, 80), (69, 70))):
        canvas.line(spline(*path, closed=False), down(0xFFF3B0, 0xFFB347, alphas=(0.9, 0.0)), 1.1, within=window)
    town = (
        (5, 96),
        (5, 80),
        (18, 80),
        (18, 74),
        (25, 74),
        (25, 79),
        (31, 79),
        (31, 71),
        (34, 67),
        (37, 71),
        (37, 80),
        (47, 80),
        (47, 76),
        (54, 76),
        (54, 81),
        (63, 81),
        (63, 73),
        (72, 73),
        (72, 78),
        (79, 78),
        (79, 74),
        (95, 74),
        (95, 96),
    )
    canvas.draw(town, down(0x2B1550, 0x160A30), NONE, within=window)
    for x, y in (
        (20, 78),
        (22.5, 78),
        (33, 75),
        (35, 75),
        (33, 79),
        (49, 79),
        (52, 79),
        (65, 76),
        (68, 76),
        (65, 80),
        (76, 81),
        (42, 84),
        (58, 84),
    ):
        canvas.draw(box(x - 0.7, y - 0.7, x + 0.7, y + 0.9), 0xFFD36B, NONE, within=window)


def _burst(
    canvas: Canvas, x: float, y: float, radius: float, rays: int, colours: tuple[int, int, int], window: Shape
) -> None:
    canvas.draw(ellipse(x, y, radius * 1.15), glow(colours[1], alphas=(0.6, 0.0)), NONE, within=window)
    for n in range(rays):
        angle = math.tau * n / rays
        for reach, start, width in ((1.0, 0.34, 1.5), (0.66, 0.2, 1.0)):
            turn = angle + (math.pi / rays if reach < 1 else 0)
            dx, dy = math.cos(turn) * radius, math.sin(turn) * radius
            sag = radius * 0.07 * reach
            tip = (x + dx * reach, y + dy * reach + sag)
            path = spline(
                (x + dx * start, y + dy * start),
                (x + dx * (start + reach) / 2, y + dy * (start + reach) / 2),
                tip,
                closed=False,
            )
            canvas.line(path, colours[2] if reach == 1 else colours[1], width)
            canvas.draw(ellipse(*tip, width * 0.85), flat(colours[0]), NONE)
    canvas.draw(sparkle(x, y, radius * 0.42), flat(colours[0]), NONE)
