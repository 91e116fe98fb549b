"""Big moments: a gift that is large enough for a card of its own, and a goal that was reached."""

from bot.domain.catalogue import Tier
from bot.imaging.artwork import MASTER, picture
from bot.imaging.cards.surface import GOLD, INNER, MARGIN, WHITE, WIDTH, Surface, fitted, tinted
from bot.imaging.drawing.paints import down, flat, mixed
from bot.imaging.text.fonts import BOLD, REGULAR, SEMIBOLD
from bot.imaging.text.line import Style, TextLine, paragraph
from bot.imaging.values import GiftLook, GiftMoment, GoalMoment, Person

_TOP = 84
_PEOPLE = _TOP + MASTER + 140
_NOTE = _PEOPLE + 118
_FACE, _NOTE_LINE, _NOTE_LINES = 92, 44, 4


def gift_moment(values: GiftMoment) -> bytes:
    """Return the card as PNG."""
    note = _note(values.note)
    card = _scene(values.look, values.colour, note)
    _words(card, values.headline, values.item, values.amount)
    _pair(card, values, _PEOPLE)
    return card.finished()


def goal_moment(values: GoalMoment) -> bytes:
    """Return the card as PNG."""
    note = _note(values.reward)
    card = _scene(GiftLook("", "🏵", Tier.GRAND), GOLD, note)
    _words(card, values.headline, values.title, values.amount)
    _centred(card, values.creator, _PEOPLE)
    return card.finished()


def _scene(look: GiftLook, colour: int, note: list[TextLine]) -> Surface:
    """Return a card with the picture of the gift, and the note below."""
    height = _NOTE + (len(note) * _NOTE_LINE + 56 if note else 16)
    card = Surface(height)
    card.panel(0, 0, WIDTH, height, down(tinted(colour, 0.5), tinted(colour, 0.12), tinted(colour, 0.1)), 0)
    # Rings look as bright as a soft glow, and their PNG is a third of the size.
    for reach in (700, 580, 470):
        place = (WIDTH - reach) // 2, _TOP + (MASTER - reach) // 2
        card.panel(*place, reach, reach, flat(mixed(colour, WHITE, 0.25), 0.13), reach // 2)
    card.picture(picture(look, MASTER), (WIDTH - MASTER) // 2, _TOP)
    if note:
        card.panel(MARGIN, _NOTE, INNER, len(note) * _NOTE_LINE + 36, 0x1A1422, 22)
    for index, note_line in enumerate(note):
        card.text(note_line, WIDTH / 2, _NOTE + 51 + index * _NOTE_LINE, anchor="middle")
    return card


def _words(card: Surface, headline: str, title: str, amount: str) -> None:
    middle, below = WIDTH / 2, _TOP + MASTER
    card.text(headline, middle, 62, 38, weight=BOLD, width=INNER, least=30, anchor="middle")
    card.text(title, middle, below + 58, 46, weight=BOLD, width=INNER, least=34, anchor="middle")
    card.text(amount, middle, below + 108, 38, colour=GOLD, weight=BOLD, width=INNER, anchor="middle")


def _pair(card: Surface, values: GiftMoment, top: int) -> None:
    """Draw the sender and the creator with an arrow between them."""
    middle, half = WIDTH // 2, WIDTH // 2 - MARGIN - 36
    room = half - _FACE - 18
    sender = values.sender or Person(values.anonymous, 0)
    if values.sender:
        card.face(sender, MARGIN, top, _FACE, WHITE)
    else:
        card.panel(MARGIN, top, _FACE, _FACE, 0x5B4A6B, _FACE // 2)
        card.text("?", MARGIN + _FACE / 2, top + 64, 50, weight=BOLD, anchor="middle")
    baseline = top + _FACE / 2 + 12
    card.text(sender.name, MARGIN + _FACE + 18, baseline, 34, weight=SEMIBOLD, width=room, least=27)
    card.text("→", middle, baseline + 2, 44, colour=GOLD, anchor="middle")
    card.face(values.creator, WIDTH - MARGIN - _FACE, top, _FACE, GOLD)
    right = WIDTH - MARGIN - _FACE - 18
    card.text(values.creator.name, right, baseline, 34, weight=SEMIBOLD, width=room, least=27, anchor="right")


def _centred(card: Surface, person: Person, top: int) -> None:
    name_line = fitted(person.name, Style(36, WHITE, SEMIBOLD), INNER - _FACE - 20, 28)
    left = round((WIDTH - name_line.width - _FACE - 20) / 2)
    card.face(person, left, top, _FACE, GOLD)
    card.text(name_line, left + _FACE + 20, top + _FACE / 2 + 12)


def _note(text: str) -> list[TextLine]:
    return paragraph(text, Style(32, WHITE, REGULAR), INNER - 56, _NOTE_LINES) if text else []
