"""Drawings of the small gifts: Petal, Spark, Warm Heart, Clover, Cupcake, Paper Crane."""

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE, PAPER, SMALL, Light
from bot.imaging.drawing.paints import ball, down, flat, glow, lit
from bot.imaging.drawing.shapes import (
    Shape,
    around,
    bezier,
    box,
    curve,
    ellipse,
    heart,
    mirrored,
    sparkle,
    turned,
)
from bot.imaging.gifts.backdrops import backdrop, glints


def petal(canvas: Canvas, tier: Tier) -> None:
    """Draw a cherry blossom, and two of its petals in the wind."""
    backdrop(canvas, tier)
    first_petal = _blossom_leaf(49, 50, 31)
    petals = around(first_petal, 5, (49, 50))
    canvas.shadow(petals)
    for shape in petals:
        canvas.draw(shape, lit(0xFFF7FA, 0xFFC4D8, 0xF27BA6), Light(rim=0.9, shade=4, shine=1.2), rim=0xB83F72)
    for vein in around(((49, 46), (49, 30)), 5, (49, 50)):
        canvas.line(vein, 0xE0578C, 0.7, alpha=0.55)
    canvas.draw(ellipse(49, 50, 10), glow(0xD93C78, alphas=(0.75, 0.0)), NONE)
    for stamen in around(((49, 50), (49, 39.5)), 10, (49, 50)):
        canvas.line(stamen, 0xFFF3C2, 0.7)
        canvas.draw(ellipse(*stamen[1], 1.25), ball(0xFFF9D6, 0xFFD24A, 0xD98A1A), Light(rim=0.35, shade=0, shine=0))
    canvas.draw(ellipse(49, 50, 3), ball(0xFFF3C2, 0xFFC94D, 0xD9822B), SMALL)
    for shape in (turned(_blossom_leaf(80, 32, 13), 62, (80, 32)), turned(_blossom_leaf(20, 78, 11), -120, (20, 78))):
        canvas.shadow(shape, drop=1.4, blur=1)
        canvas.draw(shape, lit(0xFFF7FA, 0xFFC4D8, 0xF27BA6), SMALL, rim=0xB83F72)


def _blossom_leaf(x: float, y: float, length: float) -> Shape:
    top, wide = y - length, length * 0.42
    right = [
        *bezier((x, y - length * 0.06), (x + wide * 0.55, y - length * 0.2), (x + wide * 1.16, y - length * 0.52)),
        *bezier((x + wide * 1.16, y - length * 0.52), (x + wide * 1.2, top + length * 0.08), (x + wide * 0.42, top)),
        *bezier((x + wide * 0.42, top), (x + wide * 0.16, top + length * 0.02), (x, top + length * 0.13)),
    ]
    return (*right, (x, top + length * 0.13), *mirrored(tuple(right[::-1]), x))


def spark(canvas: Canvas, tier: Tier) -> None:
    """Draw one large glint and two small ones."""
    backdrop(canvas, tier)
    canvas.draw(ellipse(48, 52, 30), glow(0xFFC93C, alphas=(0.75, 0.0)), NONE)
    for x, y, size in ((47, 53, 37), (76, 27, 14), (25, 27, 8.5)):
        outer = sparkle(x, y, size, waist=0.52)
        canvas.shadow(outer, drop=1.8, blur=1.4)
        canvas.draw(outer, lit(0xFFF7C9, 0xFFD34D, 0xF09A1A), Light(rim=1.0, shade=4, shine=1.4), rim=0xA85F0C)
        inner = sparkle(x, y, size * 0.62, waist=0.4)
        canvas.draw(inner, glow(0xFFFFFF, 0xFFF3B0, alphas=(1.0, 0.35)), NONE)
    glints(canvas, (80, 66, 4), (22, 64, 3), (64, 84, 2.6))


