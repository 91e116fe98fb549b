"""Everything that the surface can show, built from a few facts: for tests that look at all of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import discord

from bot.domain.catalogue import GiftItem, Tier
from bot.domain.channel_refusals import UnwritableChannel
from bot.domain.combos import Combo, EventGift
from bot.domain.creators import Creator
from bot.domain.gift_totals import GiftTotals
from bot.domain.guild_providers import PaymentMethod
from bot.domain.leaderboards import Board, Leaderboard, Standing
from bot.domain.ledger.books import Decision
from bot.domain.ledger.gift import SendGift
from bot.domain.levels import progress_of
from bot.domain.live import EventTotals, LargestGift, LiveEvent, Origin, Outcome, ReachedGoal, Recap
from bot.domain.live_progress import LATEST, LiveProgress
from bot.domain.match import Answer, Invitation, Match, MatchCard, MatchResult, MatchState, Score
from bot.domain.momentum import Train
from bot.domain.order_states import OrderState
from bot.domain.orders import Order
from bot.domain.packages import Package
from bot.domain.periods import Period
from bot.domain.planned_gifts import Lapse
from bot.domain.posts import Post, PostForm
from bot.domain.prompts import Checkout, PremiumButton, Quote
from bot.domain.receipts import Receipt
from bot.domain.thanks import ThankYou, Unthanked
from bot.domain.wallets import Wallet, WalletLine
from bot.imaging.values import Person
from bot.services.gifts import Habit, SendableGifts
from bot.services.histories import Purchase
from bot.services.leaderboards import BoardPage, BoardQuery
from bot.services.live_rules import LiveStatus
from bot.services.orders import Offer
from bot.services.thanks import ThanksQueue
from bot.services.visible_leaderboard import VisiblePage
from bot.services.wallets import Overview
from bot.ui.kit.cards import Picture
from bot.ui.kit.cross_links import gift_button, notes_button
from bot.ui.kit.errors import failure
from bot.ui.kit.missed import missed_card
from bot.ui.kit.news import unassigned
from bot.ui.kit.pages import PageIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import leaderboards as board_card
from bot.ui.looks.announcements import LATE_MS, card_of, roundup_card, totals_card
from bot.ui.looks.live_card import Scene, live_card, over_card, pointer_card, unwanted
from bot.ui.looks.match_card import match_card
from bot.ui.looks.moments import alt_text as moment_alt_text
from bot.ui.looks.moments import moments_of
from bot.ui.looks.notices import broken_notice, lost_emoji_notice
from bot.ui.looks.recap import recap_of
from bot.ui.looks.results import Shown, results_reply
from bot.ui.looks.thanks import thank_you_card
from bot.ui.text.reader import Reader
from cogs.buy import discord_render
from cogs.buy import orders as buy_orders
from cogs.buy import render as buy_render
from cogs.buy import views as buy_views
from cogs.catalogue import render as catalogue_render
from cogs.coins import render as coins_render
from cogs.creator import views as creator_views
from cogs.creators import render as creators_render
from cogs.gift import render as gift_render
from cogs.gift import views as gift_views
from cogs.gift.picker import render as picker_render
from cogs.gift.picker.render import PickerIds
from cogs.gift.picker.views import PickCount, PickItem, habit_buttons
from cogs.gift.shelf import render as shelf_render
from cogs.gift.shelf import views as shelf_views
from cogs.help import render as help_render
from cogs.help.topics import TOPICS
from cogs.leaderboard import render as board_render
from cogs.live import render as live_render
from cogs.live import views as live_views
from cogs.packages import render as packages_render
from cogs.wallet import views as wallet_views
from tests.ui.attendance_samples import attendance_replies
from tests.ui.budget_samples import budget_screens, histories
from tests.ui.challenge_samples import challenge_replies
from tests.ui.creator_samples import creator_screens
from tests.ui.earnings_samples import creator_earnings, payouts
from tests.ui.facts import ID, NOW_MS, Facts
from tests.ui.noted_samples import noted_payments
from tests.ui.order_samples import decided_orders, planned_gift, planned_gifts, withdrawing
from tests.ui.perk_samples import perk_replies
from tests.ui.pool_samples import pool_replies
from tests.ui.privacy_samples import privacy
from tests.ui.profile_samples import profile_replies
from tests.ui.refusal_samples import refusals
from tests.ui.settings_samples import settings_pages
from tests.ui.staff_samples import lookups, staff_log
from tests.ui.undo_samples import undo_replies

PICTURE = Picture("picture.png", b"", "·" * 2_000)
LARGE_PICK = PickerIds(owner=ID, creator=ID, item=1, quantity=99, anonymous=1, message=ID, page=1, intent=ID)


def item(f: Facts) -> GiftItem:
    return GiftItem(1, ID, f.name, f.emoji, f.coins, NOW_MS, NOW_MS + 1, f.count, live_only=True, archived=f.anonymous)


def package(f: Facts, number: int = 1) -> Package:
    return Package(1, number, f.coins, f.coins, f.currency, 10, f.name, f.count, archived=f.anonymous)


def receipt(f: Facts, kind: str = "gift") -> Receipt:
    facts = {
        "creator": ID, "item": ID, "name": f.name, "emoji": f.emoji, "price": f.coins, "count": f.count,
        "coins": f.coins * f.count, "paid": f.coins, "promo": 0, "share": 1, "share_percent": 50,
        "anonymous": f.anonymous, "channel": ID, "message": 0, "event": ID, "live_channel": ID, "noted": True,
        "paid_after": f.coins, "promo_after": f.coins, "payoff": f.coins,
        "price_minor": f.coins, "currency": f.currency, "order": ID,
    }  # fmt: skip
    return Receipt(1, ID, kind, NOW_MS, ID, ID, facts, f.note)


def order(f: Facts) -> Order:
    return Order(1, ID, ID, ID, f.coins, f.coins, f.currency, "sandbox", True, NOW_MS)


def standings(f: Facts) -> tuple[Standing, ...]:
    return tuple(Standing(place, ID - place, f.coins, f.count) for place in range(1, f.rows + 1))


def reached(f: Facts) -> tuple[ReachedGoal, ...]:
    return tuple(ReachedGoal(f.coins + number, NOW_MS) for number in range(f.rows % 4))


def live(f: Facts, ended_ms: int | None = None, **changes: Any) -> LiveStatus:
    event = LiveEvent(1, ID, ID, ID, f.title, f.coins, NOW_MS, NOW_MS + 1, ended_ms, NOW_MS, f.title)
    result = MatchResult(ID, ID, ID - 1, 1, Score(f.coins, f.coins - 1), is_decided=not f.anonymous)
    recap = Recap(
        NOW_MS if f.anonymous else None,
        Combo(ID, ID, f.name, f.emoji, f.count),
        f.rows % 6,
        (result,) * 3,
        LargestGift(ID, f.name),
    )
    totals = EventTotals(f.coins * f.count, f.count, f.rows, standings(f)[:3])
    people = (ID, ID - 1, ID - 2, ID - 3)
    return LiveStatus(replace(event, **changes), totals, people, recap, ID, ID, reached=reached(f), attendees=f.count)


def match(f: Facts, rounds: int = 3) -> Match:
    return Match(1, ID, ID, ID, ID - 1, rounds, f.anonymous, NOW_MS)


def scene(f: Facts, rounds: int = 3) -> Scene:
    gift = EventGift(ID, NOW_MS, None if f.anonymous else ID, ID, f.name, f.emoji, f.count, f.coins)
    state = MatchState(match(f, rounds), (Score(f.coins, f.coins),) * rounds, Score(1, 1), None, f.anonymous)
    return Scene((gift,) * LATEST, {ID: ID}, Train(1, NOW_MS, NOW_MS, 2, f.coins, total=f.coins), state, f.coins)


def thank_you(f: Facts) -> ThankYou:
    return ThankYou(1, ID, ID, ID, (ID,) * 9 + (0,), f.rows, f.count, f.coins)


def queue(f: Facts, members: int) -> ThanksQueue:
    entry = Unthanked(ID, ID, f.coins, f.count, ID, notes=(f.note,) * 3)
    entries = tuple(replace(entry, sender=ID - number) for number in range(min(members, 5)))
    return ThanksQueue((*entries, replace(entry, sender=None, sender_id=0)) if f.anonymous else entries, members)


def board(f: Facts, kind: Board, period: Period) -> BoardPage:
    query = BoardQuery(1, kind, period, ID, ID, fans_of=ID if kind is Board.GIFTERS else None)
    leaderboard = Leaderboard(kind, period, standings(f), Standing(99, ID, f.coins, f.count), 100, f.coins)
    event = live(f, NOW_MS).event if period is Period.LIVE else None
    return BoardPage(query, leaderboard, 10, str(ZoneInfo("UTC")), 1_700_000_000_000, event, {ID - 1: item(f)})


def announcements(f: Facts) -> Iterator[tuple[Post, GiftTotals]]:
    for form in PostForm:
        for senders in (1, 9):
            contents = GiftTotals()
            for number in range(1, 21):
                contents.add(receipt(f)._replace(seq=number, actor_id=ID - number % senders))
            yield Post(1, ID, ID, 1, 20, form, NOW_MS, NOW_MS), contents
            yield Post(1, ID, ID, 1, 20, form, NOW_MS - LATE_MS, NOW_MS), contents


def replies(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield every reply of every family."""
    yield from _gifts(f, r)
    yield from _money(f, r)
    yield from _shows(f, r)
    yield from _staff(f, r)
    yield from privacy(f, r)
    yield from perk_replies(f, r)
    for name in TOPICS:
        yield reply(help_render.topic(help_render.Place(name), r))
    yield reply(help_render.not_found(f.name, r))
    missed = [receipt(f, kind) for kind in ("gift", "order", "grant") for _ in range(4)][:10]
    yield reply(missed_card(missed, {ID: replace(planned_gift(ID, f.name, f.note), lapse=Lapse.LATE)}, r))
    for refusal in refusals(f):
        yield from (failure(refusal, r, ID, money=money, uncharged=money) for money in (True, False))
    yield failure(discord.app_commands.CommandNotFound("", []), r, ID)
    yield from (failure(RuntimeError(), r, ID, money=money) for money in (True, False))


