"""Buttons that one family of commands shows and another one answers, known to both by their action."""

from typing import NamedTuple

import discord

from bot.domain.planned_gifts import PlannedGift
from bot.ui.kit import custom_id
from bot.ui.kit.components import Button
from bot.ui.text.reader import Reader
from bot.ui.theme import LIVE

OPEN_SHOP = "shop"
"""Opens the packages; answered by the family `buy`."""

TOP_UP = "buy-gift"
"""Opens the form for the smallest package that covers the gift in the custom_id; answered by the family `buy`."""

OPEN_PICKER = "live-gift"
"""Opens the gift picker for the creators of the live event in the custom_id; answered by the family `gift`."""

OPEN_GIFT = "gift-open"
"""Opens the gift picker for whoever can receive gifts; answered by the family `gift`."""

OPEN_PICKER_FOR = "gift-to"
"""Opens the gift picker for the creator in the custom_id; answered by the family `gift`."""

WITHDRAW = "withdraw"
"""Asks whether to withdraw from the order in the custom_id; answered by the family `buy`."""

OPEN_BOARD = "board-open"
"""Opens a leaderboard of one's own; answered by the family `leaderboard`."""

THANK_EVERYONE = "thank-event"
"""Thanks everyone who waits for the thanks of whoever presses; answered by the family `creator`."""

LIVE_AGAIN = "live-again"
"""Opens the form that starts a live event like the one in the custom_id; answered by the family `live`."""

OPEN_NOTES = "notes"
"""Opens what members wrote with the gifts in one message of ours, known by its first row; answered by `gift`."""

MONEY_GUIDE = "settings-guide"
"""Sends the guide about real money; answered by the family `settings`."""

REVIEW = "applications"
"""Opens the applications of those who want to become creators; answered by the family `creators`."""

ACCEPT_MATCH, DECLINE_MATCH, LEAVE_MATCH = "match-join", "match-decline", "match-leave"
"""Answer an invitation to a match, and break a match off; answered by the family `live`."""


def shop_button(reader: Reader) -> Button:
    """Return the button that opens the packages in a reply of its own."""
    label, link = reader._("Buy coins"), custom_id.build(OPEN_SHOP)
    # Plain, as Discord refuses the whole reply if a server's own emoji on a button was deleted.
    emoji = reader.coin_emoji(plain=True)
    return Button(label=label, emoji=emoji, style=discord.ButtonStyle.success, custom_id=link)


class GiftToPayIds(NamedTuple):
    """A gift that its sender has too few coins for, at the whole price that they saw."""

    creator: int
    item: int
    quantity: int
    anonymous: int
    ceiling: int
    channel: int
    message: int


def top_up_button(gift: PlannedGift, label: str, *, row: int | None = None) -> Button:
    """Return the button that lets a member buy coins for a gift. Its message is read from the panel of the button."""
    ids = GiftToPayIds(
        creator=gift.creator_id,
        item=gift.item_id,
        quantity=gift.quantity,
        anonymous=int(gift.anonymous),
        ceiling=gift.ceiling,
        channel=gift.channel_id,
        message=gift.message_id,
    )
    return Button(label, custom_id.build(TOP_UP, ids), discord.ButtonStyle.success, "🎁", row=row)


def withdraw_button(member_id: int, order_id: int, label: str) -> Button:
    """Return the button that asks a buyer whether to withdraw from an order."""
    return Button(label, custom_id.build(WITHDRAW, (member_id, order_id)), emoji="↩️")


def guide_button(reader: Reader, row: int) -> Button:
    """Return the button that sends staff the guide about real money."""
    return Button(reader._("Read the payment guide"), custom_id.build(MONEY_GUIDE), emoji="📖", row=row)


def gift_button(event_id: int, reader: Reader) -> Button:
    """Return the button of a live event that lets whoever presses it send a gift to its creators."""
    label = reader._("Send a gift")
    link = custom_id.build(OPEN_PICKER, [event_id])
    return Button(label=label, emoji="🎁", style=discord.ButtonStyle.success, custom_id=link)


def open_gift_button(reader: Reader) -> Button:
    """Return the button that leads to a gift for any creator."""
    label, link = reader._("Send a gift"), custom_id.build(OPEN_GIFT)
    return Button(label=label, emoji="🎁", style=discord.ButtonStyle.success, custom_id=link)


def creator_button(creator_id: int, name: str, *, is_live: bool) -> Button:
    """Return the button that opens the gift picker for one creator, by name."""
    link = custom_id.build(OPEN_PICKER_FOR, [creator_id])
    return Button(name, link, emoji=LIVE if is_live else "🎁")


def review_button(reader: Reader) -> Button:
    """Return the button that leads managers to the applications that wait for them."""
    return Button(reader._("Review applications"), custom_id.build(REVIEW), discord.ButtonStyle.success)


def notes_button(first_seq: int, reader: Reader) -> Button:
    """Return the button of an announcement that leads to all notes of its gifts, also those that it has no room for."""
    return Button(
        label=reader._("Read all messages"), emoji="💌", custom_id=custom_id.build(OPEN_NOTES, [first_seq, 0])
    )


def invitation_buttons(match_id: int, reader: Reader) -> list[Button]:
    """Return the buttons with which the opponent answers an invitation to a match."""
    accept, decline = (custom_id.build(action, [match_id]) for action in (ACCEPT_MATCH, DECLINE_MATCH))
    return [
        Button(label=reader._("Accept the invitation"), emoji="⚔️", style=discord.ButtonStyle.success, custom_id=accept),
        Button(label=reader._("Decline the invitation"), custom_id=decline),
    ]


def leave_button(match_id: int, reader: Reader) -> Button:
    """Return the button that breaks a match off."""
    return Button(label=reader._("Leave the match"), custom_id=custom_id.build(LEAVE_MATCH, [match_id]))


def board_button(reader: Reader) -> Button:
    """Return the button that opens a leaderboard."""
    return Button(label=reader._("Leaderboard"), emoji="🏆", custom_id=custom_id.build(OPEN_BOARD))


def recap_buttons(event_id: int, reader: Reader, *, has_gifts: bool) -> tuple[Button, ...]:
    """Return the buttons of a recap: what its creators do next, and where everybody else finds their place.

    Without gifts there is nobody to thank, and no place to find.
    """
    again = Button(label=reader._("Go live again"), emoji="🔴", custom_id=custom_id.build(LIVE_AGAIN, [event_id]))
    if not has_gifts:
        return (again,)
    thank = Button(label=reader._("Thank everyone"), emoji="💐", custom_id=custom_id.build(THANK_EVERYONE))
    return thank, again, board_button(reader)


CLAIM_COINS = "claim"
"""The action of the button on an offer of promo coins."""


def claim_button(offer_id: int, reader: Reader) -> Button:
    """Return the button with which members claim an offer."""
    style = discord.ButtonStyle.success
    return Button(reader._("Claim"), custom_id.build(CLAIM_COINS, [offer_id]), style, "🎁")
