"""Big moments: a gift large enough for a card of its own, and a goal that was reached."""

from dataclasses import dataclass

from bot.domain.catalogue import Tier
from bot.imaging.artwork import MASTER, Look, picture
from bot.imaging.avatars import Person
from bot.imaging.cards.surface import GOLD, INNER, MARGIN, TIER_COLOURS, WHITE, WIDTH, Surface, fitted, tinted
from bot.imaging.drawing.paints import down, flat, mixed
from bot.imaging.text.fonts import REGULAR
from bot.imaging.text.line import Line, Style, paragraph

_ART = MASTER
_FACE = 92
_NOTE_LINES = 4


@dataclass(frozen=True, slots=True)
class GiftMoment:
    """A gift as a moment. `headline` such as "A legendary gift", `item` with its count, `amount` in coins, as shown.

    `sender` None is an anonymous one, who is called `anonymous`. `note` is the sender's message, empty without any.
    """

    headline: str
    look: Look
    item: str
    amount: str
    creator: Person
    sender: Person | None = None
    anonymous: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GoalMoment:
    """A goal that was reached: `amount` the coins, `reward` what the creator promised, empty without any."""

    headline: str
    title: str
    amount: str
    creator: Person
    reward: str = ""


def gift_moment(values: GiftMoment) -> bytes:
    """Return the card as PNG."""
    note = _note(values.note)
    top = 96 + _ART
    card = _stage(top + 262 + _note_height(note), TIER_COLOURS[values.look.tier])
    _headline(card, values.headline)
    card.picture(picture(values.look, _ART), (WIDTH - _ART) // 2, 84)
    card.text(values.item, WIDTH / 2, top + 46, 46, weight=750, width=INNER, least=34, anchor="middle")
    card.text(values.amount, WIDTH / 2, top + 96, 38, colour=GOLD, weight=700, width=INNER, anchor="middle")
    _pair(card, values, top + 128)
    _quote(card, note, top + 246)
    return card.finished()


def goal_moment(values: GoalMoment) -> bytes:
    """Return the card as PNG."""
    note = _note(values.reward)
    top = 96 + _ART
    card = _stage(top + 262 + _note_height(note), GOLD)
    _headline(card, values.headline)
    card.picture(picture(Look("", "🏵", Tier.GRAND), _ART), (WIDTH - _ART) // 2, 84)
    card.text(values.title, WIDTH / 2, top + 46, 44, weight=750, width=INNER, least=34, anchor="middle")
    card.text(values.amount, WIDTH / 2, top + 96, 38, colour=GOLD, weight=700, width=INNER, anchor="middle")
    _centred(card, values.creator, top + 132)
    _quote(card, note, top + 246)
    return card.finished()


def _stage(height: int, colour: int) -> Surface:
    card = Surface(height)
    card.panel(0, 0, WIDTH, height, down(tinted(colour, 0.5), tinted(colour, 0.12), tinted(colour, 0.1)), 0)
    # Rings, not a soft glow: they look as bright, and a PNG of them is a third of the size.
    for reach in (700, 580, 470):
        place = (WIDTH - reach) // 2, 84 + (_ART - reach) // 2
        card.panel(*place, reach, reach, flat(mixed(colour, WHITE, 0.25), 0.13), reach // 2)
    return card


def _headline(card: Surface, headline: str) -> None:
    card.text(headline, WIDTH / 2, 62, 38, weight=700, width=INNER, least=30, anchor="middle")


def _pair(card: Surface, values: GiftMoment, top: int) -> None:
    """Draw who gave to whom, an arrow between them."""
    middle, half = WIDTH // 2, WIDTH // 2 - MARGIN - 36
    room = half - _FACE - 18
    sender = values.sender or Person(values.anonymous, 0)
    if values.sender:
        card.face(sender, MARGIN, top, _FACE, WHITE)
    else:
        card.panel(MARGIN, top, _FACE, _FACE, 0x5B4A6B, _FACE // 2)
        card.text("?", MARGIN + _FACE / 2, top + 64, 50, weight=750, anchor="middle")
    baseline = top + _FACE / 2 + 12
    card.text(sender.name, MARGIN + _FACE + 18, baseline, 34, weight=650, width=room, least=27)
    card.text("→", middle, baseline + 2, 44, colour=GOLD, anchor="middle")
    card.face(values.creator, WIDTH - MARGIN - _FACE, top, _FACE, GOLD)
    card.text(
        values.creator.name, WIDTH - MARGIN - _FACE - 18, baseline, 34, weight=650, width=room, least=27, anchor="right"
    )


def _centred(card: Surface, person: Person, top: int) -> None:
    drawn = fitted(person.name, Style(36, WHITE, 650), INNER - _FACE - 20, 28)
    left = round((WIDTH - drawn.width - _FACE - 20) / 2)
    card.face(person, left, top, _FACE, GOLD)
    card.text(drawn, left + _FACE + 20, top + _FACE / 2 + 12)


def _note(text: str) -> list[Line]:
    return paragraph(text, Style(32, WHITE, REGULAR), INNER - 56, _NOTE_LINES) if text else []


def _note_height(note: list[Line]) -> int:
    return len(note) * 44 + 56 if note else 0


def _quote(card: Surface, note: list[Line], top: int) -> None:
    if not note:
        return
    card.panel(MARGIN, top, INNER, len(note) * 44 + 36, 0x1A1422, 22)
    for index, one in enumerate(note):
        card.text(one, WIDTH / 2, top + 51 + index * 44, anchor="middle")