def _gifts(f: Facts, r: Reader) -> Iterator[Reply]:
    command = SendGift(1, "", ID, ID, ID, f.count, ID, f.note, f.anonymous)
    preview = Decision(SendGift.kind, ID, (), receipt(f).facts, note=f.note)
    yield gift_views.confirm(command, preview, ID, r, package=package(f))
    yield gift_views.receipt(receipt(f), package(f), r)
    yield gift_views.confirm(command, preview, ID, r, earlier=receipt(f))
    yield from (reply(gift_render.cancelled(r, certain=certain)) for certain in (True, False))
    yield reply(gift_render.closed(r))
    items = tuple(replace(item(f), item_id=number) for number in range(1, 40))
    offer = SendableGifts(items, Wallet(f.coins), (Habit(items[0], 99, True), Habit(items[1], 1, False)), package(f))
    nothing_picked = PickerIds(owner=ID, creator=ID, item=0, quantity=1, anonymous=0, message=0, page=0, intent=ID)
    for pick in (nothing_picked, LARGE_PICK):
        panel = picker_render.panel(pick, offer, f.note, r)
        options, _page, _pages = picker_render.items(pick, offer, r)
        counts = picker_render.counts(pick, picker_render.item_of(pick, offer), package(f), r)
        habits = [] if pick.item else habit_buttons(pick, offer, r)
        yield reply(
            panel, [*habits, PickItem.select(pick, options, "", row=1), PickCount.select(pick, counts, "", row=2)]
        )
    yield from budget_screens(f, receipt(f), offer, LARGE_PICK, r)
    embed, whose = picker_render.whose([(ID, f.name), (1, f.name)], r)
    yield reply(embed, [PickItem.select(pick, whose, "")])
    ladder = [replace(item(f), price=price) for price in (1, 99, 100, 999, 1_000, 5_000, 20_000, 10**9)]
    for tier in (None, *Tier):
        yield shelf(f, ladder, shelf_render.shelf_page(ladder, tier, 0, package(f)), r)
    yield shelf(f, [item(f)] * 25, shelf_render.shelf_page([item(f)] * 25, None, 1, None), r)
    yield reply(gift_render.nothing_to_send(r))


