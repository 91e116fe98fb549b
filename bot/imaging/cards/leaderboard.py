"""The leaderboard: a podium, up to seven rows below it, and the viewer's own place."""

from bot.imaging.cards.podium import HEIGHT as PODIUM
from bot.imaging.cards.podium import podium, portrait
from bot.imaging.cards.surface import EDGE, GOLD, INNER, MARGIN, PALE, PANEL, ROSE, VIOLET, WIDTH, Surface, tinted
from bot.imaging.drawing.paints import across
from bot.imaging.text.fonts import BLACK, BOLD, REGULAR
from bot.imaging.values import CardStanding, LeaderboardCard

MOST_ROWS = 10

_ROW, _ROW_GAP, _FACE = 62, 6, 46
_OWN = 84


def leaderboard(values: LeaderboardCard) -> bytes:
    """Return the card as PNG."""
    standings = values.standings[:MOST_ROWS]
    on_steps = 3 if standings and standings[0].place == 1 else 0
    rows = standings[on_steps:]
    top = 122 + 22
    steps = (PODIUM + 18) if on_steps else 0
    body = steps + len(rows) * (_ROW + _ROW_GAP) if standings else 150
    height = top + body + (_OWN + 10 if values.own else 0) + 22
    card = Surface(height)
    card.header(values.title, values.subtitle)
    if not standings:
        card.text(values.empty, WIDTH / 2, top + 85, 34, colour=PALE, width=INNER, anchor="middle")
    if on_steps:
        podium(card, standings[:3], top)
    best = max((standing.coins for standing in standings), default=1) or 1
    for index, standing in enumerate(rows):
        is_viewer = standing.place == values.viewer
        _row(card, standing, top + steps + index * (_ROW + _ROW_GAP), standing.coins / best, is_viewer=is_viewer)
    if values.own:
        _own(card, values.own, values.own_label, height - _OWN - 22)
    return card.finished()


def _row(card: Surface, standing: CardStanding, top: int, share: float, *, is_viewer: bool) -> None:
    card.panel(MARGIN, top, INNER, _ROW, PANEL, 16)
    fill = across(tinted(ROSE, 0.38), tinted(VIOLET, 0.42)) if is_viewer else across(0x382B45, EDGE)
    card.panel(MARGIN, top, max(round(INNER * share), 32), _ROW, fill, 16)
    baseline, right = top + 43, WIDTH - MARGIN - 18
    card.text(
        str(standing.place), MARGIN + 38, baseline, 30, colour=PALE, weight=BOLD, width=66, least=22, anchor="middle"
    )
    portrait(card, standing.who, MARGIN + 76, top + (_ROW - _FACE) // 2, _FACE)
    right -= card.text(standing.amount, right, baseline, 31, colour=GOLD, weight=BOLD, width=270, anchor="right") + 20
    left = MARGIN + 140
    card.text(standing.name, left, baseline, 33, weight=BOLD if is_viewer else REGULAR, width=right - left)


def _own(card: Surface, standing: CardStanding, label: str, top: int) -> None:
    card.panel(MARGIN, top, INNER, _OWN, across(ROSE, VIOLET), 20)
    card.panel(MARGIN + 3, top + 3, INNER - 6, _OWN - 6, across(tinted(ROSE, 0.34), tinted(VIOLET, 0.34)), 18)
    baseline = top + 55
    place = card.text(f"{standing.place}", MARGIN + 22, baseline, 36, weight=BLACK, width=120)
    portrait(card, standing.who, MARGIN + 36 + round(place), top + (_OWN - 54) // 2, 54)
    left, right = MARGIN + 104 + place, WIDTH - MARGIN - 22
    right -= card.text(standing.amount, right, baseline, 33, colour=GOLD, weight=BOLD, width=260, anchor="right") + 18
    if label:
        card.text(label, left, top + 35, 26, colour=PALE, width=right - left)
    name = (top + 69, 31) if label else (baseline, 33)
    card.text(standing.name, left, *name, weight=BOLD, width=right - left)