def warm_heart(canvas: Canvas, tier: Tier) -> None:
    """Draw a heart that glows from within."""
    backdrop(canvas, tier)
    canvas.draw(ellipse(50, 52, 38), glow(0xFF5C8A, alphas=(0.6, 0.0)), NONE)
    shape = heart(49, 52, 54)
    canvas.shadow(shape)
    canvas.draw(shape, lit(0xFF9DB8, 0xFB4B80, 0xC9155A), Light(rim=1.1, shade=7, shine=2), rim=0x8A0F48)
    canvas.draw(heart(49, 53, 38), down(0xFFB48A, 0xFF7A7A, alphas=(0.75, 0.1)), NONE, blur=1.6)
    canvas.draw(heart(49, 54, 20), down(0xFFF0B8, 0xFFB070, alphas=(0.85, 0.25)), NONE, blur=1.8)
    shine = turned(ellipse(33, 39, 7.5, 4.2), -38, (33, 39))
    canvas.draw(shine, flat(0xFFFFFF, 0.75), NONE, blur=0.5)
    canvas.draw(ellipse(27.6, 47, 1.8, 2.2), flat(0xFFFFFF, 0.6), NONE, blur=0.3)
    for x, y, size, turn in ((80, 27, 15, 16), (86, 47, 8, 24)):
        small = turned(heart(x, y, size), turn, (x, y))
        canvas.shadow(small, drop=1.4, blur=1)
        canvas.draw(small, lit(0xFFB9CC, 0xFF6C98, 0xD32A6B), SMALL, rim=0x8A0F48)


def clover(canvas: Canvas, tier: Tier) -> None:
    """Draw a four-leaved clover with dew on it."""
    backdrop(canvas, tier)
    stem = curve("50 52, 53 66, 61 78, 70 84", closed=False)
    canvas.line(stem, 0x1F6B34, 5)
    canvas.line(stem, lit(0x8FDB6E, 0x3FA34D), 3.2)
    leaves = [turned(heart(50, 33.5, 29), angle, (50, 50)) for angle in (45, 135, 225, 315)]
    canvas.shadow(leaves)
    for shape in leaves:
        canvas.draw(shape, lit(0xC4F58C, 0x5CC25A, 0x1F8A48), Light(rim=1, shade=4.5, shine=1.5), rim=0x145C32)
    for angle in (45, 135, 225, 315):
        canvas.line(turned(((50, 47), (50, 28)), angle, (50, 50)), 0xE6FFC2, 0.9, alpha=0.75)
        pale = turned(heart(50, 34, 18), angle, (50, 50))
        canvas.draw(pale, flat(0xE6FFC2, 0.22), NONE, blur=0.8)
    for x, y, size in ((35, 31, 3.2), (63, 40, 2.2), (37, 66, 2.4)):
        canvas.draw(ellipse(x, y, size), ball(0xFFFFFF, 0xBDF5E4, 0x4FB59A), Light(rim=0.3, shade=1, shine=0.5))
    glints(canvas, (74, 24, 5), (82, 34, 2.5))


