"""Buttons that one family of commands shows and another one answers, known to both by their action."""

from collections.abc import Sequence
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

HOP_ON = "hop-on"
"""Lets the presser attend the live event in the custom_id; answered by the family `live`."""

OPEN_GIFT = "gift-open"
"""Opens the gift picker with everybody who can receive gifts; answered by the family `gift`."""

OPEN_PICKER_FOR = "gift-to"
"""Opens the gift picker for the creator in the custom_id; answered by the family `gift`."""

OPEN_HISTORY = "history-open"
"""Opens a member's own history; answered by the family `wallet`."""

OPEN_BUDGET = "budget-open"
"""Opens a member's own budget; answered by the family `budget`."""

WITHDRAW = "withdraw"
"""Asks whether to withdraw from the order in the custom_id; answered by the family `buy`."""

OPEN_BOARD = "board-open"
"""Opens a leaderboard of one's own; answered by the family `leaderboard`."""

THANK_EVERYONE = "thank-event"
"""Thanks everyone whom the presser has not thanked yet; answered by the family `creator`."""

LIVE_AGAIN = "live-again"
"""Opens the form that starts a live event like the one in the custom_id; answered by the family `live`."""

OPEN_OVERLAY = "overlay"
"""Opens the overlay of the creator in the custom_id; answered by the family `overlay`."""

OPEN_NOTES = "notes"
"""Opens what members wrote with the gifts in one message of ours, known by its first row; answered by `gift`."""

MONEY_GUIDE = "settings-guide"
"""Sends the guide about real money; answered by the family `settings`."""

OPEN_CHALLENGE = "challenge-open"
"""Opens the challenge in the custom_id for the presser; answered by the family `challenges`."""

REVIEW = "applications"
"""Opens the applications of those who want to become creators; answered by the family `creators`."""

ACCEPT_MATCH, DECLINE_MATCH, LEAVE_MATCH = "match-join", "match-decline", "match-leave"
"""Answer an invitation to a match, and break a match off; answered by the family `live`."""

CHIP, CHIP_OTHER, CHIP_BACK = "chip", "chip-other", "chip-back"
"""Chip in for a gift, an amount on the button or another one, or take it all back; answered by the family `chip_in`."""


def shop_button(reader: Reader) -> Button:
    """Return the button that opens the packages in a reply of its own."""
    label, link = reader._("Buy coins"), custom_id.build(OPEN_SHOP)
    # Plain, as Discord refuses the whole reply if a server's own emoji on a button was deleted.
    emoji = reader.coin_emoji(plain=True)
    return Button(label=label, emoji=emoji, style=discord.ButtonStyle.success, custom_id=link)


def history_button(reader: Reader) -> Button:
    """Return the button that opens a member's own history."""
    return Button(reader._("History"), custom_id.build(OPEN_HISTORY), emoji="🧾")


def budget_button(reader: Reader) -> Button:
    """Return the button that opens a member's own budget."""
    return Button(reader._("Budget"), custom_id.build(OPEN_BUDGET), emoji="📏")


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


def guide_button(reader: Reader, row: int | None = None) -> Button:
    """Return the button that sends staff the guide about real money."""
    return Button(reader._("Read the payment guide"), custom_id.build(MONEY_GUIDE), emoji="📖", row=row)


def gift_button(event_id: int, reader: Reader, *, is_paused: bool = False) -> Button:
    """Return the button of a live event that lets the presser send a gift to its creators.

    `is_paused` while all of them are on a break: then it says so, and cannot be pressed.
    """
    link = custom_id.build(OPEN_PICKER, [event_id])
    if is_paused:
        return Button(reader._("On a break from gifts"), link, emoji="⏸️", disabled=True)
    label = reader._("Send a gift")
    return Button(label=label, emoji="🎁", style=discord.ButtonStyle.success, custom_id=link)


def hop_on_button(event_id: int, reader: Reader) -> Button:
    """Return the button of a live event with which members attend it."""
    return Button(reader._("Hop on"), custom_id.build(HOP_ON, [event_id]), discord.ButtonStyle.primary, "🎟️")


def overlay_button(creator_id: int, reader: Reader, *, row: int | None = None) -> Button:
    """Return the button that opens a creator's overlay."""
    return Button(reader._("Overlay"), custom_id.build(OPEN_OVERLAY, [creator_id]), emoji="📺", row=row)


