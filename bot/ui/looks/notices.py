"""What staff are told: channels that refuse messages, payments that wait for them, emoji that are not taken."""

from collections.abc import Mapping, Sequence

from bot.domain.catalogue import GiftItem
from bot.domain.challenges import Challenge
from bot.domain.channel_refusals import UnwritableChannel
from bot.domain.guilds import GuildRules
from bot.domain.member_roles import Trouble
from bot.domain.payment_cases import Report
from bot.domain.policy import Staff
from bot.domain.reactions import EMOJI
from bot.domain.text import shown
from bot.services.challenge_places import Fallen
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.challenges import title
from bot.ui.looks.payment_cases import payment_details, payment_news
from bot.ui.text.mentions import noun
from bot.ui.text.reader import Reader

MOST_RECEIPTS = 10
"""Receipts that one notice names."""


def broken_notice(channels: Sequence[UnwritableChannel], r: Reader) -> Card:
    """Return which channels are broken, and what can be done about it."""
    lines = [
        r._("{channel} is gone. Choose another one with `/settings`.", channel=f"<#{channel.channel_id}>")
        if channel.is_gone
        else r._(
            "{channel} refuses my messages (Discord error {code}). Let me view it and send messages, or choose another "
            "one with `/settings`.",
            channel=f"<#{channel.channel_id}>",
            code=channel.code,
        )
        for channel in channels
    ]
    lines += ["", r._("Gifts still go through, but they aren't announced there.")]
    if not all(channel.is_gone for channel in channels):
        lines[-1] += " " + r._("I'll keep trying and announce the missed gifts once I can post again.")
    return _notice("📣 " + r._("Gifts aren't being announced"), "\n".join(lines))


def lost_emoji_notice(items: Sequence[GiftItem], r: Reader) -> Card:
    """Return which gift items have an emoji that Discord refuses, and what can be done about it."""
    names = "\n".join(f"- {shown(item.name)}" for item in items)
    help_ = r._(
        "Members can still send them. Menus show them without an emoji, and texts with {emoji}. Give each a new one "
        "with `/catalogue edit`.",
        emoji=theme.GIFT,
    )
    text = "\n".join([r._("Discord no longer accepts the emoji of:"), names, "", help_])
    return _notice("🎁 " + r._("Gifts without their emoji"), text)


def lost_coin_notice(r: Reader) -> Card:
    """Return that the emoji of the guild's currency is gone, and what can be done about it."""
    text = r._(
        "This server deleted it, so amounts show {emoji} now. Choose a new one with `/settings`.", emoji=theme.COIN
    )
    return _notice(f"{theme.COIN} " + r._("Your currency lost its emoji"), text)


def reactions_notice(channel_id: int, r: Reader) -> Card:
    """Return that the bot may not react in a channel, and what can be done about it."""
    text = r._(
        "A creator wants {emoji} below their messages that get a gift, but I can't react in {channel}. Let me see "
        "earlier messages and add reactions there.",
        emoji=EMOJI,
        channel=f"<#{channel_id}>",
    )
    help_ = r._("Gifts go through all the same.")
    return _notice(f"{EMOJI} " + r._("I'm not allowed to react"), f"{text} {help_}")


def cases_notice(cases: int, r: Reader) -> Card:
    """Return that there are payments to look at, and no more: not only staff may read the channel."""
    text = r.n_("{n} payment needs a decision.", "{n} payments need a decision.", cases)
    help_ = r._("Treasurers and auditors see the details privately with `/cases`.")
    return _notice("🔎 " + r._("Payments need your review"), f"{text} {help_}")


def flags_notice(flags: int, r: Reader) -> Card:
    """Return that something looks odd, and no more: not only staff may read the channel."""
    text = r.n_("{n} thing in the records looks odd.", "{n} things in the records look odd.", flags)
    help_ = r._("Treasurers and auditors see the details privately with `/cases`.")
    return _notice("🚩 " + r._("Flags need your review"), f"{text} {help_}")


def role_lines(troubles: Mapping[int, Trouble], r: Reader) -> list[str]:
    """Return a line for each role that cannot be given to members, with what can be done about it."""
    return [_role_line(f"<@&{role_id}>", why, r) for role_id, why in troubles.items()]


