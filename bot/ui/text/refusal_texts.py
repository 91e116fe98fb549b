"""The one table from a refusal to the sentence that its caller reads."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import buying_errors as buying
from bot.domain import errors as no
from bot.domain import reversal_errors as reversals
from bot.domain import staff_errors as staff
from bot.domain import withdrawal_errors as withdrawing
from bot.domain.errors import Refusal
from bot.domain.policy import Actor
from bot.domain.text import shown
from bot.ui.text import buying_refusals, gift_refusals, package_refusals, payout_refusals
from bot.ui.text.budget_refusals import BUDGETING
from bot.ui.text.challenge_refusals import CHALLENGING
from bot.ui.text.confirmation_refusals import CONFIRMING
from bot.ui.text.creator_refusals import CREATING
from bot.ui.text.freezes import FREEZING
from bot.ui.text.grant_refusals import GRANTING
from bot.ui.text.match_refusals import MATCHES
from bot.ui.text.mentions import noun
from bot.ui.text.perk_refusals import PERKS
from bot.ui.text.personal_refusals import PERSONAL
from bot.ui.text.privacy_refusals import PRIVACY
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import (
    ConsentMissing,
    ForeignEmoji,
    FormGone,
    InvalidMoment,
    InvalidTimeOfDay,
    NobodyToGift,
    NoFans,
    NotAMember,
    NothingPicked,
    NotTheirMessage,
    NotYours,
    UnknownMessage,
    UnknownPeriod,
    Unreadable,
)
from bot.ui.text.role_refusals import ROLES

SOMEBODY = Actor(0, frozenset(), manages_guild=False, is_creator=False)
"""A reader about whom nothing else is known."""


def words(refusal: Refusal, reader: Reader, actor: Actor = SOMEBODY) -> str:
    """Return why the rules refused, and what the reader `actor` can do. A refusal without a row is a KeyError: a test
    walks all of them."""
    personal = PERSONAL.get(type(refusal))
    return personal(refusal, reader, actor) if personal else SENTENCES[type(refusal)](refusal, reader)


def nothing_changed(refusal: Refusal, reader: Reader) -> str:
    """Return the small line below a refused change of a guild's settings, nothing for other commands."""
    return "\n-# " + reader._("Nothing was changed.") if refusal.about == "settings" else ""


def not_charged(reader: Reader) -> str:
    """Return the small line that says that no coins were moved. Use it only after asking the books."""
    return "\n-# " + reader._("You haven't been charged.")


def price_news(e: no.PriceChanged, r: Reader) -> str:
    """Return how a price has changed, for a panel that shows the new one on its button."""
    price, ceiling = [r.money(sum_, e.currency) if e.currency else r.coins(sum_) for sum_ in (e.price, e.ceiling)]
    if not e.ceiling:
        return r._("This now costs {price}.", price=price)
    return r._("The price just went up from {ceiling} to {price}.", ceiling=ceiling, price=price)


def package_news(e: buying.PackageChanged, r: Reader) -> str:
    """Return how a package has changed, for a panel that shows its new terms on its button."""
    if e.now is None:
        return r._("This package is no longer on sale.")
    before, now = (
        r._("{coins} for {price}", coins=r.coins(terms.coins), price=r.money(terms.price_minor, terms.currency))
        for terms in (e.accepted, e.now)
    )
    return r._("This package just changed from {before} to {now}.", before=before, now=now)


def _amount(e: no.InvalidAmount, r: Reader) -> str:
    return r._(
        "Enter a whole number from {lowest} to {highest}.",
        lowest=r.number(e.lowest),
        highest=r.number(e.highest),
    )


def _ambiguous(e: no.AmbiguousAmount, r: Reader) -> str:
    if not e.decimals:
        return r._("I can't read “{given}” as a price. Do you mean {thousands}?", given=e.text, thousands=e.thousands)
    return r._(
        "“{given}” can mean two things. Write {thousands} or {decimals}.",
        given=e.text,
        thousands=e.thousands,
        decimals=e.decimals,
    )


def _text(e: no.InvalidText, r: Reader) -> str:
    if e.field == "emoji":
        return r._("Enter exactly one emoji, a standard one or one of this server's own.")
    return r.n_(
        "I can't use that {field}. Write {n} visible character.",
        "I can't use that {field}. Write 1 to {n} visible characters.",
        e.longest,
        field=noun(e.field, r),
    )


def _not_found(e: no.NotFound, r: Reader) -> str:
    if e.noun in {"gift", "package"}:
        return r._(
            "I can't find that {noun} here. Pick one from the list that opens as you type.", noun=noun(e.noun, r)
        )
    if e.noun == "receipt":
        return r._("There's no receipt with that number in this server. Please check the number.")
    return r._("I can't find that {noun} here any more. Please use the command again.", noun=noun(e.noun, r))


