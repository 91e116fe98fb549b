"""Gifts for several creators, and gifts that several members chip in for."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.chip_ins import CalledOff, ChipIn, ChipInCard, ChipInState
from bot.domain.ledger.books import Decision
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.notices import ChipNotice
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.ui.kit.cards import Picture
from bot.ui.kit.news import news
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.chip_in_card import chip_in_card
from bot.ui.text.reader import Reader
from cogs.chip_in import render as chip_in_render
from cogs.team import render as team_render
from tests.ui.facts import ID, NOW_MS, Facts


def pool_replies(gift: Receipt, f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield what members read who give together, or to several. `gift` is a receipt of a gift."""
    people = tuple((ID - number, f.coins) for number in range(f.rows))
    price = f.coins * (f.rows + 1)
    pool = ChipIn(
        1, ID, ID, ID, ID, f.name, f.emoji, price, 1, NOW_MS, NOW_MS + 1, f.coins * f.rows, gift_seq=ID, message_id=ID
    )
    picture = Picture("gift-1.png", b"", f.name, beside=True)
    package = Package(1, 1, f.coins, f.coins, f.currency)
    for state in ChipInState:
        yield chip_in_card(ChipInCard(replace(pool, state=state), people), package, r, (picture,))
    for why in CalledOff:
        yield chip_in_card(ChipInCard(replace(pool, state=ChipInState.RETURNED, why=why), ()), None, r)
        backs = [ChipNotice(replace(pool, state=each, why=why), f.coins, f.coins, f.anonymous) for each in ChipInState]
        yield news(backs, r)
    for collected in (f.coins, price):
        facts = {
            "name": f.name, "emoji": f.emoji, "price": price, "collected": collected, "coins": f.coins, "creator": 1,
            "paid_after": f.coins, "promo_after": 0, "test": f.anonymous,
        }  # fmt: skip
        yield reply(chip_in_render.receipt(Receipt(1, ID, "chip", NOW_MS, ID, ID, facts), r))
        returns = [Receipt(1, ID, "chip_return", NOW_MS, ID, 0, {**facts, "payoff": owed}) for owed in (0, f.coins)]
        yield reply(chip_in_render.taken_back(returns, r))
    for priced in (None, package):
        yield reply(chip_in_render.confirm(f.coins, priced, r))
    team = tuple((ID - number, f.coins) for number in range(4))
    joint = {**gift.facts, "count": 1, "joint": [0, 4, f.coins * 4], "team": [[1, f.coins]] * 4}
    yield reply(team_render.receipt(gift._replace(facts=joint, people=team), r))
    command = SendTeamGift(1, "", ID, tuple(member for member, _ in team), ID, ID, f.note, f.anonymous)
    rows = [Decision("gift", 1, (), joint, note=f.note)] * 4
    yield reply(team_render.confirm(command, rows, r, None, ""))
    yield reply(team_render.cancelled(r, certain=True))