def _role_line(role: str, why: Trouble, r: Reader) -> str:
    match why:
        case Trouble.PERMISSION:
            return r._("{role}: I'm not allowed to Manage Roles any more.", role=role)
        case Trouble.POSITION:
            return r._("{role}: it isn't below my own role. Drag my role above it.", role=role)
        case Trouble.GONE:
            return r._("A role is gone. Pick another one in `/settings`.")
        case Trouble.POWER:
            return r._("{role}: it comes with rights of your staff now, so I don't give it to members.", role=role)
        case Trouble.REFUSED:
            return r._("{role}: Discord refuses to let me give it.", role=role)


def roles_notice(troubles: Mapping[int, Trouble], r: Reader) -> Card:
    """Return which roles cannot be given to members, and what can be done about it."""
    help_ = r._("Nobody loses their level. I'll give and take these roles once I can. See Level roles in `/settings`.")
    return _notice("🏅 " + r._("I can't give out some roles"), "\n".join([*role_lines(troubles, r), "", help_]))


def payouts_notice(payouts: int, r: Reader) -> Card:
    """Return that creators have asked for payouts, and no more: not only staff may read the channel."""
    text = r.n_("{n} creator asked for a payout.", "{n} creators asked for a payout.", payouts)
    help_ = r._("Treasurers and auditors see the details privately with `/payouts list`.")
    return _notice(f"{theme.DIAMOND} " + r._("Payouts need your review"), f"{text} {help_}")


def reports_notice(reports: Sequence[Report], r: Reader) -> Card:
    """Return what payments wait for staff, and what can be done."""
    lines = [f"- {payment_news(report, r)}\n-# {payment_details(report, r)}" for report in reports]
    help_ = r._("A treasurer can decide with `/cases`.")
    title = "🔎 " + r._("Payments need your review")
    # The heading shares the room.
    room = discord_limits.LAYOUT_TEXT - discord_limits.TITLE
    return _notice(title, discord_limits.lines([*lines, "", help_], room))


def fallen_notice(challenge: Challenge, fallen: Fallen, r: Reader) -> Card:
    """Return what staff are told about prizes whose points are gone, without names: others may read the channel."""
    lines = [
        r._("Gifts were taken back after the end, and with them the points that had won a prize."),
        r.n_(
            "{n} prize fell: its role and its badge are gone.",
            "{n} prizes fell: their roles and their badges are gone.",
            len(fallen.awards),
        ),
        r._("Nobody moves up, and the results stay as they were posted."),
    ]
    if fallen.receipts:
        lines.append(r._("Coins stay unless you take them back with `/coins reverse`:"))
        lines += [
            "- " + r._("Receipt #{number}", number=number) + f" · {r.coin(coins)}"
            for number, coins in fallen.receipts[:MOST_RECEIPTS]
        ]
    return _notice(title(challenge), "\n".join(lines))


def _notice(title: str, text: str) -> Card:
    return Card(theme.AMBER, (Part(text),), title=title)


def unfit_notice(rules: GuildRules, roles: Sequence[Staff], r: Reader) -> Card:
    """Return which staff `roles` had been given to a role that may not carry them, and are free again."""
    lines = [f"**{noun(staff.value, r)}**: <@&{rules.role_of(staff)}>" for staff in roles]
    help_ = r._(
        "A role that everyone has, or that an app gives out, can't be a staff role, so I've removed it. Pick another"
        " one in `/settings`."
    )
    return _notice("🛡️ " + r._("Staff roles need your attention"), "\n".join([*lines, "", help_]))


def hidden_notice(rules: GuildRules, hidden: Mapping[Staff, Sequence[str]], r: Reader) -> Card:
    """Return which staff roles do not see commands that they may use, and where Discord lets people change that."""
    lines = [f"<@&{rules.role_of(staff)}>: {commands_named(names)}" for staff, names in hidden.items()]
    news = r._("Members no longer see the commands of staff. These roles don't see theirs either:")
    return _notice("🛡️ " + r._("Staff roles need your attention"), "\n".join([news, *lines, "", integrations(r)]))


def commands_named(names: Sequence[str]) -> str:
    """Return commands as they are typed: "`/packages` `/coins`"."""
    return " ".join(f"`/{name}`" for name in names)


def integrations(r: Reader) -> str:
    """Return where Discord lets people with Manage Server show commands to a role."""
    return r._("Show them to a role in Discord: Server Settings → Integrations → this bot → Add Roles or Members.")
