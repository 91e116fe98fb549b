"""The one table from a refusal to the sentence that its caller reads."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import buying_errors as buying
from bot.domain import errors as no
from bot.domain.errors import Refusal
from bot.domain.packages import MAX_PRICE_MINOR
from bot.domain.policy import MANAGE_SERVER
from bot.domain.text import shown
from bot.ui.mentions import noun
from bot.ui.reader import Reader
from bot.ui.refusals import (
    CannotWrite,
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
    return "\n-# " + reader._("Nothing was changed.") if type(refusal) in _CHANGES else ""


def not_charged(reader: Reader) -> str:
    """Return the small line below what moved no coins. Only for those who have asked the books."""
    return "\n-# " + reader._("You haven't been charged.")


def price_news(e: no.PriceChanged, r: Reader) -> str:
    """Return what became of a price, for a panel that shows the new one on its button."""
    price, ceiling = [r.money(sum_, e.currency) if e.currency else r.coins(sum_) for sum_ in (e.price, e.ceiling)]
    if not e.ceiling:
        return r._("This costs {price} now.", price=price)
    return r._("The price just went up from {ceiling} to {price}.", ceiling=ceiling, price=price)


def package_news(e: buying.PackageChanged, r: Reader) -> str:
    """Return what became of a package, for a panel that shows its new terms on its button."""
    if e.now is None:
        return r._("This package is no longer sold.")
    before, now = (
        r._("{coins} for {price}", coins=r.coins(terms.coins), price=r.money(terms.price_minor, terms.currency))
        for terms in (e.accepted, e.now)
    )
    return r._("This package just changed from {before} to {now}.", before=before, now=now)


def _amount(e: no.InvalidAmount, r: Reader) -> str:
    if e.highest == MAX_PRICE_MINOR:
        return r._(
            "“{given}” isn't a price I can use. Write it like 4.99, without a currency sign.", given=shown(e.given)
        )
    return r._(
        "“{given}” won't do: it has to be a whole number from {lowest} to {highest}.",
        given=shown(e.given),
        lowest=r.number(e.lowest),
        highest=r.number(e.highest),
    )


def _ambiguous(e: no.AmbiguousAmount, r: Reader) -> str:
    if not e.decimals:
        return r._("I can't read “{given}” as a price. Do you mean {thousands}?", given=e.given, thousands=e.thousands)
    return r._(
        "“{given}” can be read in two ways. Write {thousands} or {decimals}.",
        given=e.given,
        thousands=e.thousands,
        decimals=e.decimals,
    )


def _text(e: no.InvalidText, r: Reader) -> str:
    if e.field == "emoji":
        return r._("The emoji has to be exactly one emoji, a standard one or one of this server.")
    return r.n_(
        "I can't use that {field}. Write {n} visible character.",
        "I can't use that {field}. Write at least one and at most {n} visible characters.",
        e.longest,
        field=noun(e.field, r),
    )


def _not_allowed(e: no.NotAllowed, r: Reader) -> str:
    if not e.needs:
        return r._("This command isn't open to anyone here.")
    if MANAGE_SERVER in e.needs:
        return r._("Only members with Manage Server can change this.")
    return r._(
        "This is for: {roles}. A moderator can set who that is with `/settings`.",
        roles=r.either(noun(need, r) for need in e.needs),
    )


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
            return r._("The time to send {name} is over.", name=name)
        case "sold_out":
            return r._("There aren't enough of {name} left.", name=name)
        case _:
            return r._("{name} can only be sent while the creator is live.", name=name)


def _nothing_for_sale(e: buying.NothingForSale, r: Reader) -> str:
    if not e.has_provider:
        return r._("Coins can't be bought here yet: no way to pay has been set up.")
    return r._("There are no coin packages here yet. A moderator can add some with `/packages add`.")


SENTENCES: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    no.InvalidAmount: _amount,
    no.InvalidText: _text,
    no.InvalidTimeZone: lambda e, r: r._(
        "“{given}” isn't a time zone I know. Write one like Europe/Berlin or America/New_York.", given=shown(e.given)
    ),
    no.InvalidCurrency: lambda e, r: r._(
        "“{given}” isn't a currency in use. Write its three letters, like USD or EUR.", given=shown(e.given)
    ),
    no.AmbiguousAmount: _ambiguous,
    no.PastMoment: lambda e, r: r._(
        "{moment} has already passed. Pick a time that's still ahead.", moment=r.moment(e.at_ms)
    ),
    no.InvalidPeriod: lambda e, r: r._("The end has to come after the beginning."),
    InvalidMoment: lambda e, r: r._(
        "“{given}” isn't a time I can read. "
        "Write it like 2030-12-24 or 2030-12-24 18:00, and a time of day like 22:00.",
        given=shown(e.given),
    ),
    no.NotFound: lambda e, r: r._(
        "I can't find that {noun} here. Pick one from the list that opens while you type.", noun=noun(e.noun, r)
    ),
    no.NameTaken: lambda e, r: r._("{name} is already in the catalogue. Choose another name.", name=shown(e.name)),
    no.UnknownGuild: lambda e, r: r._("I only work inside a server that has invited me."),
    no.NotAllowed: _not_allowed,
    NotYours: lambda e, r: r._("These buttons belong to somebody else. Use the command yourself to get your own."),
    ForeignEmoji: lambda e, r: r._(
        "I can't use that emoji: it isn't one of this server. Choose a standard one, or one that was added here."
    ),
    UnfitRole: _unfit_role,
    CannotWrite: lambda e, r: r._(
        "I can't post in <#{channel}>. Let me view it, send messages and embed links there, then try again.",
        channel=e.channel_id,
    ),
    no.NotEnoughCoins: lambda e, r: r._(
        "That costs {needed}, and you have {balance}: {missing} short.",
        needed=r.coins(e.needed),
        balance=r.coins(e.balance),
        missing=r.coin(e.needed - e.balance),
    ),
    no.WalletFull: lambda e, r: r._(
        "The receiving wallet is full: it can't hold more than {highest}.", highest=r.coins(e.highest)
    ),
    no.GiftToSelf: lambda e, r: r._("You can't send a gift to yourself. Somebody else would love one, though."),
    no.GiftToBot: lambda e, r: r._("Bots can't receive gifts: they have no wallet."),
    NobodyToGift: lambda e, r: (
        r._("This message came through a webhook: there is nobody behind it who could receive a gift.")
        if e.by == "webhook"
        else r._("Discord itself wrote this message: there is nobody who could receive a gift.")
    ),
    UnknownMessage: lambda e, r: r._(
        "I can't find that message here. Use *Copy Message Link* on a message of this server that you can see."
    ),
    NotTheirMessage: lambda e, r: r._(
        "<@{member}> wrote that message. Pick them as the creator, or another message.", member=e.member_id
    ),
    Unreadable: lambda e, r: r._("I can't read that. Please use the command again."),
    NotAMember: lambda e, r: r._("<@{member}> isn't in this server.", member=e.user_id),
    NothingPicked: lambda e, r: r._("You didn't pick anything. Open the menu again and choose."),
    no.NotACreator: lambda e, r: r._(
        "<@{member}> isn't a creator here. A moderator can change that with `/creators approve`.", member=e.member_id
    ),
    no.CreatorLeft: lambda e, r: r._("<@{member}> is no longer in this server.", member=e.member_id),
    no.ItemUnavailable: _unavailable,
    no.MustConfirm: lambda e, r: r._(
        "That comes to {coins}: please send it with the button, so that you see the price first.",
        coins=r.coins(e.coins),
    ),
    no.SentBefore: lambda e, r: r._("You sent this a moment ago, receipt #{number}.", number=e.seq),
    no.PriceChanged: lambda e, r: price_news(e, r) + " " + r._("Try again if that works for you."),
    buying.NothingForSale: _nothing_for_sale,
    buying.PackageChanged: lambda e, r: package_news(e, r) + " " + r._("Open `/buy` to see what is on offer."),
    buying.PackageLimit: lambda e, r: r._(
        "You've reached the limit for this package ({limit} per member).", limit=r.number(e.limit)
    ),
    buying.PaymentUndecided: lambda e, r: r._(
        "Your last payment for this package isn't settled yet, and the limit is {limit} per member.",
        limit=r.number(e.limit),
    ),
    buying.OrderEnded: lambda e, r: r._("This order has ended. Open `/buy` to start a new one."),
    buying.ProviderDown: lambda e, r: r._("The payment service isn't answering. Please try again in a few minutes."),
    no.ForgedWebhook: lambda e, r: r._("This message does not come from the payment service."),
    no.AlreadyACreator: lambda e, r: r._("<@{member}> is a creator already.", member=e.member_id),
    no.AlreadyLive: lambda e, r: r._(
        "This creator is live already, in <#{channel}>. End that first with `/live end`.", channel=e.channel_id
    ),
    no.ChannelBusy: lambda e, r: r._(
        "<@{member}> is live in this channel. Please use another one.", member=e.creator_id
    ),
    no.NotLive: lambda e, r: r._("Nobody is live here right now. A creator can start with `/live start`."),
    no.NotYourLive: lambda e, r: r._("Only <@{member}> or a host can do that.", member=e.creator_id),
    no.CrowdedLive: lambda e, r: r.n_(
        "A live event has room for {n} creator.", "A live event has room for {n} creators.", e.highest
    ),
    no.MatchRuns: lambda e, r: r._("A match is on. It is over {when} at the latest.", when=r.when(e.ends_ms)),
    no.NoMatch: lambda e, r: r._("This match is over already."),
    no.MatchWithSelf: lambda e, r: r._("It takes two for a match. Pick another creator."),
    no.NotInvited: lambda e, r: r._("Only <@{member}> can accept this.", member=e.member_id),
    no.NobodyToThank: lambda e, r: r._("You have thanked for everything already."),
    no.TooMany: lambda e, r: r._(
        "There is no room for another {noun}: {highest} is the most. Archive one first.",
        noun=noun(e.noun, r),
        highest=r.number(e.highest),
    ),
    no.Busy: lambda e, r: r._("A lot is going on right now. Please try again in a moment."),
    no.ClockDoubtful: lambda e, r: r._(
        "Gifts and coins are paused while I check the time. Please try again in a minute."
    ),
    no.BooksClosed: lambda e, r: r._("Coins can't be moved right now: the books are being looked at."),
}

_CHANGES = frozenset(
    {
        no.InvalidTimeZone,
        no.InvalidCurrency,
        UnfitRole,
        InvalidMoment,
        ForeignEmoji,
        CannotWrite,
        no.InvalidPeriod,
        no.PastMoment,
        no.AmbiguousAmount,
        no.NameTaken,
        no.AlreadyACreator,
        no.AlreadyLive,
        no.ChannelBusy,
        no.NotYourLive,
        no.CrowdedLive,
        no.MatchRuns,
        no.NoMatch,
        no.MatchWithSelf,
        no.NotInvited,
        no.NobodyToThank,
        no.TooMany,
        no.NotAllowed,
    }
)
"""Refusals of commands that change settings, and the like."""
