"""A member's profile: level, badges, streak and favourite creators."""

from bot.imaging.cards.parts import ROW, TILE, rows, tiles
from bot.imaging.cards.surface import GOLD, INNER, MARGIN, PALE, PANEL, ROSE, VIOLET, WHITE, WIDTH, Surface, tinted
from bot.imaging.drawing.paints import across, down, flat, lit, mixed
from bot.imaging.text.fonts import BLACK, BOLD, SEMIBOLD
from bot.imaging.values import Badge, ProfileCard

MOST_BADGES, MOST_FAVOURITES = 10, 3

_HEADER, _BADGE, _ACROSS, _GAP = 232, 128, 5, 12


def profile(values: ProfileCard) -> bytes:
    """Return the card as PNG."""
    badges, favourites = values.badges[:MOST_BADGES], values.favourites[:MOST_FAVOURITES]
    lines = -(-len(badges) // _ACROSS)
    tall_facts = TILE + 18 if values.facts else 0
    tall_badges = 50 + lines * (_BADGE + _GAP) + 6 if badges else 0
    tall_favourites = 50 + len(favourites) * ROW + 8 if favourites else 0
    card = Surface(_HEADER + 128 + tall_facts + tall_badges + tall_favourites + 12)
    _head(card, values)
    top = _HEADER + 24
    _progress(card, values, top)
    top += 104
    if values.facts:
        tiles(card, values.facts, top)
        top += tall_facts
    if badges:
        _title(card, values.badges_title, top)
        for index, badge in enumerate(badges):
            _badge(card, badge, index % _ACROSS, top + 50 + index // _ACROSS * (_BADGE + _GAP))
        top += tall_badges
    if favourites:
        _title(card, values.favourites_title, top)
        rows(card, favourites, top + 50)
    return card.finished()


def _head(card: Surface, values: ProfileCard) -> None:
    card.header("", "", height=_HEADER)
    size = 164
    card.face(values.member, MARGIN + 8, (_HEADER - size) // 2, size, WHITE)
    level, left = 128, MARGIN + size + 44
    x, y = WIDTH - MARGIN - level, (_HEADER - level) // 2
    ring = lit(mixed(GOLD, 0xFFFFFF, 0.4), mixed(GOLD, 0x8A4A0A, 0.4))
    card.panel(x - 6, y - 6, level + 12, level + 12, ring, 70)
    card.panel(x, y, level, level, down(0x4A2A5E, 0x2A1838), 64)
    middle, inside = x + level / 2, level - 26
    card.text(values.level_label, middle, y + 44, 24, colour=0xFFE3A8, width=inside, least=20, anchor="middle")
    card.text(values.level, middle, y + 96, 54, weight=BLACK, width=inside, least=34, anchor="middle")
    room = x - 24 - left
    card.text(values.member.name, left, _HEADER / 2 + 4, 46, weight=BOLD, width=room, least=34)
    card.text(values.subtitle, left, _HEADER / 2 + 48, 30, colour=0xFFE8F0, width=room)


def _progress(card: Surface, values: ProfileCard, top: int) -> None:
    card.bar(MARGIN, top, INNER, 30, values.progress, across(ROSE, GOLD))
    card.text(values.progress_text, WIDTH / 2, top + 70, 30, colour=PALE, width=INNER, anchor="middle")


def _title(card: Surface, title: str, top: int) -> None:
    card.text(title, MARGIN, top + 34, 32, weight=BOLD, width=INNER)


def _badge(card: Surface, badge: Badge, column: int, top: int) -> None:
    width = (INNER - (_ACROSS - 1) * _GAP) // _ACROSS
    left = MARGIN + column * (width + _GAP)
    fill = down(tinted(GOLD, 0.3), tinted(VIOLET, 0.32)) if badge.held else PANEL
    card.panel(left, top, width, _BADGE, fill)
    middle = left + width / 2
    card.text(badge.emoji, middle, top + 72, 52, anchor="middle")
    if not badge.held:
        card.panel(left + 8, top + 14, width - 16, 76, flat(PANEL, 0.72), 12)
    colour, room, style = WHITE if badge.held else PALE, width - 12, SEMIBOLD
    card.text(badge.caption, middle, top + 111, 27, colour=colour, weight=style, width=room, least=22, anchor="middle")
