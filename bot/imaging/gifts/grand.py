"""Drawings of the grand gifts: Comet, Sky Castle."""

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE, SMALL, Light
from bot.imaging.drawing.paints import Paint, down, flat, glow, lit
from bot.imaging.drawing.shapes import Shape, arc, bezier, box, curve, ellipse, scattered, spline, turned
from bot.imaging.gifts.backdrops import backdrop, cloud, glints

_ROUND = Light(rim=0.9, shade=3.2, shine=1.1)


def comet(canvas: Canvas, tier: Tier) -> None:
    """Draw a comet with a tail of fire and ice."""
    window = backdrop(
        canvas,
        tier,
        Paint("radial", ((0, 0x4A3BA8, 1), (0.6, 0x221A66, 1), (1, 0x0D0A33, 1)), (0.35, 0.7), (1.05, 1.4)),
    )
    for x, y, size in scattered(54, 12, 12, 88, 90):
        canvas.draw(ellipse(x, y, 0.25 + size * 0.45), flat(0xFFFFFF, 0.8), NONE, within=window)
    head = (34, 67)
    canvas.draw(ellipse(*head, 30), glow(0x5CC8FF, alphas=(0.8, 0.0)), NONE, within=window)
    tails = (
        ((-21, -9, 96, 8, 32), (0x2B6BFF, 0x57C2FF), 0.75),
        ((-15.5, -16, 98, 3, 34), (0x8A4BFF, 0xFF6BC2), 0.65),
        ((-14, -14, 92, 12, 26), (0xFF7A3D, 0xFFD34D), 0.9),
        ((-8.5, -8.5, 84, 18, 24), (0xFFD36B, 0xFFF9D6), 1.0),
    )
    for (low, high, reach_x, reach_y, bend), colours, alpha in tails:
        canvas.draw(_tail(head, low, high, (reach_x, reach_y), bend), _stream(*colours, alpha), NONE)
    for shift, length in ((-10, 0.82), (-3, 0.95), (5, 0.78), (11, 0.9)):
        start = (head[0] + shift * 0.7, head[1] + shift * 0.72)
        end = (head[0] + (92 - head[0]) * length + shift * 0.3, head[1] + (12 - head[1]) * length + shift * 0.3)
        canvas.line(
            spline(start, ((start[0] + end[0]) / 2 - 1, (start[1] + end[1]) / 2 + 3), end, closed=False),
            Paint("linear", ((0, 0xFFFFFF, 0), (1, 0xFFFFFF, 0.75)), (1, 0), (0, 1)),
            0.7,
        )
    rock = curve("20 66, 22 57, 30 52, 39 53.5, 46 59, 48.5 67, 45 76, 37 81.5, 28 80.5, 21.5 74.5")
    canvas.shadow(rock, drop=1.5, blur=1.4, within=window)
    canvas.draw(
        rock,
        Paint(
            "radial",
            ((0, 0xFFFFFF, 1), (0.3, 0xC9F0FF, 1), (0.7, 0x5CAEF0, 1), (1, 0x2B4FB8, 1)),
            (0.36, 0.34),
            (1.05, 1.0),
        ),
        _ROUND,
        rim=0x1B2B8A,
    )
    for x, y, size in ((29, 63, 4), (39.5, 70, 4.8), (29, 74, 2.6), (40, 60.5, 2.3)):
        canvas.draw(
            ellipse(x, y, size, size * 0.86), lit(0x3F7FD8, 0x8FD0FF), Light(rim=0.4, shade=0, shine=0), rim=0x2B5BC0
        )
    canvas.draw(turned(ellipse(27, 58.5, 4.4, 2.1), -38, (27, 58.5)), flat(0xFFFFFF, 0.8), NONE, blur=0.6)
    glints(canvas, (22, 30, 4.4), (72, 70, 3.6), (58, 84, 2.4), (88, 17, 5), (47, 24, 2.4))


def _tail(head: tuple[float, float], low: float, high: float, tip: tuple[float, float], bend: float) -> Shape:
    across = 0.7071
    first = (head[0] + low * across, head[1] + low * across)
    second = (head[0] - high * across, head[1] - high * across)
    middle = ((head[0] + tip[0]) / 2, (head[1] + tip[1]) / 2)
    upper = bezier(first, (middle[0] - bend * 0.42, middle[1] - bend * 0.2), tip, steps=24)
    lower = bezier(tip, (middle[0] + bend * 0.42, middle[1] + bend * 0.5), second, steps=24)
    back = bezier(second, (head[0] - 12, head[1] + 12), first, steps=12)
    return (*upper, *lower, *back)


def _stream(edge: int, core: int, alpha: float) -> Paint:
    return Paint(
        "linear", ((0, edge, 0), (0.22, edge, 0.5 * alpha), (0.62, core, alpha), (1, 0xFFFFFF, alpha)), (1, 0), (0, 1)
    )


