"""Drawings of the medium gifts: Music Box, Lantern, Balloon Ride."""

import math

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE, PAPER, SMALL, Light
from bot.imaging.drawing.paints import Paint, ball, down, flat, glow, lit
from bot.imaging.drawing.shapes import (
    Shape,
    box,
    curve,
    ellipse,
    rounded,
    star,
    turned,
)
from bot.imaging.gifts.backdrops import GOLD, backdrop, cloud, glints

_ROUND = Light(rim=0.9, shade=3.6, shine=1.2)


def music_box(canvas: Canvas, tier: Tier) -> None:
    """Draw an open music box with notes rising from its light."""
    backdrop(canvas, tier)
    lid = ((30, 52), (70, 52), (77, 27), (23, 27))
    canvas.shadow((lid, box(20, 52, 78, 84)))
    canvas.draw(rounded(lid, 2), lit(0xB6416E, 0x8A2450, 0x5C1238), _ROUND, rim=0x3F0A28)
    canvas.draw(
        rounded(((32.5, 50), (67.5, 50), (73, 30.5), (27, 30.5)), 1.5), down(0xFFE9B0, 0xF5B84D), PAPER, rim=0x7A3A12
    )
    canvas.draw(ellipse(50, 50, 34, 24), glow(0xFFF3B0, alphas=(0.95, 0.0)), NONE)
    canvas.draw(box(20, 49.5, 80, 57, 1.6), lit(*GOLD), SMALL, rim=0x7A4A12)
    canvas.draw(box(22, 55, 78, 82, 2.5), lit(0xF0729C, 0xC93A70, 0x7F1848), _ROUND, rim=0x4A0C30)
    canvas.draw(box(19, 80, 81, 87, 2), lit(*GOLD), SMALL, rim=0x7A4A12)
    for x in (26.5, 73.5):
        canvas.draw(box(x - 3, 56, x + 3, 80.5, 1), lit(*GOLD), Light(rim=0.4, shade=1.4, shine=0.5), rim=0x7A4A12)
    canvas.draw(star(50, 68, 9.5, 7, 8), lit(*GOLD), SMALL, rim=0x7A4A12)
    canvas.draw(ellipse(50, 68, 4.2), ball(0xFFFFFF, 0x8FE3F5, 0x2B87B8), SMALL)
    canvas.line(((80, 67), (87, 67), (87, 60)), 0x7A4A12, 3.6)
    canvas.line(((80, 67), (87, 67), (87, 60)), lit(*GOLD), 2.2)
    canvas.draw(ellipse(87, 59, 3), ball(0xFFFFFF, 0xFFB3C6, 0xC93A70), SMALL)
    _note(canvas, 37, 38, 1.0, -8, double=False)
    _note(canvas, 60, 27, 1.2, 8, double=True)
    glints(canvas, (24, 22, 4), (78, 20, 3), (46, 18, 2.6))


def _note(canvas: Canvas, x: float, y: float, size: float, turn: float, *, double: bool) -> None:
    def place(shape: Shape) -> Shape:
        return turned(tuple((x + px * size, y + py * size) for px, py in shape), turn, (x, y))

    heads = [turned(ellipse(-4, 8, 4.4, 3.3), -20, (-4, 8))]
    stems = [box(-1, -10, 1, 8)]
    if double:
        heads.append(turned(ellipse(8, 6, 4.4, 3.3), -20, (8, 6)))
        stems += [box(11, -12, 13, 6), ((-1, -10), (13, -12.5), (13, -7), (-1, -4.5))]
    else:
        stems.append(curve("-1 -10!, 4 -6, 8 -3, 7 3!, 5 -1, -1 -4!"))
    shapes = [place(shape) for shape in (*heads, *stems)]
    canvas.shadow(shapes, drop=1.2, blur=1)
    canvas.draw(shapes, lit(0xA88BFF, 0x6A4BD8, 0x3A2399), Light(rim=0.8, shade=1.6, shine=0.8), rim=0x23146B)


