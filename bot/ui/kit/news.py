"""What others have done for a member: it comes below the member's next reply, for their eyes only, and once.

In the middle of a task, such as picking a gift, it waits for the reply at its end: see `Reply.asks`.
"""

import logging
from collections.abc import Sequence

import discord

from bot.domain.chip_ins import ChipInState
from bot.domain.errors import BooksClosed, Busy
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import facts_of as grant_facts
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.notices import (
    ApplicationNotice,
    ChipNotice,
    ClubNotice,
    CreatorNotice,
    DeclineNotice,
    EarningsNotice,
    FreedNotice,
    FreezeNotice,
    GrantNotice,
    LevelNotice,
    Notice,
    PayoutNotice,
    PerkNotice,
    ShareNotice,
    StaffCreatorNotice,
    TicketNotice,
    WeekNotice,
)
from bot.domain.orders import Cause
from bot.domain.payouts import PayoutState
from bot.ui import theme
from bot.ui.kit.caller import client_of
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.cross_links import open_gift_button, week_button
from bot.ui.kit.readers import reader_of
from bot.ui.kit.replies import UNREACHABLE, Reply, reply
from bot.ui.text import mentions
from bot.ui.text.freezes import closed
from bot.ui.text.perk_news import perk_news
from bot.ui.text.reader import Reader
from bot.ui.text.shares import news as share_news

log = logging.getLogger(__name__)

MOST_GIFTS = 5
"""The most gifts named to a creator whose money went back; the rest is counted."""


def news(notices: Sequence[Notice], r: Reader, *, is_live: bool = False) -> Reply:
    """Return what a member is told, with the way to spend what they got. A creator who `is_live` knows how to go
    live."""
    texts = [_text(notice, r, is_live=is_live) for notice in notices]
    has_coins = any(isinstance(notice, GrantNotice) for notice in notices)
    footer = r._("Promo coins came for free and are spent first.") if has_coins else ""
    parts = tuple(Part(text) for text in texts)
    buttons = [open_gift_button(r)] if has_coins else []
    if any(isinstance(notice, WeekNotice) for notice in notices):
        buttons.append(week_button(r))
    return reply(Card(theme.GREEN, parts, footer=footer), buttons)


async def show_news(interaction: discord.Interaction) -> None:
    """Show members, below an answer, what others have done for them in this guild. Never raises."""
    await _show_unassigned(interaction)
    client, guild_id, member_id = client_of(interaction), interaction.guild_id, interaction.user.id
    if guild_id is None:
        return
    try:
        if not await client.services.notices.has_any(guild_id, member_id):
            return
        async with client.services.notices.telling(guild_id, member_id) as notices:
            if notices:
                is_live = any(isinstance(notice, CreatorNotice) for notice in notices) and await _is_live(interaction)
                message = news(notices, reader_of(interaction), is_live=is_live).sent()
                await interaction.followup.send(**message, ephemeral=True)
    except (BooksClosed, Busy, *UNREACHABLE) as error:
        log.debug("Member %s could not be shown their news; they come with another reply: %s", member_id, error)


def unassigned(reader: Reader) -> Card:
    """Return what a member reads whose purchase may be for any of several servers."""
    text = reader._("Which server are your coins for? Run `/buy` there and choose the package that you bought.")
    after = reader._("You've already paid for it, so you won't pay again.")
    title = "🎮 " + reader._("Your purchase on Discord arrived")
    return Card(theme.AMBER, (Part(f"{text}\n{after}"),), title=title)


async def _show_unassigned(interaction: discord.Interaction) -> None:
    """Ask a member, below an answer, for which server a purchase of theirs is. Never raises."""
    purchases, member_id = client_of(interaction).services.product_purchases, interaction.user.id
    if interaction.guild_id is None or not purchases.has_untold(member_id):
        return
    try:
        if await purchases.take_untold(member_id):
            await interaction.followup.send(**reply(unassigned(reader_of(interaction))).sent(), ephemeral=True)
    except (BooksClosed, Busy, *UNREACHABLE) as error:
        purchases.miss(member_id)
        log.debug("Member %s could not be asked about a purchase; it comes with another reply: %s", member_id, error)


