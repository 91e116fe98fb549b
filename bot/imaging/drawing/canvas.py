"""A canvas that draws large and scales down at the end, which smooths its edges."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.imaging.drawing.lighting import INK, NONE, SOLID, Light, fall, rim_of
from bot.imaging.drawing.paints import Paint, flat, rgba
from bot.imaging.drawing.pixels import Size, cut, faded, resized
from bot.imaging.drawing.shapes import Shape, bounds


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece to paint: its pixels, the bounds that colours run over, and its masks without and with the rim."""

    tile: tuple[int, int, int, int]
    bounds: tuple[float, float, float, float]
    mask: Image.Image
    outer: Image.Image


class Canvas:
    """A transparent square of 100 by 100 units."""

    def __init__(self, size: int, oversample: int = 3) -> None:
        self.size = size
        self.scale = size * oversample / 100
        self._oversample = oversample
        side = size * oversample
        self.image = Image.new("RGBA", (side, side), (0, 0, 0, 0))

    def draw(
        self,
        shape: Shape | Sequence[Shape],
        paint: Paint | int,
        light: Light = SOLID,
        *,
        holes: Sequence[Shape] = (),
        within: Shape | None = None,
        rim: int | None = None,
        blur: float = 0,
        alpha: float = 1.0,
    ) -> None:
        """Fill a shape, or several shapes as one piece, and light it.

        `within` clips it to another shape. `rim` is the colour of the rim. `blur` softens the edge, in units.
        """
        shapes = _several(shape)
        tile = self._tile(shapes, light.rim + 3 * blur + 0.5)
        if tile is None:
            return
        mask = self._mask(shapes, tile, holes)
        outer = mask
        if light.rim:
            outer = mask.copy()
            for outline in shapes:
                self._stroke(outer, (*outline, outline[0]), tile, 2 * light.rim)
        self._paint(_Piece(tile, self._pixels(bounds(shapes)), mask, outer), paint, light, within, rim, blur, alpha)

    def stamp(
        self,
        mask: Image.Image,
        paint: Paint | int,
        light: Light = SOLID,
        *,
        x: float,
        y: float,
        size: float,
        rim: int | None = None,
    ) -> None:
        """Draw a mask as if it were a shape. Its longer side gets `size` units, and its centre is at (x, y)."""
        factor = size * self.scale / max(mask.size)
        width, height = round(mask.width * factor), round(mask.height * factor)
        extra = round(light.rim * self.scale) + 2
        left, top = round(x * self.scale - width / 2), round(y * self.scale - height / 2)
        tile = (left - extra, top - extra, left + width + extra, top + height + extra)
        inner = Image.new("L", _size(tile))
        inner.paste(resized(mask, (width, height)), (extra, extra))
        # A mask that is blurred and then cut at a low level grows by about the radius of the blur.
        outer = cut(inner.filter(ImageFilter.GaussianBlur(light.rim * self.scale * 0.6)), 24)
        self._paint(_Piece(tile, (left, top, left + width, top + height), inner, outer), paint, light, None, rim, 0, 1)

    def _paint(
        self,
        piece: _Piece,
        paint: Paint | int,
        light: Light,
        within: Shape | None,
        rim: int | None,
        blur: float,
        alpha: float,
    ) -> None:
        paint = flat(paint) if isinstance(paint, int) else paint
        picture, opacity = paint.image(piece.bounds, piece.tile)
        mask = piece.mask
        fall(picture, mask, light, shade=paint.stops[-1][1], scale=self.scale)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * self.scale))
        if light.rim:
            edge = Image.new("RGB", picture.size, rgba(rim_of(paint.stops[-1][1]) if rim is None else rim)[:3])
            picture, mask = Image.composite(picture, edge, mask), piece.outer
        if within is not None:
            mask = ImageChops.multiply(mask, self._mask((within,), piece.tile, ()))
        if opacity is not None:
            mask = ImageChops.multiply(mask, opacity)
        self._lay(picture, faded(mask, alpha), piece.tile)

    def line(
        self, shape: Shape, colour: Paint | int, width: float, *, within: Shape | None = None, alpha: float = 1.0
    ) -> None:
        """Draw along a line, with round ends and bends. `width` is in units."""
        paint = flat(colour) if isinstance(colour, int) else colour
        tile = self._tile((shape,), width)
        if tile is None:
            return
        mask = self._stroke(Image.new("L", _size(tile)), shape, tile, width)
        if within is not None:
            mask = ImageChops.multiply(mask, self._mask((within,), tile, ()))
        picture, opacity = paint.image(self._pixels(bounds((shape,))), tile)
        if opacity is not None:
            mask = ImageChops.multiply(mask, opacity)
        self._lay(picture, faded(mask, alpha), tile)

    def shadow(
        self,
        shape: Shape | Sequence[Shape],
        *,
        drop: float = 2.4,
        blur: float = 1.8,
        alpha: float = 0.3,
        colour: int = INK,
        within: Shape | None = None,
    ) -> None:
        """Draw a soft shadow of a shape, below it and a little to the right."""
        shapes = [tuple((x + drop * 0.4, y + drop) for x, y in outline) for outline in _several(shape)]
        self.draw(shapes, flat(colour, alpha), NONE, blur=blur, within=within)

    def finished(self) -> Image.Image:
        """Return the picture, scaled down to its final size."""
        return self.image.reduce(self._oversample) if self._oversample > 1 else self.image

    def _pixels(self, units: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        left, top, right, bottom = (value * self.scale for value in units)
        return left, top, right, bottom

    def _tile(self, shapes: Sequence[Shape], margin: float) -> tuple[int, int, int, int] | None:
        left, top, right, bottom = self._pixels(bounds(shapes))
        extra, side = margin * self.scale + 2, self.image.width
        tile = (
            max(int(left - extra), 0),
            max(int(top - extra), 0),
            min(int(right + extra) + 1, side),
            min(int(bottom + extra) + 1, side),
        )
        return tile if tile[0] < tile[2] and tile[1] < tile[3] else None

    def _points(self, shape: Shape, tile: tuple[int, int, int, int]) -> list[tuple[float, float]]:
        return [(x * self.scale - tile[0], y * self.scale - tile[1]) for x, y in shape]

    def _mask(self, shapes: Sequence[Shape], tile: tuple[int, int, int, int], holes: Sequence[Shape]) -> Image.Image:
        mask = Image.new("L", _size(tile))
        draw = ImageDraw.Draw(mask)
        for shape in shapes:
            draw.polygon(self._points(shape, tile), fill=255)
        for hole in holes:
            draw.polygon(self._points(hole, tile), fill=0)
        return mask

    def _stroke(self, mask: Image.Image, shape: Shape, tile: tuple[int, int, int, int], width: float) -> Image.Image:
        draw = ImageDraw.Draw(mask)
        points, thick = self._points(shape, tile), max(round(width * self.scale), 1)
        draw.line(points, fill=255, width=thick, joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)
        return mask

    def _lay(self, picture: Image.Image, mask: Image.Image, tile: tuple[int, int, int, int]) -> None:
        picture.putalpha(mask)
        self.image.alpha_composite(picture, dest=(tile[0], tile[1]))


def _several(shape: Shape | Sequence[Shape]) -> Sequence[Shape]:
    first = shape[0][0]
    return (shape,) if isinstance(first, float | int) else shape  # pyright: ignore[reportReturnType]


def _size(tile: tuple[int, int, int, int]) -> Size:
    return tile[2] - tile[0], tile[3] - tile[1]
