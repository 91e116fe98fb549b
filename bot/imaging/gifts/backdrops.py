"""The background of a gift: a disc in its tier's colour, richer from tier to tier."""

from collections.abc import Callable
from typing import Final

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE, SMALL, Light
from bot.imaging.drawing.paints import Paint, ball, down, flat, glow, lit
from bot.imaging.drawing.shapes import Shape, arc, around, bezier, curve, ellipse, mirrored, scallops, sparkle

X, Y, RADIUS = 50.0, 50.0, 42.0
"""The centre and radius of the disc. Drawings may reach beyond its edge."""

GOLD: Final = (0xFFF3B8, 0xF9C945, 0xB8741A)
_EDGE = Light(rim=0.8, shade=3.2, shine=1.1)


def backdrop(canvas: Canvas, tier: Tier, sky: Paint | None = None) -> Shape:
    """Draw the disc of a tier, filled with `sky` if given. Return the window that a scene may fill."""
    return BACKDROPS[tier](canvas, sky)


def _small(canvas: Canvas, sky: Paint | None) -> Shape:
    disc = ellipse(X, Y, RADIUS - 3)
    canvas.shadow(disc, drop=1.6, blur=1.4, alpha=0.25)
    canvas.draw(disc, sky or lit(0xFFF0F5, 0xFBCFDF, 0xF2A7C3), Light(rim=0.8, shade=4, shine=1.2), rim=0xD9789F)
    if sky is None:
        canvas.draw(ellipse(X, Y, RADIUS - 10), glow(0xFFFFFF, alphas=(0.75, 0.0)), NONE)
    return ellipse(X, Y, RADIUS - 3.4)


def _medium(canvas: Canvas, sky: Paint | None) -> Shape:
    ring = ellipse(X, Y, RADIUS - 1.5)
    canvas.shadow(ring, drop=1.8, blur=1.6, alpha=0.28)
    canvas.draw(ring, lit(0xE8F7FF, 0x9AD4F5, 0x4E9CD0), _EDGE, rim=0x2F75A8)
    disc = ellipse(X, Y, RADIUS - 5)
    canvas.draw(disc, sky or lit(0x9FDCF8, 0x5DADE2, 0x3C86C4), Light(rim=0.6, shade=3, shine=0), rim=0x2F75A8)
    if sky is None:
        _rays(canvas, disc, 12, 0xFFFFFF, 0.2)
        canvas.draw(disc, glow(0xFFFFFF, alphas=(0.6, 0.0)), NONE)
    return ellipse(X, Y, RADIUS - 5.3)


def _large(canvas: Canvas, sky: Paint | None) -> Shape:
    edge = scallops(X, Y, RADIUS + 0.5, 2.0, 20)
    canvas.shadow(edge, drop=2, blur=1.8, alpha=0.3)
    canvas.draw(edge, lit(0xEBD2FA, 0xB57FD3, 0x6C3A8C), _EDGE, rim=0x4A2068)
    canvas.draw(ellipse(X, Y, RADIUS - 3.6), lit(*GOLD), SMALL, rim=0x7A4A12)
    disc = ellipse(X, Y, RADIUS - 5.4)
    canvas.draw(disc, sky or lit(0xC79BE4, 0x9B59B6, 0x5E2F80), Light(rim=0.5, shade=4, shine=0), rim=0x4A2068)
    if sky is None:
        _rays(canvas, disc, 16, 0xFFE9FF, 0.18)
        canvas.draw(disc, glow(0xFFE3FF, alphas=(0.62, 0.0)), NONE)
    return ellipse(X, Y, RADIUS - 5.7)


def _grand(canvas: Canvas, sky: Paint | None) -> Shape:
    behind, before = scallops(X, Y, RADIUS + 3.6, 5, 14, turn=-90 + 180 / 14), scallops(X, Y, RADIUS + 3, 5, 14)
    canvas.shadow((behind, before), drop=1.4, blur=1, alpha=0.32)
    canvas.draw(behind, lit(0xFFC45C, 0xE07A0A, 0x8F3A08), _EDGE, rim=0x6B2F06)
    canvas.draw(before, lit(0xFFF0BE, 0xF7AE2B, 0xB8600A), _EDGE, rim=0x7A3A08)
    canvas.draw(ellipse(X, Y, RADIUS - 1.6), lit(*GOLD), _EDGE, rim=0x7A4A12)
    for bead in _beads(RADIUS - 3.6, 36):
        canvas.draw(ellipse(*bead, 0.95), ball(0xFFFFFF, 0xFFE08A, 0xC98A1E), Light(rim=0.3, shade=0, shine=0))
    disc = ellipse(X, Y, RADIUS - 5.8)
    canvas.draw(disc, sky or lit(0xFFC765, 0xE8780C, 0x8F3A08), Light(rim=0.6, shade=4, shine=0), rim=0x6B2F06)
    if sky is None:
        _rays(canvas, disc, 18, 0xFFF3C4, 0.26)
        canvas.draw(disc, glow(0xFFF1B0, alphas=(0.7, 0.0)), NONE)
    return ellipse(X, Y, RADIUS - 6.1)


