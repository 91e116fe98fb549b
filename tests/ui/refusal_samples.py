"""One refusal of every kind."""

from bot.domain import applications
from bot.domain import buying_errors as buying
from bot.domain import confirmation_errors as confirming
from bot.domain import errors as no
from bot.domain import grant_errors as grants
from bot.domain import match_errors as match
from bot.domain import offer_errors as offers
from bot.domain import payout_errors as payouts
from bot.domain import reversal_errors as reversals
from bot.domain import staff_errors as staff
from bot.domain import withdrawal_errors as withdrawing
from bot.domain.ledger import restrictions
from bot.domain.ledger.fans import FansOnly
from bot.domain.packages import Terms
from bot.domain.payouts import PayoutState
from bot.ui.text import refusals as ui_no
from tests.ui.facts import ID, NOW_MS, Facts


def refusals(f: Facts) -> list[no.Refusal]:
    """Return one refusal of every kind."""
    return [*_typed(f), *_gifts(f), *_payouts(f), *_others(f), *_grants(f)]


def _payouts(f: Facts) -> list[no.Refusal]:
    return [
        payouts.PayoutOpen(ID),
        payouts.PayoutTooSmall(20_000, f.coins),
        payouts.PayoutTooLarge(f.coins * 2, f.coins),
        payouts.EarningsUncounted(),
        *(payouts.PayoutInDebt(f.coins, is_own) for is_own in (True, False)),
        payouts.OwnPayout(),
        payouts.PayoutNeedsAnother(),
        payouts.PayoutUnapproved(),
        *(payouts.PayoutDecided(state.value) for state in PayoutState),
        no.NotFound("payout"),
    ]


def _typed(f: Facts) -> list[no.Refusal]:
    return [
        no.InvalidAmount(f.name[:40], 1, 10**9),
        *(staff.InvalidPrice(f.name[:20], currency) for currency in ("USD", "JPY", "KWD")),
        staff.UnknownSku(f.name[:40]),
        staff.StorePriceDiffers(499, "USD"),
        *(no.InvalidText(field, 32) for field in ("name", "emoji", "reason", "title")),
        *(staff.InvalidPicture(why) for why in ("type", "bytes", "pixels", "animated", "broken", "unchecked")),
        staff.InvalidRate(f.name[:20]),
        staff.NoRateNeeded(f.currency),
        staff.NothingToHold(),
        no.InvalidTimeZone(f.name[:40]),
        no.InvalidCurrency(f.name[:20]),
        no.InvalidPeriod(),
        no.EmptyRange(),
        no.PastMoment(NOW_MS),
        no.AmbiguousAmount("1,000", "1000", ""),
        no.AmbiguousAmount("1,000", "1000", "1.000"),
        ui_no.InvalidMoment(f.name[:40]),
        ui_no.InvalidTimeOfDay(f.name[:40]),
        *(no.NotFound(noun) for noun in ("gift", "package", "order", "provider", "channel", "role")),
        no.NameTaken(f.name),
        no.UnknownGuild(),
        no.NotAllowed(()),
        no.NotAllowed(("creator", "host")),
        no.NotAllowed(("auditor", "manager", "treasurer")),
        ui_no.NotYours(ID),
        ui_no.ForeignEmoji(),
        ui_no.CannotWrite(ID),
        *(ui_no.UnfitRole(ID, why) for why in ("everyone", "managed", "crowd")),
        no.NotAllowed(("manage_server",)),
    ]


def _gifts(f: Facts) -> list[no.Refusal]:
    return [
        no.NotEnoughCoins(f.coins, f.coins * 2),
        reversals.InDebt(f.coins),
        reversals.AlreadyReversed(ID),
        reversals.DeclineOver(),
        staff.CaseDecided(ID),
        staff.FlagDecided(ID),
        staff.OwnFlag(),
        reversals.NotReversible("reversal"),
        reversals.HouseShort(f.coins, f.coins * 2),
        no.WalletFull(2**53 - 1),
        *(no.NotForMessages(f.name, *prices) for prices in ((None, f.coins), (f.coins, None), (1, f.coins))),
        no.GiftToSelf(),
        no.GiftToBot(),
        *(ui_no.NobodyToGift(by) for by in ("webhook", "system")),
        ui_no.UnknownMessage(),
        ui_no.Unreadable(),
        ui_no.NothingPicked(),
        ui_no.NoFans(ID),
        ui_no.UnknownPeriod(),
        ui_no.ConsentMissing(),
        ui_no.NotAMember(ID),
        ui_no.NotTheirMessage(ID),
        no.NotACreator(ID),
        no.CannotGoLive(ID),
        staff.CoinsToBot(),
        staff.BotAsCreator(),
        staff.NoCreatorToRemove(ID),
        no.CreatorLeft(ID),
        *(no.ItemUnavailable(f.name, why) for why in ("archived", "early", "over", "sold_out", "live_only")),
        FansOnly(f.name, ID),
        no.MustConfirm(f.coins),
        no.SentBefore(ID),
        *(no.PriceChanged(f.coins + 1, ceiling, currency) for ceiling in (0, f.coins) for currency in ("", f.currency)),
    ]