def shelf(f: Facts, items: list[GiftItem], page: shelf_render.ShelfPage, r: Reader) -> Reply:
    alt = shelf_render.alt_text(shelf_render.shelf_card(page, r), r)
    picture = Picture("shelf.png", b"", alt) if f.anonymous else None
    return shelf_views.panel(page, items, ID, picture, r)


def method(provider: str, *, is_test: bool = False, is_on: bool = True, needs_account: bool = False) -> PaymentMethod:
    """Return a payment method without an account."""
    return PaymentMethod(provider, is_test, needs_account, is_on)


def _money(f: Facts, r: Reader) -> Iterator[Reply]:
    methods = method("sandbox", is_test=True), method("stripe")
    shop = [Offer(package(f, number), methods, is_prepaid=number % 7 == 0) for number in range(1, 26)]
    yield from (buy_views.shop_panel(shop, PageIds(ID, page), r) for page in (0, 1))
    yield reply(unassigned(r))
    yield reply(discord_render.free_coins(order(f), "", r))
    address = "https://pay.example/" + "x" * 80
    prompts = Checkout("cs_1", address), PremiumButton(ID), Quote("code", "RO-7K4F"), Quote("code", "RO-7K4F", address)
    yield from (buy_orders.waiting(order(f), prompt, r) for prompt in prompts)
    yield reply(buy_render.cancelled(None, r))
    yield from decided_orders(order(f), package(f), receipt(f, "order"), f.count, r)
    yield from planned_gifts(order(f), receipt(f, "gift"), receipt(f, "order"), f.name, f.note, r)
    yield from noted_payments(order(f), package(f), f.name, r)
    yield from creator_earnings(f.coins, ID, r)
    yield from creator_screens(item(f), f, r)
    yield from payouts(f.coins, ID, f.note, package(f), r)
    disputed = replace(order(f), state=OrderState.LOST, refunded_minor=f.coins)
    lines = [
        WalletLine(ID, kind, NOW_MS, amount, receipt(f, kind), earned, f.coins, disputed)
        for kind, amount, earned in (("gift", -f.coins, 0), ("gift", 0, f.coins), ("order", 1, 0), ("grant", 1, 0))
    ]
    wallet = Wallet(*[f.coins] * 7)
    yield wallet_views.wallet(
        Overview(wallet, f.coins, lines * 3, 50, 0, progress_of(f.coins)),
        ID,
        [(ID, number) for number in range(1, 6)],
        r,
    )
    yield wallet_views.wallet(Overview(Wallet(), 0, [], 50, 10), ID, [], r)
    states = [replace(order(f), order_id=ID - n, state=state) for n, state in enumerate(OrderState)]
    yield from histories(lines * 3, [Purchase(it, ID) for it in states], f.coins, r)
    yield from withdrawing(order(f), receipt(f, "reversal"), r)


