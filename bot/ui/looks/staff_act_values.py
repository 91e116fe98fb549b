"""What acts of staff changed, in words: the name of each field, and its value before and after."""

from collections.abc import Callable, Mapping

from babel import Locale

from bot.domain.catalogue import Tier
from bot.domain.currencies import rate_text
from bot.domain.overlays import OverlayAction
from bot.domain.perks import PerkKind, PerkWay, Restock
from bot.domain.staff_acts import ActKind, StaffAct, Value, Values
from bot.domain.text import shown
from bot.ui.looks.payment_methods import METHODS, method_name
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text.parsing import time_of_day
from bot.ui.text.reader import N_, Reader

NEW = N_("new")
_YES, _NO, _NONE = N_("yes"), N_("no"), N_("none")

Show = Callable[[Value, Values, Reader], str]
"""Returns a value in words. The other values on its side may say what it is in."""


def _text(value: Value, _: Values, __: Reader) -> str:
    return shown(str(value))


def _emoji(value: Value, _: Values, r: Reader) -> str:
    stored = str(value)
    name = stored.partition(":")[2].partition(":")[0]
    return r.emoji(stored, shown(f":{name}:")) if name else shown(stored)


def _switch(value: Value, _: Values, r: Reader) -> str:
    return r._(_YES if value else _NO)


def _since(value: Value, _: Values, r: Reader) -> str:
    """Return whether something is allowed, for values that are the time since which it is."""
    return r._(_YES if value else _NO)


def _percent(value: Value, _: Values, r: Reader) -> str:
    return r.percent(int(value or 0))


def _number(value: Value, _: Values, r: Reader) -> str:
    return r.number(int(value or 0))


def _coins(value: Value, _: Values, r: Reader) -> str:
    return r.coins(int(value or 0))


def _role(value: Value, _: Values, r: Reader) -> str:
    return f"<@&{value}>" if value else r._(_NONE)


def _channel(value: Value, _: Values, r: Reader) -> str:
    return f"<#{value}>" if value else r._(_NONE)


def _minutes(value: Value, _: Values, __: Reader) -> str:
    return time_of_day(int(value or 0))


def _moment(value: Value, _: Values, r: Reader) -> str:
    return r.moment(int(value or 0))


def _words(value: Value, _: Values, __: Reader) -> str:
    return shown(str(value).replace("\n", " · "))


def _money(value: Value, side: Values, r: Reader) -> str:
    return r.money(int(value or 0), str(side["currency"]))


def _language(value: Value, _: Values, r: Reader) -> str:
    return Locale.parse(str(value), sep="-").get_display_name(r.locale) or str(value)


def _tier(value: Value, _: Values, r: Reader) -> str:
    return r._(TIER_STYLES[Tier(str(value))].name)


PERK_KINDS: Mapping[PerkKind, str] = {
    PerkKind.ROLE: N_("role"),
    PerkKind.CHANNEL: N_("channel"),
    PerkKind.TEXT: N_("text"),
    PerkKind.FILE: N_("file"),
    PerkKind.SHOUTOUT: N_("shout-out"),
}
PERK_WAYS: Mapping[PerkWay, str] = {
    PerkWay.COINS: N_("for coins"),
    PerkWay.TIER: N_("for a gift"),
    PerkWay.LEVEL: N_("for a level"),
    PerkWay.CLUB: N_("for a fan club"),
}
PERK_RESTOCKS: Mapping[Restock, str] = {
    Restock.DAY: N_("filled up every day"),
    Restock.WEEK: N_("filled up every week"),
    Restock.MONTH: N_("filled up every month"),
}


OVERLAY_ACTS: Mapping[OverlayAction, str] = {
    OverlayAction.PAUSE: N_("paused"),
    OverlayAction.RESUME: N_("resumed"),
    OverlayAction.SKIP: N_("skipped a gift"),
    OverlayAction.MUTE: N_("muted"),
    OverlayAction.UNMUTE: N_("sound back on"),
    OverlayAction.CLEAR: N_("queue cleared"),
    OverlayAction.REPLAY: N_("replayed a gift"),
    OverlayAction.APPROVE: N_("message let through"),
    OverlayAction.REJECT: N_("message kept back"),
}