def cupcake(canvas: Canvas, tier: Tier) -> None:
    """Draw a cupcake with a swirl of cream, sprinkles and a cherry."""
    backdrop(canvas, tier)
    cup = ((27, 58), (73, 58), (66, 87), (34, 87))
    canvas.shadow(cup)
    canvas.draw(cup, lit(0xBFF0F2, 0x6CCBD4, 0x3290A8), Light(rim=1, shade=4, shine=0), rim=0x1C5A70)
    for n in range(5):
        left, right = 27 + 46 * (n + 0.5) / 5.5, 27 + 46 * (n + 1) / 5.5
        low_left, low_right = (34 + (x - 27) * 32 / 46 for x in (left, right))
        canvas.draw(((left, 59), (right, 59), (low_right, 87), (low_left, 87)), flat(0xFFFFFF, 0.35), NONE, within=cup)
    creams = (
        curve("22 55, 28 47, 50 45, 72 47, 78 55, 72 63, 61 61, 50 65, 39 61, 28 63"),
        curve("29 45, 36 37, 50 36, 64 37, 71 45, 65 52, 50 54, 35 52"),
        curve("36 35, 42 28, 50 25, 58 28, 64 35, 58 42, 50 44, 42 42"),
        curve("43 27, 46 20, 52 13, 54 20, 57 27, 53 32, 47 32"),
    )
    for shape in creams:
        canvas.draw(shape, lit(0xFFF6FA, 0xFFC2DA, 0xF285B4), Light(rim=0.9, shade=4, shine=1.4), rim=0xA83A72)
    cherry = ellipse(53, 15, 7)
    canvas.line(curve("53 11, 55 5, 60 2.5", closed=False), 0x4A7A2E, 1.6)
    canvas.draw(cherry, ball(0xFF9C9C, 0xE8283C, 0x8F0A2C), Light(rim=0.9, shade=2, shine=0), rim=0x6B0A24)
    canvas.draw(ellipse(50.6, 12.4, 1.8, 1.3), flat(0xFFFFFF, 0.85), NONE)
    bits = (
        (34, 54, 30, 0xFFD54A),
        (45, 58, -40, 0x59C3E8),
        (58, 55, 20, 0x8BD450),
        (68, 53, -30, 0xFFD54A),
        (41, 46, -20, 0xA678E0),
        (55, 47, 50, 0xFF8A4A),
        (62, 42, -10, 0x59C3E8),
        (46, 37, 25, 0x8BD450),
        (56, 34, -35, 0xFFD54A),
    )
    for x, y, turn, colour in bits:
        bit = turned(box(x - 2, y - 0.8, x + 2, y + 0.8, 0.8), turn, (x, y))
        canvas.draw(bit, colour, Light(rim=0.35, shade=0, shine=0))


def paper_crane(canvas: Canvas, tier: Tier) -> None:
    """Draw a folded paper crane."""
    backdrop(canvas, tier)
    far, far_low = ((49, 58), (72, 11), (72, 40)), ((49, 58), (72, 40), (66, 63))
    tail, tail_low = ((60, 60), (93, 45), (66, 69)), ((66, 69), (93, 45), (56, 75))
    neck, neck_low = ((38, 60), (16, 30), (41, 71)), ((41, 71), (16, 30), (30, 66))
    head = ((16, 30), (6, 42), (21, 37.5))
    body, body_low = ((30, 66), (49, 54), (68, 66), (50, 71)), ((30, 66), (50, 71), (68, 66), (50, 84))
    near, near_low = ((46, 60), (27, 9), (50, 33)), ((46, 60), (50, 33), (60, 66))
    canvas.shadow((far, tail, neck, body_low, near, near_low), drop=3, blur=2)
    facets = (
        (far, (0xE3EAFC, 0xAFC0EA)),
        (far_low, (0xC5D2F4, 0x8FA4DE)),
        (tail, (0xFFFFFF, 0xD5DFF8)),
        (tail_low, (0xC3D0F2, 0x8FA4DA)),
        (neck_low, (0xC3D0F2, 0x93A7DC)),
        (neck, (0xFFFFFF, 0xDCE5FA)),
        (head, (0xFF9DB0, 0xE8527A)),
        (body, (0xF5F8FF, 0xC3D0F2)),
        (body_low, (0xC9D6F5, 0x7F93D2)),
        (near, (0xFFFFFF, 0xE6EDFC)),
        (near_low, (0xDCE5FA, 0xA6B8E8)),
    )
    for shape, colours in facets:
        canvas.draw(shape, lit(*colours), PAPER, rim=0x4A5A9C)
    canvas.line(((46, 60), (31, 16)), 0xFFFFFF, 0.7, alpha=0.85)
    glints(canvas, (82, 22, 4), (24, 80, 3))
