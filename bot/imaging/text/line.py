"""One line of text in any script: split into runs of one font each, ordered, measured, shortened and drawn."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

import regex
from PIL import Image, ImageDraw

from bot.domain.text import clean
from bot.imaging.text.emoji import emoji_image, is_emoji
from bot.imaging.text.fonts import CHINESE, FACES, FAILURES, JAPANESE, KOREAN, LATIN, REGULAR, Face, covers, draws, font
from bot.imaging.text.order import base_of, levels, visual

log = logging.getLogger(__name__)

LONGEST = 400
"""The most graphemes that are considered. A card shows far fewer."""

_ELLIPSIS = "…"
_UNKNOWN = "·"
"""Replaces graphemes that no font here has or can draw. A dot is less obtrusive than a box."""
_EMOJI_SIZE, _EMOJI_ADVANCE, _EMOJI_DROP = 1.16, 1.26, 0.22
"""An emoji's side, advance width and drop below the baseline, as shares of the text size."""
_HANGUL, _KANA = regex.compile(r"\p{Hangul}"), regex.compile(r"[\p{Hiragana}\p{Katakana}]")
_COMMON = regex.compile(r"[\p{Script=Common}\p{Script=Inherited}]+")
_INVISIBLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set. `size` is in pixels, `colour` is 0xRRGGBB."""

    size: int
    colour: int
    weight: int = REGULAR


@dataclass(frozen=True, slots=True)
class _Run:
    """Text of one font and direction, or one emoji if `face` is None."""

    text: str
    face: Face | None
    rtl: bool
    width: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is ready to be drawn. `width` is in pixels."""

    runs: tuple[_Run, ...]
    style: Style
    width: float

    def draw(self, image: Image.Image, x: float, baseline: float) -> None:
        """Draw the line from `x` to the right, with its letters on `baseline`."""
        pen = ImageDraw.Draw(image)
        for run in self.runs:
            try:
                self._draw_run(run, image, pen, x, baseline)
            except FAILURES as error:
                # One name that cannot be drawn must not spoil the rest of the picture.
                _note("drawn", run.text, error)
                latin_font = font(LATIN, self.style.size, self.style.weight)
                pen.text((x, baseline), _UNKNOWN, fill=self._colour, font=latin_font, anchor="ls")
            x += run.width

    @property
    def _colour(self) -> str:
        return f"#{self.style.colour:06x}"

    def _draw_run(self, run: _Run, image: Image.Image, pen: ImageDraw.ImageDraw, x: float, baseline: float) -> None:
        size = self.style.size
        if run.face is None:
            picture = emoji_image(run.text, round(size * _EMOJI_SIZE))
            top = baseline + size * _EMOJI_DROP - picture.height
            left = x + (run.width - picture.width) / 2
            image.paste(picture, (round(left), round(top)), picture)
            return
        run_font = font(run.face, size, self.style.weight)
        direction = "rtl" if run.rtl else "ltr"
        pen.text((x, baseline), run.text, fill=self._colour, font=run_font, anchor="ls", direction=direction)


def line(text: str, style: Style, width: float | None = None) -> TextLine:
    """Return the text as one line of at most `width` pixels. Longer text ends in an ellipsis."""
    clusters = graphemes(clean(text, LONGEST))
    return _fitted(clusters, style, width, base_of(text))


def paragraph(text: str, style: Style, width: float, most: int) -> list[TextLine]:
    """Return the text as at most `most` lines, broken between words if possible."""
    clusters, lines = graphemes(clean(text, LONGEST)), list[TextLine]()
    base = base_of(text)
    while clusters:
        if len(lines) == most - 1:
            return [*lines, _fitted(clusters, style, width, base)]
        end = _break(clusters, _fitting(clusters, style, width, base))
        lines.append(_set(tuple(clusters[:end]), style, base))
        clusters = clusters[end:]
        while clusters and clusters[0].isspace():
            clusters = clusters[1:]
    return lines


def graphemes(text: str) -> list[str]:
    """Split a text into the characters that a reader sees."""
    return regex.findall(r"\X", text)