def _text(notice: Notice, r: Reader, *, is_live: bool) -> str:
    match notice:
        case GrantNotice():
            return _coins(notice, r)
        case CreatorNotice():
            return _creator(notice, r, is_live=is_live)
        case ApplicationNotice():
            return _declined(notice, r)
        case ShareNotice():
            return "💎 " + share_news(notice.change, r)
        case PayoutNotice():
            return _payout(notice, r)
        case DeclineNotice():
            return _decline(notice, r)
        case FreezeNotice() | FreedNotice() | StaffCreatorNotice() | LevelNotice() | WeekNotice() | ClubNotice():
            return _state(notice, r)
        case EarningsNotice() | PerkNotice() | TicketNotice() | ChipNotice():
            return _outcome(notice, r)


def _payout(notice: PayoutNotice, r: Reader) -> str:
    payout, end = notice.payout, notice.end
    note = mentions.quoted(end.note) if end is not None else ""
    diamonds = f"**{r.diamonds(payout.diamonds)}**"
    match payout.state:
        case PayoutState.PAID:
            return r._("The staff sent you the money for {diamonds}. Payment number:", diamonds=diamonds) + f"\n{note}"
        case PayoutState.REJECTED:
            text = r._("Your payout of {diamonds} was rejected:", diamonds=diamonds)
            back = r._("The diamonds went back to your earnings. See `/creator earnings`.")
            payoff = mentions.paid_off(end, r) if end is not None else ""
            return "\n".join(filter(None, (text, note, back, payoff)))
        case _:
            return r._(
                "Your payout of {diamonds} is approved. The staff will send you the money next.", diamonds=diamonds
            )


def _coins(notice: GrantNotice, r: Reader) -> str:
    receipt = notice.receipt
    text = r._(
        "{manager} gave you {coins}.",
        manager=mentions.member(receipt.actor_id, r),
        coins=f"**{r.coins(grant_facts(receipt)['coins'])}**",
    )
    goodwill, paid_off = mentions.goodwill(receipt, r), mentions.paid_off(receipt, r)
    return "\n".join(filter(None, (text, goodwill, mentions.quoted(receipt.note), paid_off)))


def _creator(notice: CreatorNotice, r: Reader, *, is_live: bool) -> str:
    text = r._(
        "{manager} made you a creator. Members can send you gifts now.",
        manager=mentions.member(notice.approved_by, r),
    )
    return text if is_live else text + " " + r._("Go live with `/live start`.")


def _declined(notice: ApplicationNotice, r: Reader) -> str:
    text = r._("The staff declined your application to become a creator.")
    again = r._("You can apply again {when}.", when=r.when(notice.again_ms))
    return "\n".join(filter(None, (text, mentions.quoted(notice.reason), again)))


async def _is_live(interaction: discord.Interaction) -> bool:
    """Whether the member is live, as after `/live start`. Raises BooksClosed."""
    assert interaction.guild_id is not None
    services, guild_id = client_of(interaction).services, interaction.guild_id
    running = await services.live.running(guild_id)
    creator_ids = [await services.gifts.creators_of(guild_id, event.event_id) for event in running]
    return any(interaction.user.id in ids for ids in creator_ids)


def _decline(notice: DeclineNotice, r: Reader) -> str:
    """Return the news of a declined gift, for its sender."""
    facts, gift = reversal_facts(notice.receipt), notice.gift
    coins = r.coins(facts["paid"] + facts["promo"], is_test=notice.receipt.is_test)
    values = {
        "gift": mentions.gift_of(gift_facts(gift), r),
        "creator": mentions.member(gift.other_id, r),
        "coins": f"**{coins}**",
    }
    if facts.get("cause") == Cause.STAFF_DECLINED.value:
        return r._("The staff gave back your {gift} for {creator}. You got {coins} back.", **values)
    return r._("{creator} couldn't accept your {gift} this time. You got {coins} back.", **values)


def _standing(notice: LevelNotice | WeekNotice | ClubNotice, r: Reader) -> str:
    """Return the news about a member's own standing."""
    if isinstance(notice, ClubNotice):
        return f"{theme.FANS} " + _club(notice, r)
    if isinstance(notice, LevelNotice):
        return "🏅 " + r._("You've reached level {level}. See `/profile`.", level=r.number(notice.level))
    return "🗓️ " + r._("Your weekly recap is ready. I couldn't send it to you as a direct message.")


