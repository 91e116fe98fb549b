"""Everything that staff read about what they do."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.buying_limits import BuyingLimits
from bot.domain.catalogue import GiftItem, Tier
from bot.domain.flags import FlagOutcome
from bot.domain.freezes import CaseRef, CaseType, Freeze
from bot.domain.grant_limits import GrantLimits
from bot.domain.guild_providers import ProviderChoice
from bot.domain.guilds import GuildRules
from bot.domain.ledger import KINDS
from bot.domain.ledger.books import Decision
from bot.domain.ledger.payout import RecordPayout, RejectPayout
from bot.domain.ledger.reversal import DECLINES
from bot.domain.lookups import LeftOver, Lookup, LookupFilter, LookupKind
from bot.domain.notices import ClubNotice, DeclineNotice, LevelNotice
from bot.domain.orders import Order
from bot.domain.packages import Package
from bot.domain.payment_cases import CaseKind, Outcome, PaymentCase
from bot.domain.payouts import PayoutRules
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import ActKind, RecordedAct, StaffAct, Values, change
from bot.domain.staff_log import LoggedAct, digest_of
from bot.domain.wallets import Wallet, WalletLine
from bot.services.declines import ReceivedGift
from bot.services.exports import ExportedBooks, ExportedFile
from bot.services.freezes import CaseFreezes
from bot.services.reversals import Reversal, ReversalPreview
from bot.services.staff_log import LogPage
from bot.services.wallets import Overview
from bot.ui.kit.cards import Card
from bot.ui.kit.news import news
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.declines import decline_preview, decline_receipt
from bot.ui.looks.staff_acts import act_card
from bot.ui.looks.staff_digest import digest_card
from bot.ui.text.reader import Reader
from cogs.cases import freeze_parts
from cogs.coins import lookup
from cogs.creator import gifts
from cogs.settings import export
from cogs.settings import staff_log as staff_log_page
from cogs.wallet import views as wallet_views
from tests.ui.facts import ID, NOW_MS, Facts
from tests.ui.overlay_samples import CAN_BE_DONE

GRANT = {"coins": 1_234, "member": ID}
REVERSAL = {"of": ID, "coins": 1_234, "of_kind": "gift", "member": ID}


def acts(f: Facts) -> Iterator[LoggedAct]:
    """Yield an act of every kind, with as much as it can say."""
    rules = GuildRules(1, ID, 50, 5, f.coins, "UTC", ID, ID, ID, ID, f.coins, f.coins, f.name[:20], f.emoji)
    package = Package(1, ID, f.coins, f.coins, f.currency, 10, f.name, f.count, archived=True)
    item = GiftItem(1, ID, f.name, f.emoji, f.coins, NOW_MS, NOW_MS, f.count, True, True, Tier.GRAND, "123456", True)
    pairs: list[tuple[ActKind, object, object]] = [
        (ActKind.SETTINGS, rules, GuildRules(1)),
        (ActKind.SETTINGS, {"log_channel_id": 0}, {"log_channel_id": ID}),
        (ActKind.ANNOUNCING, AnnouncementSettings(1, 60, 90), AnnouncementSettings(1)),
        (ActKind.GRANT_LIMITS, GrantLimits(5, None)._asdict(), GrantLimits(None, f.coins)._asdict()),
        (ActKind.OFFER, {}, {"coins": f.coins, "uses": f.count}),
        (ActKind.OFFER, {"is_revoked": 0}, {"is_revoked": 1}),
        (ActKind.PAYOUT_RULES, PayoutRules(5, 2)._asdict(), PayoutRules(f.coins, 1)._asdict()),
        (ActKind.APPLYING, {"is_open": 0, "questions": ""}, {"is_open": 1, "questions": f"{f.title}\n{f.title}"}),
        (ActKind.RATES, {"EUR": 1_080_000}, {"JPY": 7_000}),
        (ActKind.HOLDS, {"stripe": 14, "kofi": 30}, {"stripe": 0, "kofi": 0}),
        (ActKind.CLUB_ROLE, {"club_role_id": 0}, {"club_role_id": ID}),
        *((ActKind.OVERLAY, {}, {"overlay": action.value}) for action in CAN_BE_DONE),
        (ActKind.OVERLAY, {}, {"overlay_off": 1}),
        (ActKind.SETTINGS, {"overlay_notes_from": None}, {"overlay_notes_from": "grand"}),
        (ActKind.SETTINGS, {"overlay_holds_since_ms": None}, {"overlay_holds_since_ms": NOW_MS}),
        (ActKind.LEVEL_ROLES, {"5": None}, {"5": ID}),
        (ActKind.LIVE, {"goal": None}, {"goal": f.coins, "reward": f.title}),
    ]
    changes = [change(kind, before, after, by=ID, at_ms=NOW_MS, subject=ID) for kind, before, after in pairs]
    choice = ProviderChoice(1, "kofi", True, f.name, "123456", 2)
    key = frozenset({"provider"})
    changes.append(change(ActKind.PAYMENT_METHODS, None, choice, by=ID, at_ms=NOW_MS, subject="kofi", without=key))
    limits = BuyingLimits(1, f.currency, f.coins, f.coins, 7, adults_only=True)
    names = frozenset({"currency", "coins", "price_minor", "name", "emoji"})
    for kind, before, after in (
        (ActKind.LIMITS, limits, replace(limits, daily_minor=None, account_days=0)),
        (ActKind.PACKAGE, None, package),
        (ActKind.PACKAGE, package, replace(package, coins=1, archived=False)),
        (ActKind.PERK, {"name": f.name, "emoji": f.emoji, "days": 7}, {"name": f.name, "emoji": f.emoji, "days": 9}),
        (ActKind.ITEM, None, item),
        (ActKind.CHALLENGE, None, {"name": f.title, "from_ms": NOW_MS, "until_ms": NOW_MS}),
        (ActKind.CHALLENGE, {"name": f.title, "until_ms": NOW_MS}, {"name": f.title, "until_ms": NOW_MS - 1}),
        (ActKind.ITEM, item, replace(item, price=1, stock=None, from_ms=None)),
    ):
        keys = frozenset({"package_id", "item_id"})
        changes.append(change(kind, before, after, by=ID, at_ms=NOW_MS, without=keys, named_by=names))
    changes += [StaffAct(0, kind, NOW_MS, str(ID), ID, before, after, f.note) for kind, before, after in _outcomes(f)]
    yield from (LoggedAct(ID, RecordedAct(ID, act)) for act in changes)
    moves = [(ActKind.GRANT, "grant", GRANT), (ActKind.REVERSAL, "reversal", REVERSAL)]
    moves += [(ActKind.PAYOUT, kind, GRANT | {"payout": ID}) for kind in (RecordPayout.kind, RejectPayout.kind)]
    for kind, name, facts in moves:
        receipt = Receipt(1, ID, name, NOW_MS, ID, ID, facts, f.note)
        original = Receipt(1, ID, "gift", NOW_MS, ID, ID, {"anonymous": f.anonymous})
        yield LoggedAct(ID, RecordedAct(ID, StaffAct(ID, kind, NOW_MS, member_id=ID, seq=ID)), receipt, original)


def _outcomes(f: Facts) -> list[tuple[ActKind, Values, Values]]:
    """Return what acts about cases, payouts and members change."""
    return [
        *((ActKind.CASE, {"outcome": ""}, {"outcome": outcome.value}) for outcome in Outcome),
        *((ActKind.CREATOR, {"approved": 1 - yes}, {"approved": yes}) for yes in (0, 1)),
        *((ActKind.FLAG, {"outcome": ""}, {"outcome": outcome.value}) for outcome in FlagOutcome),
        (ActKind.FLAG, {}, {"outcome": ""}),
        *((ActKind.FREEZE, {"frozen": 1 - yes}, {"frozen": yes}) for yes in (0, 1)),
        (ActKind.PAYOUT, {"state": "open"}, {"state": "approved"}),
        (ActKind.PAYOUT, {"transfer": ""}, {"transfer": f"{f.coins} EUR: balance_insufficient"}),
        (ActKind.PAYOUT, {"transfer": ""}, {"transfer": f"{f.coins} EUR: card_error"}),
        (ActKind.PAYOUT, {"transfer": "tr_1"}, {"transfer": "reversed"}),
        (ActKind.APPLICATION, {"open": 1}, {"open": 0}),
        (ActKind.PAYMENT, {}, {"confirmed": f.name}),
        (ActKind.PAYMENT, {}, {"denied": 1}),
        (ActKind.PAYMENT, {"refunded_minor": 0}, {"refunded_minor": f.coins, "currency": f.currency}),
    ]


def lookups(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield what staff see of a member with everything, and of one with nothing."""
    gift = {
        "creator": ID, "item": ID, "name": f.name, "emoji": f.emoji, "count": f.count, "coins": f.coins,
        "anonymous": True, "price_minor": f.coins, "currency": f.currency, "of": ID, "cause": "refund", "payout": ID,
    }  # fmt: skip
    booked = [name for name, kind in KINDS.items() if kind.booked_as == name]
    receipts = [Receipt(1, ID, kind, NOW_MS, ID, ID, gift, f.note) for kind in booked]
    lines = [
        WalletLine(ID - number, each.kind, NOW_MS, f.coins, each, f.coins, f.coins)
        for number, each in enumerate(receipts)
    ]
    order = Order(1, ID, ID, ID, f.coins, f.coins, f.currency, "sandbox", True, NOW_MS)
    case = PaymentCase(1, "stripe", "x", CaseKind.DIFFERS, ID, f.coins, f.currency, NOW_MS, case_id=ID)
    wallet = Wallet(*[f.coins] * 7)
    lots = [LeftOver(ID, f.coins, is_test=is_test) for is_test in (True, False)]
    ids = lookup.LookupIds(ID, ID, 9, 0, NOW_MS, NOW_MS)
    bounds = LookupFilter(LookupKind.ALL, NOW_MS, NOW_MS, 9)
    for start in range(0, len(lines), 5):
        some = lines[start : start + 5]
        entry = Lookup(ID, wallet, lots, [order] * 3, [case] * 3, some, {ID: 1}, bounds, 99)
        yield lookup.page_of(entry, ids, r, may_reverse=True)
    refs = [CaseRef(case_type, ID) for case_type in CaseType]
    frozen = [Freeze(ref, f.note or f.name, NOW_MS, ID) for ref in refs]
    entry = Lookup(ID, wallet, lots, [order] * 3, [case] * 3, lines[:5], {ID: 1}, bounds, 99, frozen, refs)
    yield lookup.page_of(entry, ids._replace(owner=ID - 1), r, may_reverse=True, may_freeze=True)
    yield from frozen_members(f, r)
    nothing = Lookup(ID, Wallet(), (), (), (), (), {}, LookupFilter(LookupKind.GIFTS), 0)
    yield lookup.page_of(nothing, ids, r, may_reverse=False)
    yield from declined_gifts(f, r)


