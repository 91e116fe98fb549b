"""Outlines of shapes, as points on a square of 100 by 100 units with y pointing down. Nothing here draws."""

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Shape = tuple[Point, ...]
"""A closed outline, or an open line for a stroke."""

_STEPS = 14


def ellipse(x: float, y: float, rx: float, ry: float | None = None, *, steps: int = 96) -> Shape:
    """Return an ellipse around (x, y); a circle without `ry`."""
    ry = rx if ry is None else ry
    angles = (math.tau * step / steps for step in range(steps))
    return tuple((x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles)


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float, *, steps: int = 48) -> Shape:
    """Return an open arc from `start` to `end`, in degrees clockwise from three o'clock."""
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return tuple((x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles)


def band(x: float, y: float, outer: float, inner: float, start: float, end: float) -> Shape:
    """Return the part of a ring between two angles in degrees."""
    return arc(x, y, outer, outer, start, end) + arc(x, y, inner, inner, end, start)


def star(x: float, y: float, outer: float, inner: float, points: int, *, turn: float = -90) -> Shape:
    """Return a star; `turn` is the angle of its first point in degrees."""
    corners = ((outer if step % 2 == 0 else inner, turn + 180 * step / points) for step in range(2 * points))
    return tuple(
        (x + radius * math.cos(math.radians(angle)), y + radius * math.sin(math.radians(angle)))
        for radius, angle in corners
    )


def sparkle(x: float, y: float, size: float, *, waist: float = 0.13) -> Shape:
    """Return a four-pointed glint whose sides bow inwards."""
    tips = [(x, y - size), (x + size * 0.72, y), (x, y + size), (x - size * 0.72, y)]
    near = size * waist
    outline: list[Point] = []
    for (ax, ay), (bx, by) in zip(tips, tips[1:] + tips[:1], strict=True):
        sx, sy = (1 if ax + bx > 2 * x else -1), (1 if ay + by > 2 * y else -1)
        outline += bezier((ax, ay), (x + sx * near * 0.4, y + sy * near * 0.4), (bx, by))
    return tuple(outline)


def scallops(x: float, y: float, radius: float, depth: float, count: int, *, turn: float = -90) -> Shape:
    """Return a disc whose edge is `count` soft lobes."""
    outline: list[Point] = []
    for step in range(count * _STEPS):
        angle = math.tau * step / (count * _STEPS)
        wave = abs(math.cos(count * angle / 2))
        reach = radius - depth * (1 - wave)
        direction = angle + math.radians(turn)
        outline.append((x + reach * math.cos(direction), y + reach * math.sin(direction)))
    return tuple(outline)


def bezier(start: Point, *controls_and_end: Point, steps: int = _STEPS) -> list[Point]:
    """Return the points of a quadratic (one control) or cubic (two controls) curve, without its end."""
    points = [start, *controls_and_end]
    order = len(points) - 1
    weights = [math.comb(order, index) for index in range(order + 1)]
    curve_points: list[Point] = []
    for step in range(steps):
        t = step / steps
        parts = [weight * (1 - t) ** (order - index) * t**index for index, weight in enumerate(weights)]
        curve_points.append(
            (
                sum(part * point[0] for part, point in zip(parts, points, strict=True)),
                sum(part * point[1] for part, point in zip(parts, points, strict=True)),
            )
        )
    return curve_points


def spline(*points: Point, closed: bool = True) -> Shape:
    """Return a smooth curve through `points`. A point given twice in a row is a corner."""
    count = len(points)
    outline: list[Point] = []
    for index in range(count if closed else count - 1):
        before, start, end, after = (
            points[(index + shift) % count] if closed else points[min(max(index + shift, 0), count - 1)]
            for shift in (-1, 0, 1, 2)
        )
        if start == end:
            continue
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        outline += bezier(start, first, second, end)
    return tuple(outline if closed else [*outline, points[-1]])


def curve(path: str, *, closed: bool = True) -> Shape:
    """Return a smooth curve through the points of `path`, written "x y, x y"; "x y!" is a corner."""
    points: list[Point] = []
    for part in path.split(","):
        x, y = part.rstrip("!").split()
        points += [(float(x), float(y))] * (2 if part.endswith("!") else 1)
    return spline(*points, closed=closed)


def rounded(corners: Sequence[Point], radius: float) -> Shape:
    """Return a polygon with round corners. `radius` is how far before a corner the bend begins."""
    outline: list[Point] = []
    count = len(corners)
    for index, corner in enumerate(corners):
        start = _towards(corner, corners[index - 1], radius)
        end = _towards(corner, corners[(index + 1) % count], radius)
        outline += [*bezier(start, corner, end), end]
    return tuple(outline)


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Shape:
    """Return a rectangle with round corners."""
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return rounded(corners, radius) if radius else corners


def heart(x: float, y: float, size: float) -> Shape:
    """Return a heart `size` wide, its middle at (x, y)."""
    half = size / 2
    right = [
        *bezier((0, -0.46), (0.14, -0.98), (1, -1.06), (1, -0.28), steps=40),
        *bezier((1, -0.28), (1, 0.28), (0.34, 0.56), (0, 0.98), steps=40),
    ]
    left = [(-px, py) for px, py in reversed(right[1:])]
    return tuple((x + px * half, y + py * half) for px, py in [*right, (0, 0.98), *left])


def leaf(x: float, y: float, length: float, width: float, degrees: float, *, belly: float = 0.55) -> Shape:
    """Return a leaf or feather from (x, y), `degrees` clockwise from straight up, widest at a share `belly` of it."""
    half, middle = width / 2, y - length * belly
    right = bezier(
        (x, y), (x + half * 0.9, y - length * belly * 0.25), (x + half, middle + length * 0.1), (x + half, middle)
    )
    right += bezier(
        (x + half, middle), (x + half, middle - length * 0.2), (x + half * 0.35, y - length * 0.94), (x, y - length)
    )
    left = [(2 * x - px, py) for px, py in reversed(right[1:])]
    return turned((*right, (x, y - length), *left), degrees, (x, y))


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    """Return the shape moved by (dx, dy)."""
    return tuple((x + dx, y + dy) for x, y in shape)


def turned(shape: Shape, degrees: float, about: Point) -> Shape:
    """Return the shape turned clockwise about a point."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ax, ay = about
    return tuple((ax + (x - ax) * cos - (y - ay) * sin, ay + (x - ax) * sin + (y - ay) * cos) for x, y in shape)


def scaled(shape: Shape, factor: float, about: Point) -> Shape:
    """Return the shape scaled by `factor` about a point."""
    ax, ay = about
    return tuple((ax + (x - ax) * factor, ay + (y - ay) * factor) for x, y in shape)


def mirrored(shape: Shape, x: float = 50) -> Shape:
    """Return the shape mirrored at the vertical line at `x`."""
    return tuple((2 * x - px, py) for px, py in shape)


def around(shape: Shape, count: int, about: Point) -> list[Shape]:
    """Return `count` copies of the shape, evenly turned about a point."""
    return [turned(shape, 360 * step / count, about) for step in range(count)]


def bounds(shapes: Iterable[Shape]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all shapes together."""
    xs, ys = zip(*(point for shape in shapes for point in shape), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def scattered(count: int, left: float, top: float, right: float, bottom: float) -> list[tuple[float, float, float]]:
    """Return places spread evenly without a pattern, each with a size from 0 to 1. They are always the same."""
    return [
        (
            left + (right - left) * _halton(index, 2),
            top + (bottom - top) * _halton(index, 3),
            _halton(index, 5),
        )
        for index in range(1, count + 1)
    ]


def _halton(index: int, base: int) -> float:
    fraction, part = 0.0, 1.0
    while index:
        part /= base
        index, digit = divmod(index, base)
        fraction += part * digit
    return fraction


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = math.dist(start, end) or 1.0
    share = min(distance / length, 0.5)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