def _shows(f: Facts, r: Reader) -> Iterator[Reply]:
    for kind in board_card.TITLES:
        for period in Period:
            page = board(f, kind, period)
            yield reply(board_render.board(page, page.leaderboard.standings, page.leaderboard.own, r))
            yield reply(board_render.board(page, (), None, r))
            yield board_picture(page, r)
    yield from _results(f, r)
    for title in (f.title, ""):
        titled = replace(f, title=title)
        yield live_views.started(live(titled), ID, r)
        yield reply(live_card(live(titled), r, bar=PICTURE))
        yield reply(live_card(live(titled, closing_ms=NOW_MS), r, scene(titled)))
        yield reply(
            live_card(live(titled, paused_ms=NOW_MS), r, scene(titled, 1)), [gift_button(ID, r, is_paused=True)]
        )
        yield reply(live_card(live(titled, origin=Origin.STAGE), r))
        yield live_views.ending(live(titled), ID, r)
        yield live_views.ended(live(titled, NOW_MS), r)
        yield reply(over_card(live(titled, NOW_MS), r))
        yield reply(pointer_card(live(titled), ID, r))
        yield reply(unwanted(live(titled).event, r))
        for outcome in Outcome:
            yield reply(recap_of(live(titled, NOW_MS, outcome=outcome), r))
            yield reply(recap_of(live(titled, NOW_MS, outcome=outcome), r, PICTURE))
    yield from _matches(f, r)
    for members in (0, 1, 5, 99):
        names = {ID: f.title or "Mia"}
        yield creator_views.panel(queue(f, members), names, ID, r, reacts=f.anonymous)
    yield from (reply(thank_you_card(thank_you(f), {ID: ID}, r, shows_quantity=shows)) for shows in (True, False))
    pictures = tuple(replace(PICTURE, filename=f"{number}.png") for number in range(4))
    for post, contents in announcements(f):
        yield reply(card_of(post, contents, r, NOW_MS, pictures), [notes_button(1, r)])
        yield reply(totals_card(contents, r), [notes_button(1, r)])
        yield reply(roundup_card(dict.fromkeys(range(ID - 20, ID), contents), "https://discord.com/" + "9" * 60, r))
        yield reply(card_of(post, contents, r, NOW_MS, (replace(PICTURE, beside=True),)))
    yield reply(
        broken_notice([UnwritableChannel(1, ID, 50013, NOW_MS), UnwritableChannel(1, ID, 0, NOW_MS).lost(10003)], r)
    )
    yield reply(lost_emoji_notice([item(f)], r))


