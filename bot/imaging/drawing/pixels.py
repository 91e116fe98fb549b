"""Pillow's pixel operations whose types the strict checker does not know, each in one place."""

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

Size = tuple[int, int]


def mapped(image: Image.Image, table: Sequence[int]) -> Image.Image:
    """Return the image with each of its 256 levels replaced by the table."""
    return image.point(table)  # pyright: ignore[reportUnknownMemberType]


def resized(image: Image.Image, size: Size, resample: Image.Resampling = Image.Resampling.LANCZOS) -> Image.Image:
    """Return the image in another size."""
    return image.resize(size, resample)  # pyright: ignore[reportUnknownMemberType]


def faded(mask: Image.Image, alpha: float) -> Image.Image:
    """Return the mask, more transparent. `alpha` 1 leaves it unchanged."""
    return mask if alpha >= 1 else mapped(mask, _levels(alpha))


def cut(mask: Image.Image, level: int) -> Image.Image:
    """Return the mask with everything above `level` set to full and the rest to empty."""
    return mapped(mask, [255 if value > level else 0 for value in range(256)])


@lru_cache(maxsize=128)
def _levels(alpha: float) -> tuple[int, ...]:
    return tuple(round(value * alpha) for value in range(256))
