"""One refusal of every kind."""

from bot.domain import applications, chip_ins, freezes
from bot.domain import budget_errors as budgets
from bot.domain import buying_errors as buying
from bot.domain import challenge_errors as challenges
from bot.domain import chest_errors as chests
from bot.domain import confirmation_errors as confirming
from bot.domain import errors as no
from bot.domain import grant_errors as grants
from bot.domain import match_errors as match
from bot.domain import offer_errors as offers
from bot.domain import payout_errors as payouts
from bot.domain import perk_errors as perks
from bot.domain import reversal_errors as reversals
from bot.domain import staff_errors as staff
from bot.domain import withdrawal_errors as withdrawing
from bot.domain.catalogue import Tier
from bot.domain.erasures import DataInUse, Obstacle
from bot.domain.freezes import CaseType
from bot.domain.ledger import restrictions
from bot.domain.ledger.fans import FansOnly
from bot.domain.ledger.team_gift import TeamTooSmall, TooCheapToSplit
from bot.domain.member_choices import HiddenMember
from bot.domain.member_roles import Trouble
from bot.domain.packages import Terms
from bot.domain.payouts import PayoutState
from bot.domain.periods import Period
from bot.ui.text import refusals as ui_no
from tests.ui.facts import ID, NOW_MS, Facts


def refusals(f: Facts) -> list[no.Refusal]:
    """Return one refusal of every kind."""
    money = [*_typed(f), *_gifts(f), *_budgets(f), *_perks(f), *_payouts(f), *_grants(f), *_challenges(f)]
    money += _chests(f)
    return [*money, *_others(f), *_freezes(f), *map(DataInUse, Obstacle), HiddenMember(ID)]


def _budgets(f: Facts) -> list[no.Refusal]:
    return [
        *(
            budgets.OverBudget(period, 10**9, f.coins, f.coins + 1, NOW_MS, is_purchase, is_young)
            for period in (Period.TODAY, Period.WEEK, Period.MONTH)
            for is_purchase in (True, False)
            for is_young in (True, False)
        ),
        *(budgets.BudgetPaused(NOW_MS, is_purchase) for is_purchase in (True, False)),
        budgets.PauseRuns(NOW_MS),
        budgets.NoBudget(),
    ]


def _perks(f: Facts) -> list[no.Refusal]:
    return [
        *(perks.PerkSoldOut(f.name, at_ms) for at_ms in (0, NOW_MS)),
        perks.PerkOwned(f.name),
        perks.PerkLimit(f.name, f.count),
        perks.PerkUnreachable(f.name),
        perks.OwnPerk(),
        *(perks.NeedsTier(tier.number, creator_id) for tier in Tier for creator_id in (0, ID)),
        perks.NeedsLevel(f.count, 3),
        perks.NeedsClub(ID),
        perks.TicketMoved(),
        *map(perks.PerkFileRefused, (0, 4 * 1024**2)),
        *map(perks.PerkIncomplete, ("role", "channel", "text", "file", "creator", "way", "stock")),
    ]


def _chests(f: Facts) -> list[no.Refusal]:
    return [
        *(chests.NotASponsor(role_id) for role_id in (0, ID)),
        chests.TooFewForShares(f.count),
        chests.NotEnoughPromo(f.coins, f.count),
        chests.ChestRuns(ID, NOW_MS),
        chests.ChestOver(),
        chests.ChestEmpty(),
        chests.OwnChest(),
        chests.BlockedByCreator(),
        chests.TooYoungForChest(f.count, NOW_MS),
        chests.TooNewForChest(f.count, NOW_MS),
    ]


def _payouts(f: Facts) -> list[no.Refusal]:
    return [
        payouts.PayoutOpen(ID),
        *(payouts.PayoutTooSmall(20_000, *sums) for sums in ((0, 0), (0, 500), (f.coins, f.coins))),
        payouts.PayoutTooLarge(f.coins * 2, f.coins),
        payouts.EarningsUncounted(),
        *(payouts.PayoutInDebt(f.coins, is_own) for is_own in (True, False)),
        payouts.OwnPayout(),
        payouts.PayoutNeedsAnother(),
        payouts.PayoutUnapproved(),
        payouts.PayoutSending(),
        payouts.TransfersOff(),
        payouts.PayeeNotReady(),
        payouts.TransferChanged(f.coins, f.currency),
        payouts.TransferTooSmall(),
        *(payouts.PayoutDecided(state.value) for state in PayoutState),
        no.NotFound("payout"),
    ]