def _fitted(clusters: Sequence[str], style: Style, width: float | None, base: int) -> TextLine:
    whole = _set(tuple(clusters), style, base)
    if width is None or whole.width <= width:
        return whole
    end = _fitting(clusters, style, width, base, _ELLIPSIS)
    while end and clusters[end - 1].isspace():
        end -= 1
    return _set((*clusters[:end], _ELLIPSIS), style, base)


def _fitting(clusters: Sequence[str], style: Style, width: float, base: int, tail: str = "") -> int:
    """Return how many graphemes fit together with the tail. Without a tail, it is at least one."""
    low, high = 0 if tail else 1, len(clusters)
    while low < high:
        middle = (low + high + 1) // 2
        if _set((*clusters[:middle], *tail), style, base).width <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _break(clusters: Sequence[str], end: int) -> int:
    """Return where to break at or before `end`: after a space, or beside a character of a script without spaces."""
    if end == len(clusters):
        return end
    for place in range(end, 0, -1):
        if clusters[place].isspace() or clusters[place - 1].isspace() or _is_wide(clusters[place]):
            return place
    return end


def _is_wide(cluster: str) -> bool:
    return "\u2e80" <= cluster[0] <= "\u9fff"


@lru_cache(maxsize=2_048)
def _set(clusters: tuple[str, ...], style: Style, base: int) -> TextLine:
    runs = [_run("".join(text), face, depth, style) for text, face, depth in _itemized(clusters, base)]
    ordered = visual([run for run, _ in runs], [depth for _, depth in runs])
    return TextLine(tuple(ordered), style, sum(run.width for run in ordered))


def _run(text: str, face: Face | None, depth: int, style: Style) -> tuple[_Run, int]:
    rtl = bool(depth % 2)
    if face is None:
        return _Run(text, None, rtl, style.size * _EMOJI_ADVANCE), depth
    run_font = font(face, style.size, style.weight)
    try:
        return _Run(text, face, rtl, run_font.getlength(text, direction="rtl" if rtl else "ltr")), depth
    except FAILURES as error:
        _note("measured", text, error)
        return _run(_UNKNOWN, LATIN, depth, style)


def _note(done: str, text: str, error: Exception) -> None:
    # The text may be a member's name, and some errors quote what they were given.
    message = "A text of %d characters could not be %s (%s), so a placeholder stands in"
    log.warning(message, len(text), done, type(error).__name__)


def _itemized(clusters: Sequence[str], base: int) -> list[tuple[list[str], Face | None, int]]:
    """Return parts of one face and one bidi level each, in reading order."""
    parts: list[tuple[list[str], Face | None, int]] = []
    for (text, face), depth in zip(_faced(clusters), levels(clusters, base), strict=True):
        # An emoji is always a part of its own, because each is one picture.
        if parts and face is not None and parts[-1][1:] == (face, depth):
            parts[-1][0].append(text)
        else:
            parts.append(([text], face, depth))
    return parts


def _faced(clusters: Sequence[str]) -> list[tuple[str, Face | None]]:
    """Return each grapheme with its face, None for an emoji. Graphemes that no face has are replaced."""
    text = "".join(clusters)
    east = KOREAN if _HANGUL.search(text) else JAPANESE if _KANA.search(text) else CHINESE
    spellings: list[tuple[str, Face | None]] = []
    before: Face | None = None
    for cluster in clusters:
        if is_emoji(cluster):
            spellings.append((cluster, None))
            continue
        spelling, before = _spelled(cluster, before, east)
        spellings.append((spelling, before))
    return spellings


def _spelled(cluster: str, before: Face | None, east: Face) -> tuple[str, Face]:
    for form in (cluster, normalize("NFKC", cluster), normalize("NFKD", cluster)[0]):
        face = _face_of(form, before, east)
        if face is not None and draws(face, form):
            return form, face
    return _UNKNOWN, LATIN


def _face_of(cluster: str, before: Face | None, east: Face) -> Face | None:
    visible = _INVISIBLE.sub("", cluster)
    # Keep spaces and punctuation in the font of the word before them, so that one font shapes both.
    if before is not None and _COMMON.fullmatch(visible) and covers(before, visible):
        return before
    faces = (east if face is CHINESE else face for face in FACES)
    return next((face for face in faces if covers(face, visible)), None)