def sky_castle(canvas: Canvas, tier: Tier) -> None:
    """Draw a castle on an island in the sky."""
    sky = down(0x6FC4F5, 0xA9E0FB, 0xFFE6F0)
    window = backdrop(canvas, tier, sky)
    canvas.draw(ellipse(50, 40, 34), glow(0xFFFFFF, alphas=(0.8, 0.0)), NONE, within=window)
    for radius, colour in (
        (37, 0xFF8FA8),
        (34.6, 0xFFC27A),
        (32.2, 0xFFF09A),
        (29.8, 0xA6EDA0),
        (27.4, 0x8FC9FF),
        (25, 0xC3A6FF),
    ):
        canvas.line(arc(50, 66, radius, radius, 180, 360), colour, 2.5, within=window, alpha=0.75)
    rock = curve("17 66!, 26 62, 50 60, 75 62, 84 66!, 76 75, 66 81, 60 91, 55 97, 51 99, 46 93, 40 84, 32 79, 22 74")
    canvas.shadow(rock)
    canvas.draw(rock, lit(0xC9A7E0, 0x8A66B8, 0x4A2F7F), _ROUND, rim=0x2F1B5C)
    for crack in (((33, 70), (38, 78), (43, 82)), ((66, 70), (61, 78), (58, 88)), ((50, 74), (49, 84), (52, 92))):
        canvas.line(spline(*crack, closed=False), 0x3F2470, 0.9, alpha=0.55)
    grass = curve(
        "15 66, 24 60, 50 57.5, 76 60, 86 66, 79 70, 72 67.5, 65 72, 57 68.5, 50 73, 42 68.5, 35 72, 28 68, 21 70.5"
    )
    canvas.draw(grass, down(0xB4EE82, 0x5CC25A, 0x2F9150), Light(rim=0.8, shade=0, shine=1), rim=0x1B5C3A)
    stone = lit(0xFFFFFF, 0xF3EAFB, 0xC3B0DC)
    for x, wide, top, base in ((28, 10, 42, 64), (72, 10, 42, 64), (37, 9, 36, 62), (63, 9, 36, 62), (50, 14, 29, 63)):
        _tower(canvas, x, wide, top, base, stone)
        if x == 63:
            wall = box(25, 51, 75, 65)
            canvas.draw(wall, stone, SMALL, rim=0x6B4F96)
            _battlements(canvas, 26, 74, 51, 8, stone)
    gate = (*arc(50, 59, 4.6, 6, 180, 360), (54.6, 66), (45.4, 66))
    canvas.draw(gate, down(0x8A4A1B, 0x4F240A), SMALL, rim=0x3A1A08)
    canvas.line(((50, 54), (50, 66)), 0x3A1A08, 0.6)
    for x in (33, 41, 59, 67):
        canvas.draw(
            (*arc(x, 57.5, 1.5, 2, 180, 360), (x + 1.5, 61), (x - 1.5, 61)), 0x5B4A9A, Light(rim=0.4, shade=0, shine=0)
        )
    for x, y, size in ((20, 72, 0.72), (80, 73, 0.8), (13, 45, 0.5), (87, 36, 0.55)):
        cloud(canvas, x, y, size, shade=0xD9C9EE, rim=0x8A78B8)
    glints(canvas, (33, 16, 3.6), (70, 18, 4.4), (18, 30, 2.6))


def _tower(canvas: Canvas, x: float, wide: float, top: float, base: float, stone: Paint) -> None:
    half = wide / 2
    canvas.draw(box(x - half, top, x + half, base), stone, SMALL, rim=0x6B4F96)
    _battlements(canvas, x - half - 1, x + half + 1, top, 4, stone)
    peak = top - wide * 1.55
    roof = spline(
        (x, peak),
        (x, peak),
        (x + half * 0.55, top - wide * 0.62),
        (x + half + 2, top - 1.6),
        (x + half + 2, top - 1.6),
        (x, top + 0.4),
        (x - half - 2, top - 1.6),
        (x - half - 2, top - 1.6),
        (x - half * 0.55, top - wide * 0.62),
    )
    colours = (0xFF9DB8, 0xE8527A, 0x9C1F55) if wide > 9.5 and wide < 12 else (0x9AC4FF, 0x4E7FE0, 0x2B3F9C)
    colours = (0xFFD98A, 0xF0963A, 0xA8480A) if wide > 12 else colours
    canvas.line(((x, peak + 1), (x, peak - 6)), 0x6B3A12, 0.9)
    flag = spline(
        (x, peak - 6.4),
        (x, peak - 6.4),
        (x + 4, peak - 5.6),
        (x + 7.4, peak - 6.6),
        (x + 7.4, peak - 6.6),
        (x + 4, peak - 3),
        (x, peak - 3),
        (x, peak - 3),
    )
    canvas.draw(flag, lit(0xFFE08A, 0xF5A83A), Light(rim=0.5, shade=0, shine=0.4), rim=0x8A4A12)
    canvas.draw(roof, lit(*colours), SMALL)
    canvas.draw(
        (
            *arc(x, top + 7.5, wide * 0.16, wide * 0.2, 180, 360),
            (x + wide * 0.16, top + 11),
            (x - wide * 0.16, top + 11),
        ),
        down(0xFFE9A0, 0xF5A83A),
        Light(rim=0.5, shade=0, shine=0),
        rim=0x6B4F96,
    )


def _battlements(canvas: Canvas, left: float, right: float, top: float, count: int, stone: Paint) -> None:
    step = (right - left) / (2 * count - 1)
    teeth = [box(left + 2 * n * step, top - 2.2, left + (2 * n + 1) * step, top + 1) for n in range(count)]
    canvas.draw(teeth, stone, Light(rim=0.6, shade=0, shine=0), rim=0x6B4F96)
    canvas.draw(box(left, top - 0.2, right, top + 1.8), stone, Light(rim=0.4, shade=0, shine=0), rim=0x6B4F96)