def _results(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield results of a week and a month, so far and for good, with pictures and without."""
    for period, number in ((Period.WEEK, 202653), (Period.MONTH, 202612)):
        boards = [board(f, kind, period) for kind in (Board.GIFTERS, Board.CREATORS)]
        pages = [VisiblePage(page, page.leaderboard.standings, None, 0, 1) for page in boards]
        for ends_ms in (NOW_MS, None):
            shown = Shown(period, number, pages, ends_ms)
            yield results_reply(shown, r)
            yield results_reply(shown, r, [PICTURE, replace(PICTURE, filename="creators.png")])


def board_picture(page: BoardPage, r: Reader) -> Reply:
    standings, own = page.leaderboard.standings, page.leaderboard.own
    people = {member_id: Person("Ρόδο" * 10, member_id) for member_id in board_card.people_on(page, standings, own)}
    card = board_card.card(page, standings, own, people, r)
    picture = Picture("leaderboard.png", b"", board_card.alt_text(card, r))
    return reply(board_render.board(page, standings, own, r, picture))


def match_cards(invitation: Invitation, match: Match) -> Iterator[MatchCard]:
    """Yield the card of a match in all its states."""
    yield MatchCard(invitation, None, NOW_MS)
    yield MatchCard(invitation, None, invitation.expires_ms)
    for answer in (Answer.DECLINED, Answer.ENDED):
        yield MatchCard(replace(invitation, answer=answer), None, NOW_MS)
    scores = (Score(10**9, 10**9 - 1),) * match.rounds
    last_ms = match.ends_of(match.rounds)
    for won, over_ms in ((Score(), None), (Score(), NOW_MS), (Score(0, 3), NOW_MS), (Score(1, 1), last_ms)):
        yield MatchCard(invitation, MatchState(match, scores, won, over_ms), NOW_MS)


def _matches(f: Facts, r: Reader) -> Iterator[Reply]:
    yield live_views.goal(live(f), r)
    yield live_views.stage_open(ID, r)
    yield reply(live_render.stage_taken(live(f), r))
    for rounds in (1, 3):
        invitation = Invitation(1, ID, ID, ID, ID - 1, rounds, f.anonymous, NOW_MS)
        yield live_views.invited(invitation, r)
        yield from (match_card(card, r) for card in match_cards(invitation, match(f, rounds)))
    show = LiveProgress(live(f).event, [match(f, 1), match(f, 3)])
    gift = scene(f).latest[0]
    # Three members start a train, and the last of many gifts takes it through all levels.
    show.feed(gift._replace(seq=number, sender=number, coins=10**6) for number in range(1, 5))
    for event in (live(f).event, live(f, goal=1, goal_until_ms=None).event):
        for moment in moments_of(event, show, NOW_MS + 10**7):
            look = moment.look((ID, ID - 1), r)
            yield reply(look.card())
            drawing = look.peopled({id_: Person("Ρόδο" * 10, id_) for id_ in look.member_ids}, r)
            if drawing is not None:
                yield reply(look.card(replace(PICTURE, alt=moment_alt_text(drawing, r))))


def _staff(f: Facts, r: Reader) -> Iterator[Reply]:
    yield reply(packages_render.packages([package(f)] * 15, 0, 2, r, can_pay=True, may_change=True))
    yield reply(packages_render.packages([], 0, 1, r, can_pay=False, may_change=True, unrated=["EUR", "JPY"]))
    yield reply(packages_render.added(package(f), r))
    yield reply(packages_render.changed(package(f), r))
    yield reply(catalogue_render.catalogue([item(f)] * 20, 0, 2, r, may_change=True))
    yield reply(catalogue_render.catalogue([], 0, 1, r, may_change=True))
    yield reply(catalogue_render.added(item(f), replace(PICTURE, beside=True), r))
    yield reply(catalogue_render.changed(item(f), None, r))
    yield reply(creators_render.creators([Creator(ID, 0, NOW_MS)] * 20, 0, 2, r))
    yield reply(creators_render.creators([], 0, 1, r))
    yield reply(creators_render.approved(ID, r))
    yield reply(creators_render.removed(ID, r))
    yield reply(coins_render.granted(receipt(f, "grant"), r))
    yield from undo_replies(f, r)
    yield from settings_pages(f, r)
    yield from profile_replies(f, r)
    yield from challenge_replies(f, r)
    yield from attendance_replies(f, r)
    yield from pool_replies(receipt(f), f, r)
    yield from staff_log(f, r)
    yield from lookups(f, r)
