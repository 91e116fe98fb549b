"""Everything that creators see of their earnings, and what staff choose about them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from bot.domain.earnings import Earnings
from bot.domain.guild_providers import PaymentMethod
from bot.domain.holds import HOLD_DAYS, NEVER, PROMO, TEST, UNKNOWN, Hold, HoldChange, HoldRules
from bot.domain.notices import PayoutNotice
from bot.domain.packages import Package
from bot.domain.payouts import Payout, PayoutRules, PayoutState
from bot.domain.receipts import Receipt
from bot.domain.transfers import Transfer, TransferState, TransferTerms
from bot.services.payouts import PayoutPage, PayoutPreview, PayoutReport
from bot.services.transfers import TransferQuestion
from bot.ui.kit.news import news
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import transfers
from bot.ui.looks.notices import payouts_notice
from bot.ui.text.reader import Reader
from cogs.creator import earnings
from cogs.creator import payouts as creator_payouts
from cogs.creator import transfers as creator_transfers
from cogs.payouts import render as payout_render
from cogs.payouts import sending
from cogs.payouts import views as payout_views
from cogs.settings import payments
from tests.ui.facts import NOW_MS

TODAY = 20_000


def creator_earnings(diamonds: int, creator_id: int, r: Reader) -> Iterator[Reply]:
    """Yield the card for somebody without earnings, with everything that it can say, while gifts are counted, and with
    earnings that wait for the operator or for staff."""
    nothing = Earnings(0, TODAY, (), {}, 0, 0, 0, 0, 50)
    sources = (*HOLD_DAYS, UNKNOWN)
    holds = [Hold(source, TODAY + day, diamonds) for day in range(1, 9) for source in sources]
    by_source = dict.fromkeys((*sources, PROMO, TEST), diamonds)
    total = diamonds * (len(holds) + 2)
    everything = Earnings(
        total, TODAY, [*holds, Hold(TEST, NEVER, diamonds)], by_source, diamonds, 0, diamonds, diamonds, 0
    )
    some = Earnings(diamonds * 3, TODAY, holds[:2], {}, 0, 0, 0, 0, 0, 40)
    withheld = replace(some, holds=[*holds[:1], Hold("discord_sku", NEVER, diamonds)])
    looked_at = replace(some, flags=[*holds[:1], Hold("manual", TODAY, diamonds)])
    for overview in (nothing, everything, some, withheld, looked_at):
        yield reply(earnings.card(overview, None, r))
        yield reply(earnings.card(overview, creator_id, r))


def payment_settings(r: Reader) -> Iterator[Reply]:
    """Yield the page about payments: with every method, for those who may change it and who may not, and with none."""
    methods = [
        PaymentMethod("sandbox", is_test=True, needs_account=False, is_on=True),
        PaymentMethod("stripe", is_test=False, needs_account=False, is_on=False),
        PaymentMethod("kofi", is_test=False, needs_account=True, is_on=True),
        PaymentMethod("manual", is_test=False, needs_account=False, is_on=True),
        PaymentMethod("discord_sku", is_test=False, needs_account=False, is_on=True),
    ]
    for is_changeable in (True, False):
        settings = payments.PaymentSettings(
            methods=methods,
            holds=HoldRules([HoldChange("kofi", 0, 1)]),
            payouts=PayoutRules(people=1 + is_changeable),
            terms=TransferTerms("USD", 1_400) if is_changeable else None,
            can_send=is_changeable,
            withheld={"discord_sku"} if is_changeable else (),
        )
        yield payments.page_of(settings, r, is_changeable=is_changeable)
    nothing = payments.PaymentSettings([], HoldRules(), PayoutRules())
    yield payments.page_of(nothing, r, is_changeable=True)


def payout_reports(diamonds: int, creator_id: int, note: str) -> list[PayoutReport]:
    """Return a payout in every state, and one of a creator who owes something by now."""
    payout = Payout(1, 10**9, 1, diamonds, NOW_MS)
    approval = replace(payout, state=PayoutState.APPROVED, approved_by=2, approved_ms=NOW_MS)
    ends = [
        replace(approval, state=state, closed_by=3, closed_ms=NOW_MS, closed_seq=7)
        for state in (PayoutState.PAID, PayoutState.REJECTED)
    ]
    reports = [PayoutReport(state, creator_id, 0, 0, note, 0) for state in (payout, approval, *ends)]
    return [*reports, reports[-1]._replace(note=""), reports[1]._replace(debt=diamonds)]


def _transfers(approved: PayoutReport, package: Package, r: Reader) -> Iterator[Reply]:
    """Yield what staff and creators see of payouts that are sent by transfer."""
    payout = approved.payout
    attempt = Transfer(1, payout.payout_id, 10**6, "acct_1", 99_999_999, "USD", 3, NOW_MS)
    refused = replace(attempt, state=TransferState.REFUSED)
    attempts = [
        *(replace(refused, why=why) for why in (*transfers.WHY, "rate_limit")),
        replace(attempt, state=TransferState.SENT),
        replace(attempt, state=TransferState.SENT, why="reversed"),
        attempt,
    ]
    for each in attempts:
        is_open = each.state is TransferState.OPEN
        report = approved._replace(payout=replace(payout, sending=1 if is_open else None))
        buttons = payout_views.decisions(report, 5, 2, r, each, sends=True)
        yield reply(payout_render.payout(report, "", package, r, each, TransferTerms("USD", 5)), buttons)
    yield sending.question(TransferQuestion(approved, 99_999_999, "USD"), 5, r)
    yield creator_transfers.card("https://connect.stripe.com/setup/e/acct_1/x", r)
    yield creator_transfers.card("", r)


def payouts(diamonds: int, creator_id: int, note: str, package: Package, r: Reader) -> Iterator[Reply]:
    """Yield the question, and a payout in every state as its creator and all who work with it see it."""
    for entry in (package, None):
        terms = None if entry else TransferTerms("JPY", 1)
        yield creator_payouts.question(PayoutPreview(diamonds, diamonds), entry, creator_id, r, terms)
    reports = payout_reports(diamonds, creator_id, note)
    for report in reports:
        yield creator_payouts.status(report, package, creator_id, r)
        yield reply(
            earnings.card(
                Earnings(diamonds, TODAY, (), {}, 0, 0, 0, 0, 0, reserved=diamonds, paid_out=diamonds), None, r
            ),
            [creator_payouts.button(creator_id, r, is_open=report.payout.is_open)],
        )
        for owner, people, may_decide in product((creator_id, 0, 5), (1, 2), (True, False)):
            text = payout_views.advice(report, owner, people, r, may_decide=may_decide)
            yield reply(
                payout_render.payout(report, text, package, r), payout_views.decisions(report, owner, people, r)
            )
    yield from _transfers(reports[1], package, r)
    ids = [payout_views.PayoutIds(creator_id, 10**9 - number) for number in range(4)]
    opening = [payout_views.OpenPayout.button(each, r._("Open payout #{number}", number=each.payout)) for each in ids]
    yield reply(payout_render.listed(PayoutPage(reports[:4], 1, 3), opening, package, r))
    yield reply(payout_render.listed(PayoutPage([], 0, 1), [], None, r))
    yield reply(payouts_notice(1, r))
    end = Receipt(1, 7, "payout_rejection", NOW_MS, 3, creator_id, {"payout": 6, "payoff": diamonds}, note)
    notices = [PayoutNotice(report.payout, end if report.payout.closed_seq else None) for report in reports[1:4]]
    yield news(notices, r)