def _creating(f: Facts) -> list[no.Refusal]:
    return [
        applications.CreatorAlready(),
        applications.ApplicationsClosed(),
        applications.ApplicationOpen(NOW_MS),
        applications.ApplyLater(NOW_MS),
        applications.AnswerMissing(f.name[:45]),
        applications.AnswerMissing(""),
        applications.ApplicationGone(),
        staff.BlockSelf(),
        staff.StaffAsCreator(ID),
        restrictions.CreatorPaused(ID, NOW_MS),
        restrictions.GiftBlocked(ID),
        restrictions.AnonymousBlocked(ID),
        restrictions.BlockedByYou(ID),
        restrictions.NoteRefused(ID, f.name[:40]),
        restrictions.NoteRefused(0, f.name[:40]),
    ]


def _others(f: Facts) -> list[no.Refusal]:
    return [
        buying.NothingForSale(has_provider=False),
        buying.NothingForSale(has_provider=True),
        buying.PackageChanged(Terms(f.coins, f.coins, f.currency), Terms(f.coins, f.coins + 1, f.currency)),
        buying.PackageChanged(Terms(f.coins, f.coins, f.currency), None),
        buying.PackageLimit(f.count),
        buying.PaymentUndecided(f.count),
        buying.DailyLimit(f.coins, f.currency, NOW_MS),
        buying.DailyLimit(f.coins, f.currency, None),
        buying.HeldLimit(f.coins, f.coins, f.currency),
        buying.YoungAccount(f.count, NOW_MS),
        buying.CurrencyUnrated(f.currency),
        buying.AdultsOnly((ID, ID + 1)),
        buying.AdultsOnly(()),
        withdrawing.WithdrawalOff(),
        withdrawing.WithdrawalOver(NOW_MS),
        withdrawing.WithdrawalElsewhere(),
        withdrawing.NothingToWithdraw(is_spent=True),
        withdrawing.NothingToWithdraw(is_spent=False),
        withdrawing.WithdrawalChanged(f.coins, f.count),
        buying.OrderEnded(),
        buying.ProviderOff(),
        buying.ProviderDown("sandbox"),
        *_confirming(f),
        no.ForgedWebhook("age"),
        no.AlreadyACreator(ID),
        *_creating(f),
        no.AlreadyLive(ID, ID + 1),
        no.ChannelBusy(ID),
        no.NotLive(),
        no.NotYourLive(ID),
        no.CrowdedLive(4),
        match.MatchRuns(NOW_MS),
        match.NoMatch(),
        match.MatchWithSelf(),
        match.NotInvited(ID),
        match.InvitationOver(),
        no.NobodyToThank(),
        no.TooMany("gift", 100),
        no.Busy(),
        no.BooksClosed(),
        no.ClockDoubtful(),
    ]


def _confirming(f: Facts) -> list[no.Refusal]:
    return [
        confirming.OwnPayment(),
        confirming.AlreadyConfirmed(),
        confirming.PaymentDecided("RO-7K4F"),
        confirming.PaymentAssigned(),
        confirming.ReferenceDiffers(f.name[:60]),
        confirming.ReferenceUsed("RO-7K4F"),
        confirming.InvalidPaymentReference(),
        confirming.SecretTaken(),
        confirming.SecretMissing(),
        confirming.InvalidPage(),
        confirming.RefundChanged(f.coins, f.currency),
    ]


def _grants(f: Facts) -> list[no.Refusal]:
    return [
        grants.GrantTooLarge(f.coins),
        grants.DailyGrantLimit(f.coins, 0, NOW_MS),
        grants.DailyGrantLimit(f.coins, 7, NOW_MS),
        grants.NeedsSecondPerson(),
        grants.RequestOver(),
        grants.ForeignReceipt(ID, ID),
        *(grants.UnreadableFile(why) for why in ("bytes", "rows", "empty", "columns", "unfetched", "text")),
        grants.InvalidRatio(f.name[:40]),
        grants.BatchOver(),
        *(offers.UnknownCode(), offers.TooManyGuesses(NOW_MS), offers.OfferOver(), offers.OfferUsedUp()),
        *(offers.OfferPaused(NOW_MS), offers.OwnOffer(), offers.TooYoungForOffer(7, NOW_MS), offers.NeedsRole(ID)),
        offers.CodeTaken(),
        reversals.NotReversible("grants"),
    ]