def _legendary(canvas: Canvas, sky: Paint | None) -> Shape:
    side = bezier((X, Y - 47.6), (X + 2.6, Y - 46.5), (X + 3.2, Y - 42.5), (X + 7.6, Y - 39))
    blade = (*mirrored(tuple(side[::-1])), *side[1:], (X + 7.6, Y - 36), (X - 7.6, Y - 36))
    blades = around(blade, 16, (X, Y))
    canvas.shadow(blades, drop=1.2, blur=0.8, alpha=0.34)
    canvas.draw(blades[1::2], lit(0xFFB3C1, 0xFF4D6D, 0x9C1340), _EDGE, rim=0x5E0A2C)
    canvas.draw(blades[::2], lit(*GOLD), _EDGE, rim=0x7A4A12)
    canvas.draw(ellipse(X, Y, RADIUS - 0.6), lit(*GOLD), _EDGE, rim=0x7A4A12)
    canvas.draw(ellipse(X, Y, RADIUS - 3), lit(0xFF8FA3, 0xE01E54, 0x7A0C38), SMALL, rim=0x5E0A2C)
    for index, bead in enumerate(_beads(RADIUS - 4.3, 32)):
        colours = (0xFFFFFF, 0xFFE08A, 0xC98A1E) if index % 2 else (0xFFFFFF, 0xFFB3C6, 0xD2436E)
        canvas.draw(ellipse(*bead, 1.05), ball(*colours), Light(rim=0.3, shade=0, shine=0))
    canvas.draw(ellipse(X, Y, RADIUS - 5.8), lit(*GOLD), SMALL, rim=0x7A4A12)
    disc = ellipse(X, Y, RADIUS - 7)
    canvas.draw(disc, sky or lit(0x9A2A6E, 0x5A1450, 0x270726), Light(rim=0.6, shade=5, shine=0), rim=0x3A0A2E)
    if sky is None:
        _rays(canvas, disc, 20, 0xFFD88A, 0.22)
        canvas.draw(disc, glow(0xFFB46B, 0xFF5C8A, 0xFF5C8A, alphas=(0.85, 0.35, 0.0)), NONE)
    return ellipse(X, Y, RADIUS - 7.2)


BACKDROPS: dict[Tier, Callable[[Canvas, Paint | None], Shape]] = {
    Tier.SMALL: _small,
    Tier.MEDIUM: _medium,
    Tier.LARGE: _large,
    Tier.GRAND: _grand,
    Tier.LEGENDARY: _legendary,
}


def glints(canvas: Canvas, *places: tuple[float, float, float], colour: int = 0xFFFFFF) -> None:
    """Draw sparkles at (x, y, size)."""
    for x, y, size in places:
        canvas.draw(ellipse(x, y, size * 0.9), glow(colour, alphas=(0.55, 0.0)), NONE)
        canvas.draw(sparkle(x, y, size), flat(colour), NONE)


def cloud(canvas: Canvas, x: float, y: float, size: float, *, shade: int, rim: int) -> None:
    """Draw a cloud around (x, y); `shade` is the colour of its lower side."""
    outline = curve("-19 5, -18 -1, -12 -3, -8 -10, 1 -11, 6 -6, 13 -6, 18 0, 18 5, 12 7, -13 7")
    shape = tuple((x + px * size, y + py * size) for px, py in outline)
    canvas.shadow(shape, drop=1.4, blur=1.2)
    canvas.draw(shape, down(0xFFFFFF, 0xF6FAFF, shade), SMALL, rim=rim)


def _rays(canvas: Canvas, disc: Shape, count: int, colour: int, alpha: float) -> None:
    step = 360 / count
    rays = [((X, Y), *arc(X, Y, RADIUS, RADIUS, at, at + step / 2)) for at in (step * n for n in range(count))]
    canvas.draw(rays, glow(colour, alphas=(alpha * 1.6, alpha * 0.5)), NONE, within=disc)


def _beads(radius: float, count: int) -> list[tuple[float, float]]:
    return [shape[0] for shape in around(((X, Y - radius),), count, (X, Y))]