def lantern(canvas: Canvas, tier: Tier) -> None:
    """Draw a paper lantern with the light on."""
    backdrop(canvas, tier)
    canvas.draw(ellipse(50, 48, 42), glow(0xFFD36B, alphas=(0.85, 0.0)), NONE)
    canvas.line(curve("50 4, 50.5 9, 50 16", closed=False), 0x7A4A12, 1.6)
    canvas.draw(ellipse(50, 6.5, 3, 3), lit(*GOLD), SMALL, holes=(ellipse(50, 6.5, 1.5),), rim=0x7A4A12)
    body = curve("38 20, 62 20, 76 31, 79 46, 74 60, 62 70, 38 70, 26 60, 21 46, 24 31")
    canvas.shadow(body)
    canvas.draw(
        body,
        Paint(
            "radial",
            ((0, 0xFFE27A, 1), (0.42, 0xFF7A3D, 1), (0.75, 0xE8283C, 1), (1, 0xA80F34, 1)),
            (0.46, 0.46),
            (1.02, 1.0),
        ),
        _ROUND,
        rim=0x6B0A24,
    )
    for reach in (9, 19.5, 26):
        for side in (-1, 1):
            rib = tuple(
                (50 + side * reach * math.cos(math.radians(a)), 45 + 26 * math.sin(math.radians(a)))
                for a in range(-75, 80, 5)
            )
            canvas.line(rib, 0x8F0F2C, 0.9, within=body, alpha=0.55)
    canvas.line(((50, 19), (50, 71)), 0x8F0F2C, 0.9, alpha=0.45)
    canvas.draw(ellipse(37, 36, 4, 8), flat(0xFFFFFF, 0.4), NONE, blur=1.2)
    canvas.draw(star(50, 45, 11, 6.6, 6), glow(0xFFF9D0, 0xFFD86B, alphas=(1.0, 0.9)), PAPER, rim=0xC96A1A)
    for top, bottom in ((14, 21), (69, 76)):
        canvas.draw(box(37, top, 63, bottom, 2), lit(*GOLD), SMALL, rim=0x7A4A12)
    for x, length in ((44, 88), (47, 91), (50, 93), (53, 91), (56, 88)):
        canvas.line(((x * 0.6 + 20, 79), (x, length)), 0x8F0F2C, 2.2)
        canvas.line(((x * 0.6 + 20, 79), (x, length)), lit(0xFF7A7A, 0xE8283C), 1.1)
    canvas.draw(ellipse(50, 78.5, 3.4), ball(0xFFF3B8, 0xF9C945, 0xB8741A), SMALL, rim=0x7A4A12)
    glints(canvas, (17, 24, 3.4), (84, 66, 3))


def balloon_ride(canvas: Canvas, tier: Tier) -> None:
    """Draw a hot-air balloon among clouds."""
    backdrop(canvas, tier)
    cloud(canvas, 25, 66, 0.85, shade=0xB5D9F0, rim=0x5A93BD)
    envelope = curve("50 4, 66 8, 77 20, 78 34, 70 48, 58.5 61!, 41.5 61!, 30 48, 22 34, 23 20, 34 8")
    canvas.shadow(envelope, drop=3, blur=2.2)
    for x in (43, 57):
        canvas.line(((x, 60), (50 + (x - 50) * 0.75, 76)), 0x5C3A1A, 0.9)
    canvas.draw(
        envelope,
        Paint("radial", ((0, 0xFF9C7A, 1), (0.5, 0xF0505E, 1), (1, 0xA81E4E, 1)), (0.36, 0.26), (1.0, 0.95)),
        Light(rim=1, shade=0, shine=0),
        rim=0x6B1236,
    )
    for inner, outer, colours in ((0.0, 0.26, (0xFFF3C4, 0xF9C945)), (0.6, 0.86, (0xFFF3C4, 0xF9C945))):
        for side in (-1, 1):
            gore = (*_seam(side * inner), *reversed(_seam(side * outer)))
            canvas.draw(gore, lit(*colours), NONE, within=envelope)
    for share in (-0.86, -0.6, -0.26, 0.26, 0.6, 0.86):
        canvas.line(_seam(share), 0x8A2444, 0.6, within=envelope, alpha=0.5)
    canvas.draw(envelope, flat(0xFFFFFF, 0.0), Light(rim=0, shade=9, shine=1.6))
    canvas.draw(turned(ellipse(36, 23, 5, 11), 24, (36, 23)), flat(0xFFFFFF, 0.42), NONE, blur=1.4)
    canvas.draw(box(40, 59, 60, 63.5, 1.6), lit(*GOLD), SMALL, rim=0x7A4A12)
    basket = rounded(((42.5, 75), (57.5, 75), (56, 87), (44, 87)), 1.6)
    canvas.draw(basket, lit(0xE0A45C, 0xB06F2C, 0x6B3A12), SMALL, rim=0x40200A)
    for y in (79.5, 83.2):
        canvas.line(((43, y), (57, y)), 0x6B3A12, 0.7, alpha=0.7)
    canvas.draw(box(41, 73.5, 59, 77, 1.4), lit(0xF5C98A, 0xC98A40), SMALL, rim=0x40200A)
    cloud(canvas, 72, 77, 1.0, shade=0xB5D9F0, rim=0x5A93BD)
    glints(canvas, (86, 30, 3.4), (14, 40, 3))


def _seam(share: float) -> Shape:
    reach = 28.5 * share
    upper = ((50 + reach * math.sin(math.radians(a)) ** 0.8, 4 + a / 3) for a in range(0, 136, 5))
    return (*upper, (50 + 8.5 * share, 61.5))