SENTENCES: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    no.InvalidAmount: _amount,
    no.InvalidText: _text,
    no.InvalidTimeZone: lambda e, r: r._(
        "“{given}” isn't a time zone I know. Write one like Europe/Berlin or America/New_York.", given=shown(e.text)
    ),
    no.InvalidCurrency: lambda e, r: r._(
        "“{given}” isn't a currency I know. Write its three-letter code, like USD or EUR.", given=shown(e.text)
    ),
    no.AmbiguousAmount: _ambiguous,
    no.EmptyRange: lambda e, r: r._("The lowest price can't be above the highest. Change one of them."),
    no.PastMoment: lambda e, r: r._(
        "{moment} has already passed. Pick a time that's still ahead.", moment=r.moment(e.at_ms)
    ),
    no.InvalidPeriod: lambda e, r: r._("The end has to come after the start. Pick a later end."),
    InvalidMoment: lambda e, r: r._(
        "“{given}” isn't a date I can read. Write it like 2030\u201112\u201124 or 2030\u201112\u201124 18:00.",
        given=shown(e.text),
    ),
    InvalidTimeOfDay: lambda e, r: r._("“{given}” isn't a time of day. Write one like 22:00.", given=shown(e.text)),
    staff.InvalidPrice: package_refusals.invalid_price,
    staff.NoRateNeeded: package_refusals.no_rate_needed,
    staff.NothingToHold: package_refusals.nothing_to_hold,
    staff.InvalidRate: lambda e, r: r._(
        "“{given}” isn't an exchange rate. Write what one unit is worth, like {example}.",
        given=shown(e.text),
        example=f"1{r.decimal}08",
    ),
    staff.UnknownSku: package_refusals.unknown_sku,
    staff.StorePriceDiffers: package_refusals.store_price,
    staff.InvalidPicture: gift_refusals.invalid_picture,
    staff.CaseDecided: lambda e, r: r._(
        "Case #{number} has already been decided. Use `/cases` to see what's still open.", number=e.case_id
    ),
    staff.FlagDecided: lambda e, r: r._(
        "Somebody has already settled flag #{number}. Use `/cases` to see what's still open.", number=e.flag_id
    ),
    staff.OwnFlag: lambda e, r: r._("This flag is about you, so somebody else has to decide."),
    staff.BooksTooLarge: lambda e, r: r._(
        "Your books are too large to send on Discord. Whoever runs this bot can export them with {command}.",
        command=f"`python -m bot export {e.guild_id} books.zip`",
    ),
    staff.CoinsToBot: lambda e, r: r._("Bots can't have coins. Pick a member instead."),
    staff.BotAsCreator: lambda e, r: r._("Bots can't be creators. Pick a member instead."),
    staff.NoCreatorToRemove: lambda e, r: r._(
        "<@{member}> isn't a creator here, so there's nothing to remove. `/creators list` shows who is.",
        member=e.member_id,
    ),
    no.NotFound: _not_found,
    no.NameTaken: lambda e, r: r._("{name} is already in the catalogue. Choose another name.", name=shown(e.name)),
    no.UnknownGuild: lambda e, r: r._("I only work in servers that have added me."),
    NotYours: lambda e, r: r._("These buttons belong to someone else. Use the command yourself to get your own."),
    ForeignEmoji: lambda e, r: r._("I can't use that emoji here. Choose a standard one or one of this server's own."),
    **PRIVACY,
    **ROLES,
    no.NotEnoughCoins: lambda e, r: r._(
        "You're {missing} short: this costs {needed}, and you have {balance}.",
        needed=r.coins(e.needed),
        balance=r.coins(e.balance, is_test=e.is_test),
        missing=r.coin(e.needed - e.balance),
    ),
    reversals.InDebt: lambda e, r: r._(
        "You owe {coins}, so you can't spend or share coins yet. A purchase or grant was reversed after its coins were "
        "spent. New coins pay this off first. Get coins with `/buy`.",
        coins=r.coins(e.coins),
    ),
    no.WalletFull: lambda e, r: r._(
        "That's more than a balance can hold: the limit is {highest}. Try a smaller amount.", highest=r.coins(e.highest)
    ),
    no.GiftToSelf: lambda e, r: r._("You can't send a gift to yourself. Someone else would love one, though."),
    no.GiftToBot: lambda e, r: r._("Bots can't receive gifts. Pick a creator instead."),
    NobodyToGift: lambda e, r: (
        r._("A webhook posted this message, so there's nobody to send a gift to. Pick a creator's message.")
        if e.by == "webhook"
        else r._("Discord itself posted this message, so there's nobody to send a gift to. Pick a creator's message.")
    ),
    UnknownMessage: lambda e, r: r._(
        "I can't find that message here. Use *Copy Message Link* on a message in this server that you can see."
    ),
    NotTheirMessage: lambda e, r: r._(
        "<@{member}> wrote that message. Pick them as the creator, or pick another message.", member=e.member_id
    ),
    Unreadable: lambda e, r: r._("I can't read that. Please use the command again."),
    FormGone: lambda e, r: r._("I no longer have what you typed. Please use the command again."),
    ConsentMissing: lambda e, r: r._("Tick both boxes to buy this package."),
    NotAMember: lambda e, r: r._("<@{member}> isn't in this server. Pick someone who is.", member=e.user_id),
    NoFans: lambda e, r: r._(
        "<@{member}> isn't a creator here, so they have no leaderboard. Pick a creator.", member=e.member_id
    ),
    UnknownPeriod: lambda e, r: r._(
        "I don't know that period. Pick one from the list, or write a month like 2026\u201110 or a day like "
        "2026\u201110\u201131."
    ),
    NothingPicked: lambda e, r: r._("You didn't pick anything. Open the menu again and choose."),
    no.CreatorLeft: lambda e, r: r._(
        "<@{member}> is no longer in this server. Pick another creator.", member=e.member_id
    ),
    no.ItemUnavailable: gift_refusals.unavailable,
    **gift_refusals.TEAMS,
    no.NotForMessages: gift_refusals.not_for_messages,
    no.MustConfirm: lambda e, r: r._(
        "That comes to {coins}. Please send it with the button, so you see the price first.",
        coins=r.coins(e.coins),
    ),
    no.SentBefore: lambda e, r: r._(
        "You already sent this a moment ago: receipt #{number}. To send it again, use `/gift`.", number=e.seq
    ),
    no.GiftLapsed: lambda _e, r: r._("This gift won't be sent after all. You keep the coins."),
    no.PriceChanged: lambda e, r: price_news(e, r) + " " + r._("Try again if that's fine with you."),
    buying.PackageChanged: lambda e, r: package_news(e, r) + " " + r._("Use `/buy` to see what's on sale."),
    buying.PackageLimit: buying_refusals.package_limit,
    buying.PaymentUndecided: buying_refusals.payment_undecided,
    buying.DailyLimit: buying_refusals.daily_limit,
    buying.HeldLimit: buying_refusals.held_limit,
    buying.YoungAccount: buying_refusals.young_account,
    buying.CurrencyUnrated: buying_refusals.currency_unrated,
    buying.AdultsOnly: buying_refusals.adults_only,
    withdrawing.WithdrawalOff: buying_refusals.withdrawal_off,
    withdrawing.WithdrawalOver: buying_refusals.withdrawal_over,
    withdrawing.WithdrawalElsewhere: buying_refusals.withdrawal_elsewhere,
    withdrawing.NothingToWithdraw: buying_refusals.nothing_to_withdraw,
    withdrawing.WithdrawalChanged: buying_refusals.withdrawal_changed,
    buying.OrderEnded: lambda e, r: r._("This order has ended. Use `/buy` to start a new one."),
    buying.ProviderOff: lambda e, r: r._(
        "You can no longer pay this way here. Use `/buy` to see the other payment methods."
    ),
    buying.ProviderDown: lambda e, r: r._("The payment provider isn't answering. Please try again in a few minutes."),
    **BUDGETING,
    **CONFIRMING,
    **CHALLENGING,
    **GRANTING,
    **PERKS,
    **payout_refusals.PAYOUTS,
    no.ForgedWebhook: lambda e, r: r._("This message isn't from the payment provider."),
    **CREATING,
    **FREEZING,
    no.ChannelBusy: lambda e, r: r._(
        "<@{member}> is already live in this channel. Please use another channel.", member=e.creator_id
    ),
    no.NotYourLive: lambda e, r: r._(
        "This is <@{member}>'s live event, so you can't change it. Its creators and hosts can do that for you.",
        member=e.creator_id,
    ),
    no.CrowdedLive: lambda e, r: r.n_(
        "A live event has room for {n} creator. Take someone off stage first.",
        "A live event has room for {n} creators. Take someone off stage first.",
        e.highest,
    ),
    **MATCHES,
    no.NobodyToThank: lambda e, r: r._("You're all caught up: everyone has been thanked."),
    no.TooMany: lambda e, r: r._(
        "You can't add another {noun}: the limit is {highest}. Archive one first.",
        noun=noun(e.noun, r),
        highest=r.number(e.highest),
    ),
    no.Busy: lambda e, r: r._("It's very busy right now. Please try again in a moment."),
    no.ClockDoubtful: lambda e, r: r._(
        "Gifts and coins are paused while I check the time. Please try again in a minute."
    ),
    no.BooksClosed: lambda e, r: r._("Coins are paused while we check our records. Please try again in a few minutes."),
}