def _typed(f: Facts) -> list[no.Refusal]:
    return [
        no.InvalidAmount(f.name[:40], 1, 10**9),
        *(staff.InvalidPrice(f.name[:20], currency) for currency in ("USD", "JPY", "KWD")),
        staff.UnknownSku(f.name[:40]),
        staff.StorePriceDiffers(499, "USD"),
        *(no.InvalidText(field, 32) for field in ("name", "emoji", "reason", "title", "wish")),
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
        *(no.NotFound(noun) for noun in ("gift", "package", "order", "provider", "channel", "role", "receipt")),
        no.NameTaken(f.name),
        no.UnknownGuild(),
        no.NotAllowed(()),
        no.NotAllowed(("creator", "host")),
        no.NotAllowed(("auditor", "manager", "treasurer")),
        ui_no.NotYours(ID),
        ui_no.ForeignEmoji(),
        ui_no.CannotWrite(ID),
        *(ui_no.UnfitRole(ID, why) for why in ("everyone", "managed", "earned", "crowd")),
        *(ui_no.UngivableRole(ID, why) for why in (Trouble.PERMISSION, Trouble.POSITION, Trouble.POWER)),
        no.NotAllowed(("manage_server",)),
        no.NotAllowed(("owner",)),
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
        staff.OwnCase(),
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
        ui_no.FormGone(),
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
        *(FansOnly(f.name, ID, way_in) for way_in in (f.name, "")),
        chip_ins.ChipInOver(),
        chip_ins.ChipInRuns(ID),
        chip_ins.ChipTooSmall(f.coins),
        *(chip_ins.NotPoolable(f.name, 100, is_for_fans) for is_for_fans in (False, True)),
        chip_ins.UnpoolableTestCoins(),
        chip_ins.ChipsShowNames(),
        chip_ins.NothingChippedIn(),
        chip_ins.PoolShort((ID,)),
        TeamTooSmall(),
        *(TooCheapToSplit(f.name, 2, n) for n in (1, 3)),
        no.MustConfirm(f.coins),
        no.SentBefore(ID),
        no.GiftLapsed(),
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
        staff.BooksTooLarge(ID),
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
        match.MatchesOff(),
        match.ScoreHidden(NOW_MS),
        match.NoBuyingInMatch(NOW_MS),
        match.MatchRuns(NOW_MS),
        match.NoMatch(),
        match.MatchWithSelf(),
        match.QuietOpponent(ID),
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


def _challenges(f: Facts) -> list[no.Refusal]:
    return [
        *map(challenges.ChallengeUnready, ("points", "double", "prize")),
        challenges.PrizeForNobody(),
        challenges.ChallengePosted(),
        challenges.ChallengeOver(),
        challenges.TooManyChallenges(5),
        challenges.CostlyPrizes(f.coins),
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
        *(grants.UnclearReceivers(why) for why in ("neither", "both", "amount", "options")),
        grants.NoReason(),
        *(offers.UnknownCode(), offers.TooManyGuesses(NOW_MS), offers.OfferOver(), offers.OfferUsedUp()),
        *(offers.OfferPaused(NOW_MS), offers.OwnOffer(), offers.TooYoungForOffer(7, NOW_MS), offers.NeedsRole(ID)),
        offers.CodeTaken(),
        *map(reversals.NotReversible, ("grants", "perk")),
    ]


def _freezes(f: Facts) -> list[no.Refusal]:
    return [
        *(freezes.MemberFrozen(case_type.value, ID, f.note or f.name) for case_type in CaseType),
        *(freezes.CreatorFrozen(case_type.value, ID) for case_type in CaseType),
        freezes.OwnFreeze(),
        freezes.NotInCase(ID),
        freezes.NoFreeze(ID),
    ]
