"""Drawings of the large gifts: Rosette, Northern Lights, Tall Ship."""

import math
from itertools import pairwise

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE, SMALL, Light
from bot.imaging.drawing.paints import Paint, across, ball, down, flat, glow, lit
from bot.imaging.drawing.shapes import Shape, around, box, curve, ellipse, scallops, scattered, spline, turned
from bot.imaging.gifts.backdrops import GOLD, backdrop, glints

_ROUND = Light(rim=0.9, shade=3.6, shine=1.2)


def rosette(canvas: Canvas, tier: Tier) -> None:
    """Draw the ribbon of honour that the bot is named after."""
    backdrop(canvas, tier)
    middle = (50, 42)
    for turn in (22, -22):
        tail = turned(((41, 46), (59, 46), (60, 96), (50, 88), (40, 96)), turn, middle)
        stripe = turned(((46.5, 46), (53.5, 46), (54, 96), (46, 96)), turn, middle)
        canvas.shadow(tail, drop=1.8, blur=1.4)
        canvas.draw(tail, lit(0xFF8FB0, 0xE8527A, 0x9C1F55), _ROUND, rim=0x6B1240)
        canvas.draw(stripe, lit(0xFFF6E6, 0xFFDCA8), NONE, within=tail)
    pleats = scallops(*middle, 36, 3.2, 18)
    canvas.shadow(pleats)
    canvas.draw(pleats, lit(0xFFB0C8, 0xE8527A, 0xA82058), _ROUND, rim=0x6B1240)
    fold = ((50, 42), (44.5, 6), (50, 4))
    for shape in around(fold, 18, middle):
        canvas.draw(shape, flat(0x8A1748, 0.36), NONE, within=pleats)
    inner = scallops(*middle, 26.5, 2.4, 18, turn=-80)
    canvas.shadow(inner, drop=1.2, blur=1.2)
    canvas.draw(inner, lit(0xFFFFFF, 0xFFEFF4, 0xF0B9CC), Light(rim=0.7, shade=3, shine=1), rim=0xA8396B)
    for shape in around(((50, 42), (48.0, 15), (50, 14)), 18, middle):
        canvas.draw(turned(shape, 10, middle), flat(0xD9668F, 0.3), NONE, within=inner)
    canvas.draw(ellipse(*middle, 19.5), lit(*GOLD), _ROUND, rim=0x7A4A12)
    canvas.draw(
        ellipse(*middle, 15.8), lit(0xFF9DB8, 0xE8527A, 0x9C1F55), Light(rim=0.7, shade=3, shine=0), rim=0x7A2A12
    )
    _rose(canvas, *middle)
    glints(canvas, (26, 22, 4.5), (75, 20, 3), (80, 58, 3.4))


def _rose(canvas: Canvas, x: float, y: float) -> None:
    for size, turn, colours in (
        (12.6, 0, (0xFFF3F7, 0xFFC9DA)),
        (10.2, 36, (0xFFFFFF, 0xFFB8CF)),
        (7.4, 0, (0xFFF3F7, 0xFF9DBD)),
        (4.4, 36, (0xFFFFFF, 0xFF85AC)),
    ):
        for shape in around(ellipse(x, y - size * 0.52, size * 0.5, size * 0.46), 5, (x, y)):
            canvas.draw(turned(shape, turn, (x, y)), lit(*colours), Light(rim=0.5, shade=1.4, shine=0.4), rim=0xB83F72)
    canvas.draw(ellipse(x, y, 1.7), ball(0xFFF3B8, 0xF9C945, 0xB8741A), Light(rim=0.4, shade=0, shine=0))


