"""The moments of a live event, as low as a banner: a goal that was reached, a gift train, the result of a match."""

from bot.imaging.artwork import picture
from bot.imaging.cards.surface import EDGE, GOLD, INNER, MARGIN, PALE, WHITE, WIDTH, Surface, tinted
from bot.imaging.drawing.paints import across, flat, mixed
from bot.imaging.text.fonts import BOLD, REGULAR, SEMIBOLD
from bot.imaging.text.line import Style, TextLine, paragraph
from bot.imaging.values import MomentCard

_HEIGHT = 236
_TOP, _EMBLEM = 26, 184
_LEFT = MARGIN + _EMBLEM + 32
_ROOM = WIDTH - MARGIN - _LEFT
_ROW, _FACE, _OVERLAP = 160, 46, 12
_NOTE_LINE, _NOTE_LINES = 42, 3


def moment(values: MomentCard) -> bytes:
    """Return the card as PNG."""
    note = paragraph(values.note, Style(30, WHITE, REGULAR), INNER - 56, _NOTE_LINES) if values.note else []
    height = _HEIGHT + (len(note) * _NOTE_LINE + 56 if note else 0)
    card = Surface(height)
    card.panel(0, 0, WIDTH, height, across(tinted(values.colour, 0.5), tinted(values.colour, 0.12)), 0)
    _emblem(card, values)
    top = 78 if values.people or values.share is not None else 108
    card.text(values.figure, _LEFT, top, 54, colour=GOLD, weight=BOLD, width=_ROOM, least=32)
    card.text(values.caption, _LEFT, top + 46, 31, colour=PALE, width=_ROOM, least=27)
    if values.share is not None:
        card.bar(_LEFT, _ROW + 8, _ROOM, 26, values.share, across(values.colour, GOLD))
    _people(card, values)
    _note(card, note)
    return card.finished()


def _emblem(card: Surface, values: MomentCard) -> None:
    # Rings look as bright as a soft glow, and their PNG is a third of the size.
    for reach in (300, 240):
        offset = (_EMBLEM - reach) // 2
        glow = flat(mixed(values.colour, WHITE, 0.25), 0.13)
        card.panel(MARGIN + offset, _TOP + offset, reach, reach, glow, reach // 2)
    card.picture(picture(values.look, _EMBLEM), MARGIN, _TOP)


def _people(card: Surface, values: MomentCard) -> None:
    if not values.people:
        return
    left = _LEFT
    for person in values.people:
        card.face(person, left, _ROW, _FACE, EDGE)
        left += _FACE - _OVERLAP
    left += _OVERLAP + 14
    card.text(values.names, left, _ROW + 34, 30, weight=SEMIBOLD, width=WIDTH - MARGIN - left, least=26)


def _note(card: Surface, note: list[TextLine]) -> None:
    if not note:
        return
    card.panel(MARGIN, _HEIGHT, INNER, len(note) * _NOTE_LINE + 30, 0x1A1422, 22)
    for index, note_line in enumerate(note):
        card.text(note_line, WIDTH / 2, _HEIGHT + 46 + index * _NOTE_LINE, anchor="middle")
