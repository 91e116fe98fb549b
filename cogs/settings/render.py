"""What the settings look like."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bot.domain.currency_names import looks_like_money
from bot.domain.guilds import GuildRules
from bot.domain.policy import Staff
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button, Menu
from bot.ui.kit.staff_commands import HiddenCommands
from bot.ui.looks.notices import commands_named, integrations
from bot.ui.text.reader import N_, Reader, reader_for
from bot.ui.text.shares import promo_warning, shares

EXAMPLE = 1_400
"""An amount that shows how amounts look."""

ROLES = {
    Staff.MANAGER: (N_("Managers"), N_("packages, gifts, creators, settings")),
    Staff.HOST: (N_("Hosts"), N_("any creator's live events")),
    Staff.TREASURER: (N_("Treasurers"), N_("payments that need a decision, and payouts")),
    Staff.AUDITOR: (N_("Auditors"), N_("packages, gifts, creators and payments, read only")),
}


class GiftingItems(NamedTuple):
    """What the page about gifts is changed with: the buttons that lead to forms, by emoji, and two menus."""

    forms: Mapping[str, Button]
    channel: Menu
    language: Menu


def gifting(rules: GuildRules, items: GiftingItems, reader: Reader) -> Card:
    """Return the page about gifts, with each of the `items` at what it changes."""
    channel = f"<#{rules.gift_channel_id}>" if rules.gift_channel_id else reader._("Where the gift was sent")
    split = "\n".join(filter(None, [*shares(rules, reader), promo_warning(rules, reader)]))
    above = reader._("Above {coins}", coins=reader.coins(rules.confirm_above))
    hint = reader._("Replies that only you see follow your own language.")
    settings = [
        ("💎", reader._("Shares"), split),
        ("✋", reader._("Gift confirmation"), above),
        ("💬", reader._("Gifts on messages"), _message_prices(rules, reader)),
        ("🪙", reader._("Currency"), _currency(rules, reader)),
        ("🕛", reader._("Time zone"), rules.time_zone),
    ]
    spoken = f"{language(rules.language, reader)}\n-# {hint}"
    parts = [
        Part(reader._("Changes apply from the next gift.")),
        *(Part(named(emoji, name, value), button=items.forms[emoji]) for emoji, name, value in settings),
        Part(named("📣", reader._("Gift channel"), channel), menu=items.channel),
        Part(named("🌐", reader._("Language of public messages"), spoken), menu=items.language),
    ]
    return Card(theme.ROSE, tuple(parts), title="⚙️ " + reader._("Settings"))


def language(tag: str | None, reader: Reader) -> str:
    """Return what a language calls itself, or that Discord decides."""
    return reader._("As set in Discord") if tag is None else reader_for(tag).locale.language_name


def _currency(rules: GuildRules, reader: Reader) -> str:
    name = shown(rules.currency.name)
    example = reader._("Example: {coins}", coins=reader.coins(EXAMPLE))
    lines = [f"{name} · {example}" if name else example]
    if rules.sells_for_money and looks_like_money(rules.currency.name):
        lines.append(
            "⚠️ "
            + reader._("This name looks like real money. Payment providers may refuse that, so choose another one.")
        )
    return "\n".join(lines)


def _message_prices(rules: GuildRules, reader: Reader) -> str:
    lowest, highest = rules.message_lowest, rules.message_highest
    if lowest is None and highest is None:
        return reader._("Any price")
    if highest is None:
        return reader._("From {lowest}", lowest=reader.coins(lowest or 1))
    if lowest is None:
        return reader._("Up to {highest}", highest=reader.coins(highest))
    return reader._("{lowest} to {highest}", lowest=reader.coin(lowest), highest=reader.coins(highest))


def staff(
    rules: GuildRules,
    reader: Reader,
    menus: Mapping[Staff, Menu] = MappingProxyType({}),
    unfit: Collection[Staff] = (),
    unseeing: Collection[Staff] = (),
    hidden: HiddenCommands | None = None,
) -> Card:
    """Return the page about staff roles, with a menu for each if the reader may set them.

    The roles of `unfit` may not carry theirs. Those of `unseeing` see their commands only if Discord's settings say so,
    and `hidden` are the ones that they do not see, None if that is unknown.
    """
    parts = [Part(reader._("Anyone with Manage Server can do all of this, and only they can set these roles."))]
    for staff_role, (_name, may) in ROLES.items():
        role_id = rules.role_of(staff_role)
        role = f"<@&{role_id}>" if role_id else reader._("No role")
        if staff_role in unfit:
            role = f"⚠️ {role}\n" + reader._("This role gives no access. Pick one that only your staff have.")
        elif staff_role in unseeing:
            role += f"\n{_sight(hidden, staff_role, reader)}"
        about = named("", role_name(staff_role, reader), f"{role}\n-# {reader._(may)}")
        parts.append(Part(about, menu=menus.get(staff_role)))
    if hidden and any(staff_role not in unfit for staff_role in hidden):
        parts.append(Part(integrations(reader), "👁️ " + reader._("Hidden commands")))
    return Card(theme.ROSE, tuple(parts), title="🛡️ " + reader._("Staff roles"))


def _sight(hidden: HiddenCommands | None, staff_role: Staff, reader: Reader) -> str:
    """Return whether a role sees the commands that it may use."""
    if hidden is None:
        return reader._("I couldn't check whether this role sees its commands.")
    if staff_role not in hidden:
        return "✅ " + reader._("This role sees its commands.")
    return "⚠️ " + reader._("This role doesn't see: {commands}", commands=commands_named(hidden[staff_role]))


def role_name(staff_role: Staff, reader: Reader) -> str:
    """Return what a staff role is called."""
    return reader._(ROLES[staff_role][0])