def northern_lights(canvas: Canvas, tier: Tier) -> None:
    """Draw polar lights over a lake in the mountains."""
    window = backdrop(canvas, tier, down(0x0B1038, 0x152A63, 0x1F5B7E, 0x2A6E86))
    for x, y, size in scattered(46, 12, 12, 88, 58):
        canvas.draw(ellipse(x, y, 0.22 + size * 0.42), flat(0xFFFFFF, 0.85), NONE, within=window)
    curtains = (
        (((8, 44), (24, 34), (40, 42), (58, 30), (76, 36), (94, 24)), 27, (0x9CFFD0, 0x2BE0A0, 0x6A5CFF), 0.85),
        (((6, 58), (22, 50), (38, 57), (56, 47), (74, 53), (96, 42)), 22, (0xC8FFB0, 0x46E58C, 0x2BA8E0), 0.8),
        (((10, 31), (30, 24), (48, 29), (66, 18), (92, 16)), 18, (0xFFB8F0, 0xC45CFF, 0x5C4BFF), 0.65),
    )
    for path, height, colours, alpha in curtains:
        _curtain(canvas, spline(*path, closed=False), height, colours, alpha, window)
    far = ((8, 70), (20, 60), (28, 65), (42, 53), (53, 63), (63, 56), (76, 66), (92, 58), (92, 80), (8, 80))
    canvas.draw(far, down(0x4A7FB0, 0x1E4470), Light(rim=0.4, shade=0, shine=0), within=window, rim=0x16365C)
    for snow in (
        ((42, 53), (38.5, 57), (41.5, 56.6), (44, 58.8), (46.4, 57)),
        ((63, 56), (60, 59), (63, 58.6), (66.5, 60)),
    ):
        canvas.draw(snow, flat(0xE8FFF6, 0.85), NONE, within=window)
    canvas.draw(box(5, 71, 95, 95), down(0x2F8FA0, 0x144A72, 0x0B1F4A), NONE, within=window)
    for n, (x, y, wide) in enumerate(((50, 73, 30), (40, 76.5, 17), (62, 79, 20), (47, 82.5, 12), (56, 86, 9))):
        canvas.draw(
            ellipse(x, y, wide, 0.75), flat(0x9CFFD0 if n % 2 == 0 else 0xC9A8FF, 0.5), NONE, within=window, blur=0.5
        )
    for x, base, tall in ((15, 74, 17), (21, 76, 22), (28, 75, 14), (72, 75, 15), (78, 77, 24), (85, 74, 18)):
        _pine(canvas, x, base, tall, window)


def _curtain(
    canvas: Canvas, path: Shape, height: float, colours: tuple[int, int, int], alpha: float, window: Shape
) -> None:
    folded = [(x, y + 1.6 * math.sin(x * 0.55) + 0.9 * math.sin(x * 1.3)) for x, y in path]
    for (left, y), (right, _) in pairwise(folded):
        reach = height * (0.72 + 0.28 * math.sin(left * 0.9) * math.cos(left * 0.23))
        strip = ((left - 0.3, y - reach), (right + 0.3, y - reach), (right + 0.3, y + 1.5), (left - 0.3, y + 1.5))
        shine = alpha * (0.72 + 0.28 * math.sin(left * 1.7))
        canvas.draw(
            strip,
            Paint(
                "linear",
                ((0, colours[2], 0), (0.45, colours[1], 0.35 * shine), (0.88, colours[0], shine), (1, colours[0], 0)),
                (0.5, 0),
                (0.5, 1),
            ),
            NONE,
            within=window,
        )


def _pine(canvas: Canvas, x: float, base: float, tall: float, window: Shape) -> None:
    for share, wide in ((0.0, 0.34), (0.26, 0.27), (0.52, 0.19)):
        low, high = base - tall * share, base - tall * (share + 0.48)
        canvas.draw(
            ((x, high), (x + tall * wide, low), (x - tall * wide, low)),
            down(0x2A6E70, 0x0B2A3F),
            Light(rim=0.35, shade=0, shine=0),
            within=window,
            rim=0x071B2E,
        )


