"""The one table from a refusal to the sentence that its caller reads."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import buying_errors as buying
from bot.domain import errors as no
from bot.domain.errors import Refusal
from bot.domain.packages import MAX_PRICE_MINOR
from bot.domain.policy import MANAGE_SERVER
from bot.domain.text import shown
from bot.ui.text.mentions import noun
from bot.ui.text.reader import N_, Reader
from bot.ui.text.refusals import (
    CannotWrite,
    ConsentMissing,
    ForeignEmoji,
    InvalidMoment,
    NobodyToGift,
    NotAMember,
    NothingPicked,
    NotTheirMessage,
    NotYours,
    UnfitRole,
    UnknownMessage,
    Unreadable,
)


def words(refusal: Refusal, reader: Reader) -> str:
    """Return why the rules said no. A refusal without a row here is a KeyError: a test walks all of them."""
    return SENTENCES[type(refusal)](refusal, reader)


def nothing_changed(refusal: Refusal, reader: Reader) -> str:
    """Return the small line below a refusal of a command that changes what a guild has set; nothing below others."""
    return "\n-# " + reader._("Nothing was changed.") if refusal.about == "settings" else ""


def not_charged(reader: Reader) -> str:
    """Return the small line below what moved no coins. Only for those who have asked the books."""
    return "\n-# " + reader._("You haven't been charged.")


def price_news(e: no.PriceChanged, r: Reader) -> str:
    """Return what became of a price, for a panel that shows the new one on its button."""
    price, ceiling = [r.money(sum_, e.currency) if e.currency else r.coins(sum_) for sum_ in (e.price, e.ceiling)]
    if not e.ceiling:
        return r._("This now costs {price}.", price=price)
    return r._("The price just went up from {ceiling} to {price}.", ceiling=ceiling, price=price)


def package_news(e: buying.PackageChanged, r: Reader) -> str:
    """Return what became of a package, for a panel that shows its new terms on its button."""
    if e.now is None:
        return r._("This package is no longer on sale.")
    before, now = (
        r._("{coins} for {price}", coins=r.coins(terms.coins), price=r.money(terms.price_minor, terms.currency))
        for terms in (e.accepted, e.now)
    )
    return r._("This package just changed from {before} to {now}.", before=before, now=now)


def _amount(e: no.InvalidAmount, r: Reader) -> str:
    if e.highest == MAX_PRICE_MINOR:
        return r._(
            "“{given}” isn't a price I can use. Write it like 4.99, without a currency sign.", given=shown(e.text)
        )
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
        "I can't use that {field}. Write at least one and at most {n} visible characters.",
        e.longest,
        field=noun(e.field, r),
    )


def _not_allowed(e: no.NotAllowed, r: Reader) -> str:
    if not e.needs:
        return r._("Nobody can use this command here.")
    if MANAGE_SERVER in e.needs:
        return r._("Only members with Manage Server can change this.")
    return r._(
        "Only {roles} can do this. Ask someone with Manage Server for access.",
        roles=r.either(r._(_CALLERS[need]) for need in e.needs),
    )


_CALLERS = {
    "manager": N_("managers"),
    "host": N_("hosts"),
    "treasurer": N_("treasurers"),
    "auditor": N_("auditors"),
    "creator": N_("creators"),
}
"""Who may call a command, in the plural: "Only managers or auditors can do this."."""


def _unfit_role(e: UnfitRole, r: Reader) -> str:
    match e.why:
        case "everyone":
            return r._("@everyone can't be a staff role. Pick a role that only your staff have.")
        case "managed":
            return r._(
                "<@&{role}> belongs to an app, so it can't be a staff role. Pick one you give out yourself.",
                role=e.role_id,
            )
        case _:
            return r._(
                "Everyone here has <@&{role}>, so it can't be a staff role. Pick a role that only your staff have.",
                role=e.role_id,
            )


def _unavailable(e: no.ItemUnavailable, r: Reader) -> str:
    name = shown(e.name)
    match e.why:
        case "archived":
            return r._("{name} is no longer in the catalogue.", name=name)
        case "early":
            return r._("{name} can't be sent yet.", name=name)
        case "over":
            return r._("It's too late to send {name}.", name=name)
        case "sold_out":
            return r._("There aren't enough of {name} left.", name=name)
        case _:
            return r._("{name} can only be sent while the creator is live.", name=name)


def _nothing_for_sale(e: buying.NothingForSale, r: Reader) -> str:
    if not e.has_provider:
        return r._("Coins aren't on sale here yet: no payment method is set up.")
    return r._("There are no packages here yet. A moderator can add some with `/packages add`.")


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
    no.PastMoment: lambda e, r: r._(
        "{moment} has already passed. Pick a time that's still ahead.", moment=r.moment(e.at_ms)
    ),
    no.InvalidPeriod: lambda e, r: r._("The end has to come after the start."),
    InvalidMoment: lambda e, r: r._(
        "“{given}” isn't a time I can read. "
        "Write it like 2030-12-24 or 2030-12-24 18:00, and a time of day like 22:00.",
        given=shown(e.text),
    ),
    no.NotFound: lambda e, r: r._(
        "I can't find that {noun} here. Pick one from the list that opens as you type.", noun=noun(e.noun, r)
    ),
    no.NameTaken: lambda e, r: r._("{name} is already in the catalogue. Choose another name.", name=shown(e.name)),
    no.UnknownGuild: lambda e, r: r._("I only work in servers that have added me."),
    no.NotAllowed: _not_allowed,
    NotYours: lambda e, r: r._("These buttons belong to someone else. Use the command yourself to get your own."),
    ForeignEmoji: lambda e, r: r._("I can't use that emoji here. Choose a standard one or one of this server's own."),
    UnfitRole: _unfit_role,
    CannotWrite: lambda e, r: r._(
        "I can't post in <#{channel}>. Let me view it, send messages and embed links there, then try again.",
        channel=e.channel_id,
    ),
    no.NotEnoughCoins: lambda e, r: r._(
        "You're {missing} short: this costs {needed}, and you have {balance}.",
        needed=r.coins(e.needed),
        balance=r.coins(e.balance),
        missing=r.coin(e.needed - e.balance),
    ),
    no.WalletFull: lambda e, r: r._(
        "That's more than a balance can hold: the limit is {highest}.", highest=r.coins(e.highest)
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
    NotAMember: lambda e, r: r._("<@{member}> isn't in this server.", member=e.user_id),
    ConsentMissing: lambda e, r: r._("Tick both boxes to buy this package."),
    NothingPicked: lambda e, r: r._("You didn't pick anything. Open the menu again and choose."),
    no.NotACreator: lambda e, r: r._(
        "<@{member}> isn't a creator here. A moderator can approve them with `/creators approve`.", member=e.member_id
    ),
    no.CreatorLeft: lambda e, r: r._("<@{member}> is no longer in this server.", member=e.member_id),
    no.ItemUnavailable: _unavailable,
    no.MustConfirm: lambda e, r: r._(
        "That comes to {coins}. Please send it with the button, so you see the price first.",
        coins=r.coins(e.coins),
    ),
    no.SentBefore: lambda e, r: r._("You already sent this a moment ago: receipt #{number}.", number=e.seq),
    no.PriceChanged: lambda e, r: price_news(e, r) + " " + r._("Try again if that's fine with you."),
    buying.NothingForSale: _nothing_for_sale,
    buying.PackageChanged: lambda e, r: package_news(e, r) + " " + r._("Use `/buy` to see what's on sale."),
    buying.PackageLimit: lambda e, r: r._(
        "You've reached the limit for this package ({limit} per member).", limit=r.number(e.limit)
    ),
    buying.PaymentUndecided: lambda e, r: r._(
        "Your last payment for this package is still pending, and the limit is {limit} per member.",
        limit=r.number(e.limit),
    ),
    buying.OrderEnded: lambda e, r: r._("This order has ended. Use `/buy` to start a new one."),
    buying.ProviderDown: lambda e, r: r._("The payment provider isn't answering. Please try again in a few minutes."),
    no.ForgedWebhook: lambda e, r: r._("This message isn't from the payment provider."),
    no.AlreadyACreator: lambda e, r: r._("<@{member}> is already a creator.", member=e.member_id),
    no.AlreadyLive: lambda e, r: r._(
        "This creator is already live in <#{channel}>. End that live event first with `/live end`.",
        channel=e.channel_id,
    ),
    no.ChannelBusy: lambda e, r: r._(
        "<@{member}> is already live in this channel. Please use another channel.", member=e.creator_id
    ),
    no.NotLive: lambda e, r: r._("Nobody is live here right now. A creator can go live with `/live start`."),
    no.NotYourLive: lambda e, r: r._("Only <@{member}> or a host can do that.", member=e.creator_id),
    no.CrowdedLive: lambda e, r: r.n_(
        "A live event has room for {n} creator.", "A live event has room for {n} creators.", e.highest
    ),
    no.MatchRuns: lambda e, r: r._("A match is already on. It ends {when} at the latest.", when=r.when(e.ends_ms)),
    no.NoMatch: lambda e, r: r._("This match is already over."),
    no.MatchWithSelf: lambda e, r: r._("A match takes two. Pick another creator."),
    no.NotInvited: lambda e, r: r._("Only <@{member}> can accept this invitation.", member=e.member_id),
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
