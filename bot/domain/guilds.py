"""The settings that a guild's staff choose."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from bot.domain.errors import EmptyRange, InvalidAmount, NotForMessages
from bot.domain.money import MAX_AMOUNT
from bot.domain.policy import Staff

CURRENCY_LENGTH: Final = 20
"""The most graphemes in the name of a guild's currency."""

LANGUAGES: Final = ("en-US", "de")
"""The languages that a guild can choose for what everybody sees, as Discord names them: those that are translated."""

Setting = int | str | None
"""The value of a setting; None if a guild chooses nothing."""

_HIGHEST: Final = {
    "share_percent": 100,
    "promo_share_percent": 100,
    "next_share_percent": 100,
    "next_promo_share_percent": 100,
    "confirm_above": 10**9,
    "message_lowest": MAX_AMOUNT,
    "message_highest": MAX_AMOUNT,
    "young_limit": MAX_AMOUNT,
    "chest_account_days": 365,
    "chest_joined_hours": 30 * 24,
}


class GuildCurrency(NamedTuple):
    """What a guild calls its coins. The name is "" if they are called coins, the emoji "" if it is ours."""

    name: str = ""
    emoji: str = ""


OUR_CURRENCY: Final = GuildCurrency()
"""What coins are called where a guild has chosen nothing."""


@dataclass(frozen=True, slots=True)
class GuildRules:
    """One guild's settings. Percentages are 0 to 100, `confirm_above` is in coins, and a role id of 0 means no role.

    `message_lowest` and `message_highest` are the prices of one piece between which a gift on a message must be, None
    for no limit. The currency's name and emoji are None for our own. `language` is one of LANGUAGES, None for what the
    guild has set in Discord. A share in percent that is to start at a time is None where none is planned.
    No message of a gift may have one of `note_words`, a line each (see `bot.domain.note_words`). Staff can become
    creators if `staff_creators_since_ms` is set. With `frozen_since_ms`, somebody is frozen (see `bot.domain.freezes`).
    `young_limit` is the most coins that a young account may gift in a day, and buy, None for no limit.
    Creators can invite one another to matches if `matches_since_ms` is set.
    Who has the role of sponsors can share promo coins out; the two minimums of who can take a share are None for ours.
    Overlays show messages of gifts from the tier `overlay_notes_from` on, None for ours, and with
    `overlay_holds_since_ms` only those that the creator lets through.
    """

    guild_id: int
    gift_channel_id: int = 0
    share_percent: int = 50
    promo_share_percent: int = 0
    confirm_above: int = 1_000
    time_zone: str = "UTC"
    manager_role_id: int = 0
    host_role_id: int = 0
    treasurer_role_id: int = 0
    auditor_role_id: int = 0
    message_lowest: int | None = None
    message_highest: int | None = None
    currency_name: str | None = None
    currency_emoji: str | None = None
    money_since_ms: int | None = None
    language: str | None = None
    next_share_percent: int | None = None
    next_share_ms: int | None = None
    next_promo_share_percent: int | None = None
    next_promo_share_ms: int | None = None
    note_words: str | None = None
    staff_creators_since_ms: int | None = None
    frozen_since_ms: int | None = None
    young_limit: int | None = None
    matches_since_ms: int | None = None
    sponsor_role_id: int | None = None
    chest_account_days: int | None = None
    chest_joined_hours: int | None = None
    overlay_notes_from: str | None = None
    overlay_holds_since_ms: int | None = None

    def at(self, now_ms: int) -> "GuildRules":
        """Return the rules at a time: shares that were planned have started (see `bot.domain.shares`)."""
        rules = self
        if rules.next_share_ms is not None and rules.next_share_ms <= now_ms:
            share = rules.share_percent if rules.next_share_percent is None else rules.next_share_percent
            rules = replace(rules, share_percent=share, next_share_percent=None, next_share_ms=None)
        if rules.next_promo_share_ms is not None and rules.next_promo_share_ms <= now_ms:
            promo = rules.next_promo_share_percent
            share = rules.promo_share_percent if promo is None else promo
            rules = replace(rules, promo_share_percent=share, next_promo_share_percent=None, next_promo_share_ms=None)
        return rules

    @property
    def sells_for_money(self) -> bool:
        """Whether members can pay with real money here."""
        return self.money_since_ms is not None

    @property
    def currency(self) -> GuildCurrency:
        """What the guild calls its coins."""
        return GuildCurrency(self.currency_name or "", self.currency_emoji or "")

    def fits_messages(self, price: int) -> bool:
        """Whether a gift of this price may be sent on a message."""
        return (self.message_lowest or 0) <= price <= (self.message_highest or MAX_AMOUNT)

    def check_on_message(self, name: str, price: int) -> None:
        """Raise NotForMessages unless the gift with this name and price may be sent on a message."""
        if not self.fits_messages(price):
            raise NotForMessages(name, self.message_lowest, self.message_highest)

    def role_of(self, staff: Staff) -> int:
        """Return the id of the Discord role for `staff`, 0 if none is set."""
        return getattr(self, f"{staff.value}_role_id")

    def changed(self, **values: Setting) -> "GuildRules":
        """Return these rules with `values`. Raise InvalidAmount for a number out of bounds, EmptyRange for a range of
        prices that has none."""
        for name, highest in _HIGHEST.items():
            value = values.get(name, 0) or 0
            if not isinstance(value, int) or not 0 <= value <= highest:
                raise InvalidAmount(str(value), 0, highest)
        rules = replace(self, **values)  # pyright: ignore[reportArgumentType] - by field name
        if (rules.message_lowest or 0) > (rules.message_highest or MAX_AMOUNT):
            raise EmptyRange
        return rules