def frozen_members(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield what frozen members see, and cases: with nobody frozen, with somebody, and with many to pick from."""
    freezes_of_reader = tuple(Freeze(CaseRef(case_type, ID), f.note or f.name, NOW_MS, ID) for case_type in CaseType)
    yield wallet_views.wallet(Overview(Wallet(f.coins), f.coins, [], 50, 0, freezes=freezes_of_reader), ID, [], r)
    freeze = Freeze(CaseRef(CaseType.FLAG, ID), f.note or f.name, NOW_MS, ID)
    for named, frozen in (((ID,), {}), ((ID,), {ID: freeze}), (tuple(range(ID - 30, ID + 1)), {ID: freeze})):
        freezes = CaseFreezes(freeze.case, True, named, frozen)
        free = [member_id for member_id in named if member_id not in frozen][: freeze_parts.MOST_NAMES]
        parts = freeze_parts.parts_of(freezes, free, dict.fromkeys(free, f.name), 1, r, may_decide=True)
        yield reply(Card(0, tuple(parts)))


def declined_gifts(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield what creators, staff and senders see of gifts that are declined."""
    facts = {
        "creator": ID, "name": f.name, "emoji": f.emoji, "count": f.count, "coins": f.coins, "price": f.coins,
        "anonymous": f.anonymous, "paid": f.coins, "promo": f.coins, "earnings": f.coins, "creator_debt": 1, "of": ID,
    }  # fmt: skip
    gift = Receipt(1, ID, "gift", NOW_MS, ID, ID, facts, f.note)
    for cause in DECLINES:
        back = Receipt(1, ID, "reversal", NOW_MS, ID, ID, facts | {"cause": cause.value})
        yield reply(decline_preview(ReversalPreview(gift, Decision("reversal", ID, (), back.facts)), r))
        preview = ReversalPreview(gift, Decision("reversal", ID, (), back.facts))
        yield reply(decline_preview(preview, r, is_own=True))
        yield reply(decline_receipt(Reversal(back, gift), r))
        yield news(
            [
                DeclineNotice(back, gift),
                LevelNotice(12),
                ClubNotice(ID, is_paused=True),
                ClubNotice(ID, is_paused=False),
            ],
            r,
        )
    latest = [
        ReceivedGift(gift._replace(seq=gift.seq - number), given_back, can_decline=not given_back)
        for number, given_back in enumerate((0, 1, f.count) * 2)
    ]
    yield reply(gifts.card(latest, ID, r))
    yield reply(gifts.card([], ID, r))


def staff_log(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield messages of the log channel, pages of the settings, and the books that an owner gets there."""
    every = [*acts(f)]
    yield from (reply(act_card(logged, r)) for logged in every)
    yield staff_log_page.page_of(LogPage(every[:6], 1, 99, ID), r, None)
    yield staff_log_page.page_of(LogPage((), 0, 0, 0), r, None, sets_channel=False)
    empty = Path(os.devnull)
    files = (
        ExportedFile("", empty, 0),
        *(ExportedFile(f"2026-{month:02}-to-2026-12", empty, 0) for month in range(1, 13)),
    )
    for agrees in (True, False):
        yield from map(reply, export.cards(ExportedBooks(files[:1], f.count, agrees), ID, r))
        for seq in (0, 1, f.count):
            yield from map(reply, export.cards(ExportedBooks(files, seq, agrees), ID, r))
    yield from (export.rest_missing(number, 30, ID, r) for number in (1, 29))
    gift = {"coins": f.coins, "anonymous": True, "name": f.name}
    kinds = [("gift", gift), ("order", GRANT), ("reversal", REVERSAL | {"cause": "refund", "anonymous": False})]
    receipts = [Receipt(1, ID, kind, NOW_MS, ID, ID, facts) for kind, facts in kinds]
    yield reply(digest_card(digest_of(receipts, 1, ID), r))