def _needs(value: Value, side: Values, r: Reader) -> str:
    """Return what a perk takes: coins, a tier by its number, or a level."""
    match side.get("perk_way"):
        case PerkWay.TIER.value:
            return r._(TIER_STYLES[Tier.numbered(int(value or 0)) or Tier.SMALL].from_name)
        case PerkWay.COINS.value:
            return r.coins(int(value or 0))
        case _:
            return r.number(int(value or 0))


FIELDS: Mapping[str, tuple[str, Show]] = {
    "gift_channel_id": (N_("Gift channel"), _channel),
    "proof_channel": (N_("Channel for the monthly proof"), _channel),
    "week_results": (N_("Results of each week"), _switch),
    "month_results": (N_("Results of each month"), _switch),
    "log_channel_id": (N_("Staff log channel"), _channel),
    "share_percent": (N_("Share of bought coins"), _percent),
    "promo_share_percent": (N_("Share of promo coins"), _percent),
    "next_share_percent": (N_("Next share of bought coins"), _percent),
    "next_share_ms": (N_("Next share of bought coins from"), _moment),
    "next_promo_share_percent": (N_("Next share of promo coins"), _percent),
    "next_promo_share_ms": (N_("Next share of promo coins from"), _moment),
    "minimum": (N_("Smallest payout"), lambda value, _, r: r.diamonds(int(value or 0))),
    "minor_per_thousand": (N_("Money for 1,000 diamonds"), _money),
    "people": (N_("People who see to a payout"), _number),
    "confirm_above": (N_("Confirm gifts above"), _coins),
    "time_zone": (N_("Time zone"), _text),
    "manager_role_id": (N_("Managers"), _role),
    "host_role_id": (N_("Hosts"), _role),
    "treasurer_role_id": (N_("Treasurers"), _role),
    "auditor_role_id": (N_("Auditors"), _role),
    "message_lowest": (N_("Lowest price on messages"), _coins),
    "message_highest": (N_("Highest price on messages"), _coins),
    "young_limit": (N_("Most that new accounts gift, and buy, in a day"), _coins),
    "currency_name": (N_("Name of the currency"), _text),
    "currency_emoji": (N_("Emoji of the currency"), _emoji),
    "language": (N_("Language of public messages"), _language),
    "quiet_start": (N_("Quiet from"), _minutes),
    "quiet_end": (N_("Quiet until"), _minutes),
    "lowest_tier": (N_("Smallest gifts that are announced"), _tier),
    "club_role_id": (N_("Role"), _role),
    "currency": (N_("Currency"), _text),
    "daily_minor": (N_("Most a member can buy in 24 hours"), _money),
    "held_minor": (N_("Most their unspent coins can be worth"), _money),
    "account_days": (N_("Youngest account in days"), _number),
    "adults_only": (N_("Only in age-restricted channels"), _switch),
    "can_withdraw": (N_("Buyers can withdraw"), _switch),
    "per_grant": (N_("Most in one grant"), _coins),
    "per_day": (N_("Most that somebody grants in a day"), _coins),
    "is_open": (N_("Members can apply"), _switch),
    "questions": (N_("Questions"), _words),
    "note_words": (N_("Words that no message of a gift may have"), _words),
    "staff_creators_since_ms": (N_("Staff can become creators"), _since),
    "sponsor_role_id": (N_("Who can sponsor"), _role),
    "chest_account_days": (N_("Youngest account for a share in days"), _number),
    "chest_joined_hours": (N_("Hours in the server for a share"), _number),
    "matches_since_ms": (N_("Matches are allowed"), _since),
    "overlay_notes_from": (N_("Messages on overlays from"), _tier),
    "overlay_holds_since_ms": (N_("Creators approve messages on overlays"), _since),
    "overlay": (N_("What was done"), lambda value, _, r: r._(OVERLAY_ACTS[OverlayAction(str(value))])),
    "overlay_off": (N_("What was done"), lambda _value, _, r: r._("turned off")),
    "provider": (N_("Payment method"), lambda value, _, r: method_name(str(value), r)),
    "is_on": (N_("On"), _switch),
    "account": (N_("Account"), _text),
    "secret_hash": (N_("Secret"), lambda value, _, r: f"…{value}" if value else r._(_NONE)),
    "confirmations": (N_("People who confirm a payment"), _number),
    "coins": (N_("Coins"), _coins),
    "uses": (N_("Most claims"), _number),
    "is_revoked": (N_("Revoked"), _switch),
    "price_minor": (N_("Price"), _money),
    "bonus_percent": (N_("Bonus"), _percent),
    "reference": (N_("Product at the provider"), _text),
    "limit": (N_("Limit per member"), _number),
    "position": (N_("Place in the shop"), _number),
    "archived": (N_("Archived"), _switch),
    "name": (N_("Name"), _text),
    "emoji": (N_("Emoji"), _emoji),
    "price": (N_("Price"), _coins),
    "stock": (N_("Stock"), _number),
    "from_ms": (N_("From"), _moment),
    "until_ms": (N_("Until"), _moment),
    "live_only": (N_("Only in live events"), _switch),
    "fans_only": (N_("Fans only"), _switch),
    "joins_club": (N_("Joins the fan club"), _switch),
    "own_tier": (N_("Tier"), _tier),
    "picture": (N_("Own picture"), lambda value, _, r: f"…{str(value)[:6]}" if value else r._(_NONE)),
    "perk_panel": (N_("Panel of perks"), _channel),
    "perk_kind": (N_("Kind"), lambda value, _, r: r._(PERK_KINDS[PerkKind(str(value))])),
    "perk_way": (N_("Members get it"), lambda value, _, r: r._(PERK_WAYS[PerkWay(str(value))])),
    "perk_needs": (N_("What it takes"), _needs),
    "perk_creator": (N_("Creator"), lambda value, _, r: f"<@{value}>" if value else r._(_NONE)),
    "about": (N_("Description"), _text),
    "role_id": (N_("Role"), _role),
    "channel_id": (N_("Channel"), _channel),
    "content": (N_("Content"), lambda value, _, r: f"…{str(value)[:6]}" if value else r._(_NONE)),
    "file": (N_("File"), _text),
    "days": (N_("Days"), _number),
    "restock": (N_("Filled up"), lambda value, _, r: r._(PERK_RESTOCKS[Restock(str(value))])),
    "goal": (N_("Goal"), _coins),
    "goal_until_ms": (N_("Goal until"), _moment),
    "reward": (N_("Reward"), _text),
    "started": (N_("Started"), _switch),
    "ended": (N_("Ended"), _switch),
    "creators": (N_("Number of creators"), _number),
    "match": (N_("Match"), lambda _value, _, r: r._("invitation sent")),
    "match_ended": (N_("Match"), lambda _value, _, r: r._("called off")),
}
"""The name of each field, and how its values are shown. Others are shown as stored."""