def open_gift_button(reader: Reader) -> Button:
    """Return the button that leads to a gift for any creator."""
    label, link = reader._("Send a gift"), custom_id.build(OPEN_GIFT)
    return Button(label=label, emoji="🎁", style=discord.ButtonStyle.success, custom_id=link)


def creator_button(creator_id: int, name: str, *, is_live: bool, item_id: int = 0, quantity: int = 1) -> Button:
    """Return the button that opens the gift picker for one creator, by name, with an item if one is picked already."""
    link = custom_id.build(OPEN_PICKER_FOR, [creator_id, item_id, quantity])
    return Button(name, link, emoji=LIVE if is_live else "🎁")


def challenge_button(challenge_id: int, reader: Reader) -> Button:
    """Return the button that shows the presser what they have in a challenge."""
    link = custom_id.build(OPEN_CHALLENGE, [challenge_id])
    return Button(reader._("See my progress"), link, discord.ButtonStyle.primary, "🎖️")


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


def chip_in_buttons(chip_in_id: int, amounts: Sequence[int], reader: Reader) -> list[Button]:
    """Return the buttons with which members chip in: one for each of `amounts`, one for any other, and the way out."""
    coins = [
        Button(
            label=reader._("Chip in {coins}", coins=reader.coin(amount, plain=True)),
            custom_id=custom_id.build(CHIP, [chip_in_id, amount]),
            style=discord.ButtonStyle.success,
            row=0,
        )
        for amount in amounts
    ]
    other, back = (custom_id.build(action, [chip_in_id]) for action in (CHIP_OTHER, CHIP_BACK))
    return [
        *coins,
        Button(label=reader._("Another amount …"), custom_id=other, row=1),
        Button(label=reader._("Take mine back"), custom_id=back, row=1),
    ]


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


OPEN_PERKS = "perks"
"""Opens the perks for the presser; answered by the family `perks`."""


def perks_button(reader: Reader) -> Button:
    """Return the button that opens the perks."""
    return Button(reader._("See all perks"), custom_id.build(OPEN_PERKS), discord.ButtonStyle.success, "✨")


CLAIM_COINS = "claim"
"""The action of the button on an offer of promo coins."""


def claim_button(offer_id: int, reader: Reader) -> Button:
    """Return the button with which members claim an offer."""
    style = discord.ButtonStyle.success
    return Button(reader._("Claim"), custom_id.build(CLAIM_COINS, [offer_id]), style, "🎁")


TAKE_SHARE = "chest-take"
"""Takes a share of the chest in the custom_id; answered by the family `chest`."""


def chest_button(chest_id: int, reader: Reader) -> Button:
    """Return the button with which members take a share of a chest."""
    style = discord.ButtonStyle.success
    return Button(reader._("Take a share"), custom_id.build(TAKE_SHARE, [chest_id]), style, "🧰")


OPEN_WEEK = "creator-week"
CHOOSE_WEEKS = "creator-weeks-choice"
DIRECT_STATS = "creator-stats-direct"
"""The actions of the button that opens a creator's recap of the last week, and of those below a recap that came as a
direct message: they name the creator and the guild, as a direct message is in none."""


def week_button(reader: Reader) -> Button:
    """Return the button that opens a creator's own recap of the last week."""
    return Button(reader._("Weekly recap"), custom_id.build(OPEN_WEEK), emoji="🗓️")


def recap_choice_button(creator_id: int, guild_id: int, reader: Reader, *, is_wanted: bool) -> Button:
    """Return the button with which a creator gets weekly recaps from now on if `is_wanted`, or else none any more."""
    label = reader._("Send me weekly recaps") if is_wanted else reader._("Stop weekly recaps")
    link = custom_id.build(CHOOSE_WEEKS, [creator_id, guild_id, int(is_wanted)])
    return Button(label, link, emoji="🔔" if is_wanted else "🔕")


def direct_week_buttons(creator_id: int, guild_id: int, reader: Reader) -> list[Button]:
    """Return the buttons of a recap that comes as a direct message."""
    stats = custom_id.build(DIRECT_STATS, [creator_id, guild_id])
    return [
        Button(reader._("Last 30 days"), stats, emoji="📊"),
        recap_choice_button(creator_id, guild_id, reader, is_wanted=False),
        Button(reader._("Open the server"), url=f"https://discord.com/channels/{guild_id}"),
    ]