def _club(notice: ClubNotice, r: Reader) -> str:
    creator = mentions.member(notice.creator_id, r)
    if notice.is_paused:
        text = r._("Your place in the fan club of {creator} is on pause. Your points stay.", creator=creator)
        return text + " " + r._("Send {creator} any gift under your own name to come back.", creator=creator)
    return r._("Welcome to the fan club of {creator}! See your points with `/profile`.", creator=creator)


def _earnings(notice: EarningsNotice, r: Reader) -> str:
    """Return the news that a creator's held earnings went back with a payment, or returned with it."""
    diamonds = f"**{r.diamonds(notice.diamonds)}**"
    if notice.is_back:
        text = r._("A payment that had gone back stands again, so you have back {diamonds}.", diamonds=diamonds)
    else:
        text = r._(
            "The money for a purchase went back to its buyer, and that purchase had paid for gifts to you. So I had to"
            " take back {diamonds} of your held earnings. You did nothing wrong, and your gifts stay.",
            diamonds=diamonds,
        )
    gifts = notice.gifts[:MOST_GIFTS]
    lines = [f"- {mentions.gift(gift.name, gift.emoji, r)} · {r.moment(gift.sent_ms)}" for gift in gifts]
    if more := len(notice.gifts) - len(lines):
        lines.append("- " + r.n_("{n} more gift", "{n} more gifts", more))
    return "\n".join([text + " " + r._("`/creator earnings` shows where you are."), *lines])


def _outcome(notice: EarningsNotice | PerkNotice | TicketNotice | ChipNotice, r: Reader) -> str:
    """Return the news about something that a member had."""
    if isinstance(notice, ChipNotice):
        return "🫂 " + _chips_back(notice, r)
    if isinstance(notice, PerkNotice):
        return perk_news(notice, r)
    return _ticket(notice, r) if isinstance(notice, TicketNotice) else _earnings(notice, r)


def _chips_back(notice: ChipNotice, r: Reader) -> str:
    """Return the news that a member's part of a chip-in came back."""
    chip_in, coins = notice.chip_in, f"**{r.coins(notice.coins, is_test=notice.is_test)}**"
    if chip_in.state in {ChipInState.RETURNING, ChipInState.RETURNED}:
        text = mentions.why_called_off(chip_in, r)
    else:
        # The others went on without this member, who could not send the creator a gift then.
        text = r._(
            "Your part of {gift} could not be used.", gift=f"**{mentions.gift(chip_in.name, chip_in.emoji, r)}**"
        )
    text += " " + r._("You have your coins back: {coins}.", coins=coins)
    if not notice.payoff:
        return text
    return text + " " + r._("Of that, this paid off what you owed: {coins}.", coins=r.coins(notice.payoff))


def _state(
    notice: FreezeNotice | FreedNotice | StaffCreatorNotice | LevelNotice | WeekNotice | ClubNotice, r: Reader
) -> str:
    """Return the news about a member's standing, and about what they may do."""
    if isinstance(notice, FreezeNotice):
        case, number = notice.freeze.case.type.value, notice.freeze.case.number
        return "🧊 " + closed(case, number, notice.freeze.reason, r)
    if isinstance(notice, FreedNotice):
        return "🔓 " + r._("You're no longer frozen: you can buy coins, send gifts and request payouts again.")
    if not isinstance(notice, StaffCreatorNotice):
        return _standing(notice, r)
    return "🛡️ " + r._(
        "You're a creator and on the staff. Where you would gain from it, somebody else on the staff decides: payouts "
        "to you, coins for yourself, and cases or flags that name you."
    )


def _ticket(notice: TicketNotice, r: Reader) -> str:
    perk = f"**{mentions.perk(notice.name, notice.emoji, r)}**"
    if not notice.is_done:
        text = r._("{member} unlocked your {perk}.", member=mentions.member(notice.other_id, r), perk=perk)
        return text + " " + r._("Your queue is in `/perks`.")
    if not notice.other_id:
        return r._("Your {perk} is done.", perk=perk)
    return r._("{creator} has done your {perk}.", creator=mentions.member(notice.other_id, r), perk=perk)