def change_lines(act: StaffAct, reader: Reader) -> list[str]:
    """Return a line for each value that an act changed. Of a new thing, what it has none of is left out."""
    return [_line(name, act, reader) for name in act.changed if act.before or act.after.get(name) not in (None, "", 0)]


def _line(name: str, act: StaffAct, reader: Reader) -> str:
    label, show = _field(name, act, reader)
    after = f"**{_value(show, name, act.after, reader)}**"
    if name not in act.before:
        return f"{label}: {after}"
    return f"{label}: {_value(show, name, act.before, reader)} → {after}"


def _field(name: str, act: StaffAct, reader: Reader) -> tuple[str, Show]:
    if act.kind is ActKind.HOLDS:
        style = METHODS.get(name)
        return (reader._("Days for {method}", method=reader._(style.name)) if style else name), _number
    if act.kind is ActKind.LEVEL_ROLES:
        return reader._("From level {level}", level=name), _role
    if act.kind is ActKind.RATES:
        return name, lambda value, _, r: rate_text(int(value or 0), r.decimal)
    label, show = FIELDS.get(name, (name, _text))
    return reader._(label), show


def _value(show: Show, name: str, side: Values, reader: Reader) -> str:
    value = side.get(name)
    if show is not _since and (value is None or value == ""):
        return reader._(_NONE)
    return show(value, side, reader)