def tall_ship(canvas: Canvas, tier: Tier) -> None:
    """Draw a ship under full sail."""
    sky = down(0xFFE3B8, 0xFFB3A8, 0xB888D8, 0x6A5CB8)
    window = backdrop(canvas, tier, sky)
    canvas.draw(ellipse(66, 40, 13), glow(0xFFF6D6, 0xFFE3A0, alphas=(1.0, 0.0)), NONE, within=window)
    canvas.draw(ellipse(66, 40, 7.5), flat(0xFFF9E6, 0.95), NONE, within=window)
    canvas.draw(
        _waves(70, 2.2, 12), down(0x5CB8E0, 0x1F5FA8), Light(rim=0.6, shade=0, shine=1.2), within=window, rim=0x1B4A8A
    )
    for mast, top in ((33, 16), (51, 7), (67, 18)):
        canvas.line(((mast, top), (mast, 72)), 0x40200A, 2.2)
        canvas.line(((mast, top), (mast, 72)), across(0xC98A4A, 0x6B3A12), 1.3)
        pennant = spline(
            (mast, top),
            (mast, top),
            (mast + 5, top + 0.4),
            (mast + 9, top - 0.8),
            (mast + 9, top - 0.8),
            (mast + 5, top + 3),
            (mast, top + 3.4),
            (mast, top + 3.4),
        )
        canvas.draw(pennant, lit(0xFF8FB0, 0xE8527A), SMALL, rim=0x6B1240)
    sails = (
        (33, 22, 11, 10),
        (33, 33, 14, 12),
        (33, 46, 16, 13),
        (51, 13, 12, 10),
        (51, 24, 15, 13),
        (51, 38, 18, 13),
        (51, 52, 19, 11),
        (67, 24, 10, 10),
        (67, 35, 12.5, 12),
        (67, 48, 14, 12),
    )
    for mast, y, wide, tall in sails:
        _sail(canvas, mast, y, wide, tall)
    jib = curve("76 63!, 74 50, 69 35!, 79 48, 88 57!, 82 61.5")
    canvas.draw(jib, lit(0xFFFFFF, 0xFFF0DA, 0xD9B8A8), SMALL, rim=0x7A4A3A)
    canvas.line(((76, 66), (92, 56)), 0x40200A, 2.2)
    canvas.line(((76, 66), (92, 56)), 0xC98A4A, 1.2)
    hull = curve("17 59!, 24 61, 28 66, 50 67.5, 73 66, 83 62!, 79 72, 71 80!, 31 81!, 22 73")
    canvas.shadow(hull, drop=1.6, blur=1.4)
    canvas.draw(hull, lit(0xC9763A, 0x8F451B, 0x4F200C), _ROUND, rim=0x2F1206)
    canvas.line(curve("18 64, 28 69.6, 50 71, 73 69.4, 82 65.6", closed=False), lit(*GOLD), 1.6, within=hull)
    for x in (34, 42, 50, 58, 66):
        canvas.draw(
            ellipse(x, 74.4, 1.4), ball(0xFFF3B8, 0xE0A03A, 0x5C2A0A), Light(rim=0.4, shade=0, shine=0), rim=0x2F1206
        )
    front = _waves(78.4, 2.6, 11, shift=4)
    canvas.draw(front, down(0x4FA8DC, 0x1A4F9C), Light(rim=0.6, shade=0, shine=1.4), within=window, rim=0x163F80)
    for x, y, wide in ((36, 81.6, 6), (58, 82.4, 8), (48, 85.4, 5)):
        canvas.line(
            spline((x - wide, y), (x, y - 1.4), (x + wide, y), closed=False), 0xFFFFFF, 0.8, within=window, alpha=0.8
        )


def _waves(level: float, tall: float, length: float, shift: float = 0) -> Shape:
    crest = tuple((x, level + tall * math.sin((x + shift) / length * math.tau) * 0.5) for x in range(4, 97))
    return (*crest, (97, 97), (3, 97))


def _sail(canvas: Canvas, mast: float, y: float, wide: float, tall: float) -> None:
    left, right = mast - wide * 0.46, mast + wide * 0.46
    sail = spline(
        (left, y),
        (left, y),
        (right, y),
        (right, y),
        (right + wide * 0.16, y + tall * 0.5),
        (right + wide * 0.06, y + tall),
        (right + wide * 0.06, y + tall),
        (mast + wide * 0.06, y + tall * 0.86),
        (left - wide * 0.02, y + tall),
        (left - wide * 0.02, y + tall),
        (left + wide * 0.08, y + tall * 0.5),
    )
    canvas.draw(sail, lit(0xFFFFFF, 0xFFF3E0, 0xDDBBAE), Light(rim=0.6, shade=2.6, shine=0.8), rim=0x7A4A3A)
    canvas.line(((left - 0.8, y), (right + 0.8, y)), 0x5C3010, 1.0)
