"""Everything that members and staff read about perks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from bot.domain.budgets import Line
from bot.domain.freezes import CaseRef, CaseType, Freeze
from bot.domain.ledger.perk_return import ReturnCause, ReturnFacts
from bot.domain.notices import (
    EarningsNotice,
    FreedNotice,
    FreezeNotice,
    NoticedGift,
    PerkNotice,
    StaffCreatorNotice,
    TicketNotice,
)
from bot.domain.packages import Package
from bot.domain.periods import Period
from bot.domain.perks import Holding, Perk, PerkKind, PerkWay, Restock, Unlock, UnlockState
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import ActKind, RecordedAct, StaffAct, change
from bot.domain.staff_log import LoggedAct
from bot.domain.wallets import Wallet
from bot.services.perk_tickets import Queue, ReturnPreview, Ticket
from bot.services.perks import Offer, OwnPerks, Shelf
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.news import MOST_GIFTS, news
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import perks as looks
from bot.ui.looks.staff_acts import act_card
from bot.ui.text.reader import Reader
from cogs.perks import render, staff_render, tickets, views
from tests.ui.facts import ID, NOW_MS, Facts

NEEDS = {PerkWay.TIER: 4, PerkWay.LEVEL: 50, PerkWay.CLUB: 0}


def perk(f: Facts, kind: PerkKind = PerkKind.ROLE, way: PerkWay = PerkWay.COINS) -> Perk:
    return Perk(
        1, ID, f.name, f.emoji, kind, way, NEEDS.get(way, f.coins), NOW_MS, ID, f.title, ID, ID, f.note or f.name,
        "a.txt", 30, f.count, 3, Restock.WEEK, f.count, NOW_MS,
    )  # fmt: skip


def perk_replies(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield the shelf, the page of each kind of perk, receipts, what members have, and what staff see."""
    every = [perk(f, kind, way) for kind in PerkKind for way in PerkWay]
    holdings = Holding(), Holding(1, NOW_MS), Holding(2, has_forever=True)
    offers = tuple(Offer(each, holdings[number % 3], ID, None) for number, each in enumerate(every))
    line = Line(Period.WEEK, f.coins, f.coins // 2, NOW_MS)
    shelf = Shelf(offers, Wallet(f.coins * 2, f.coins), line, sells_for_money=True, own=9)
    yield views.shelf_panel(shelf, 1, ID, r, waiting=9)
    yield views.shelf_panel(replace(shelf, offers=()), 0, ID, r)
    for wallet in (shelf.wallet, Wallet(), Wallet(debt=f.coins), Wallet(test=f.coins * 2)):
        for offer in offers:
            ids = views.GetIds(ID, ID, f.coins, ID)
            some = replace(shelf, wallet=wallet, sells_for_money=not wallet.test)
            yield views.page_panel(offer, some, Package(1, 1, f.coins, f.coins, f.currency), ids, r, news=f.note)
            yield views.page_panel(offer, some, None, ids, r, refusal=f.note)
    for each in every:
        yield reply(render.receipt(_receipt(f), each, r))
        yield reply(render.unlocked(each, r))
        yield reply(staff_render.saved(each, ID, r, is_new=f.anonymous))
        for has_room in (True, False):
            parts, documents = render.content(each, b"", r, has_room=has_room)
            yield reply(Card(theme.ROSE, (*parts, Part("·")), documents=documents))
    entry = Unlock(1, ID, ID, ID, UnlockState.OPEN, NOW_MS, NOW_MS + 1, NOW_MS + 2, ID, f.coins, f.note)
    entries = [replace(entry, state=state) for state in UnlockState] * 5
    yield views.own_panel(OwnPerks([(one, every[number % 20]) for number, one in enumerate(entries)]), ID, r)
    yield views.own_panel(OwnPerks([]), ID, r)
    yield reply(staff_render.perk_list(every[:15], {ID: ID}, 1, 9, r))
    yield reply(staff_render.perk_list([], {}, 0, 1, r))
    states = (UnlockState.DOING, *[UnlockState.OPEN] * 4)
    waiting = [replace(entry, state=state, unlock_id=ID - number) for number, state in enumerate(states)]
    for queue in (Queue((), 0), Queue(tuple(Ticket(one, every[0], ID) for one in waiting), 9)):
        yield tickets.panel(queue, ID, r)
    yield reply(staff_render.placed(ID, r))
    yield reply(staff_render.returned(_returned(f, ReturnCause.STAFF), r))
    facts = {**_returned(f, ReturnCause.STAFF).facts, "of": ID, "test": True}
    for each in every:
        yield reply(staff_render.return_question(ReturnPreview(entry, each, ID, cast("ReturnFacts", facts)), r))
    yield reply(looks.shout_outs_notice(f.count, r))
    yield reply(looks.house_short_notice(r))
    yield looks.panel(every, {ID: ID}, r)
    yield looks.panel([], {}, r)
    yield from _news(f, r)
    yield from _acts(f, r)


def _receipt(f: Facts) -> Receipt:
    facts = {
        "perk": ID, "unlock": ID, "name": f.name, "emoji": f.emoji, "creator": ID, "coins": f.coins, "paid": f.coins,
        "promo": 0, "zone": "UTC", "paid_after": f.coins, "promo_after": f.coins, "budget": [0, f.coins, f.coins, 1],
    }  # fmt: skip
    return Receipt(1, ID, "perk", NOW_MS, ID, 0, facts)


def _returned(f: Facts, cause: ReturnCause) -> Receipt:
    facts = {"name": f.name, "emoji": f.emoji, "coins": f.coins, "payoff": f.coins, "cause": cause.value}
    return Receipt(1, ID, "perk_return", NOW_MS, ID, ID, facts)


def _news(f: Facts, r: Reader) -> Iterator[Reply]:
    yield news([PerkNotice(_returned(f, cause)) for cause in ReturnCause], r)
    stands_again = [_returned(f, ReturnCause.MONEY_BACK)._replace(kind=kind) for kind in ("perk", "reinstatement")]
    gifts = (NoticedGift(f.name, f.emoji, NOW_MS),) * (MOST_GIFTS + f.count)
    yield news([*map(PerkNotice, stands_again), EarningsNotice(f.coins, is_back=False, gifts=gifts)], r)
    yield news([TicketNotice(f.name, f.emoji, who, is_done=is_done) for who in (0, ID) for is_done in (True, False)], r)
    freeze = Freeze(CaseRef(CaseType.FLAG, f.count), f.note, NOW_MS, ID)
    yield news([StaffCreatorNotice(), FreedNotice(), FreezeNotice(freeze)], r)


def _acts(f: Facts, r: Reader) -> Iterator[Reply]:
    names = frozenset({"name", "emoji", "perk_way"})
    for way in PerkWay:
        values: dict[str, int | str | None] = {
            "name": f.name, "emoji": f.emoji, "perk_kind": "channel", "perk_way": way.value,
            "perk_needs": NEEDS.get(way, f.coins), "perk_creator": ID, "about": f.title, "role_id": ID,
            "channel_id": ID, "content": "1234567", "file": f.name, "days": 30, "stock": f.count, "limit": 3,
            "restock": "day", "archived": 1,
        }  # fmt: skip
        for before in (None, values | {"perk_way": "club", "perk_needs": 0, "restock": None, "perk_creator": 0}):
            act = change(ActKind.PERK, before, values, by=ID, at_ms=NOW_MS, named_by=names)
            yield reply(act_card(LoggedAct(ID, RecordedAct(ID, act)), r))
    act = StaffAct(ID, ActKind.REVERSAL, NOW_MS, member_id=ID, seq=ID)
    yield reply(act_card(LoggedAct(ID, RecordedAct(ID, act), _returned(f, ReturnCause.STAFF)), r))
