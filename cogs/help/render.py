"""The texts of help: a title and a few lines for each topic."""

from collections.abc import Mapping

from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.text.reader import N_, Reader

START = "start"
"""The topic of whoever names none."""

TOPICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    START: (
        N_("Getting started"),
        (
            N_("🪙 **Coins** pay for gifts. Get some with `/buy` and see them with `/balance`."),
            N_("🎁 **Gifts** go to creators. Use `/gift` and pick a gift and a creator. `/gifts` shows every gift."),
            N_("🔴 **Live events** are the most fun: every gift counts toward the goal."),
            N_("🏆 **Leaderboards** show top gifters, top creators and the most sent gifts: `/leaderboard`."),
            N_("There's more below: buying, refunds, creators and moderators."),
        ),
    ),
    "gifts": (
        N_("Sending gifts"),
        (
            N_("Use `/gift`, start typing a name or a price, and pick a gift. What you can afford comes first."),
            N_("Send up to 99 at once, add a message, or hide your name with `anonymous`."),
            N_("I ask again before a large gift. Pressing twice never charges you twice."),
            N_("Promo coins are the ones you got for free. They're spent before bought coins."),
            N_("If something doesn't work, I'll say why, and you won't be charged."),
        ),
    ),
    "buying": (
        N_("Buying coins"),
        (
            N_("`/buy` shows every package with its full price. You see everything before you pay."),
            N_("You pay on the payment provider's checkout page. No card data goes through Discord."),
            N_("Your coins and your receipt arrive even if you close the message."),
            N_("Your coins belong to you in this server. They cannot be moved to another server or member."),
        ),
    ),
    "refunds": (
        N_("Refunds"),
        (
            N_("Coins that you have spent are not refunded. Once a gift is sent, you cannot take it back."),
            N_(
                "Does this server let you withdraw from a purchase? Then your receipt and `/balance` have a button for "
                "it."
            ),
            N_("Something went wrong? Give a moderator your receipt number. Our records show what happened."),
            N_(
                "A moderator can reverse a gift, a grant or a purchase. If its coins are already spent, you owe them: "
                "new coins pay that off first, and until then you can't send gifts."
            ),
            N_(
                "If your payment is refunded, or your bank disputes it, the coins that you bought with it go back too. "
                "They return if the payment stands after all."
            ),
            N_("Did you pay on Discord? Only Discord can refund that: ask at <https://support.discord.com>."),
            N_("Paid but no coins yet? They arrive once the payment provider confirms, within a few minutes."),
        ),
    ),
    "creators": (
        N_("For creators"),
        (
            N_("Ask to become a creator with `/creator apply`. Once staff approve you, anyone can send you gifts."),
            N_("`/live start` starts a live event in the channel. Add a title, a goal or a length if you like."),
            N_("Start a Discord event or open a Stage, and a live event starts and ends with it."),
            N_(
                "`/live goal` sets a goal with a deadline and a reward. `/live match` invites another creator to a "
                "match."
            ),
            N_("`/live status` lets you name others on stage. `/live end` shows everyone the recap."),
            N_("💐 `/creator thanks` shows who's waiting for your thanks. Thank them one by one or all at once."),
            N_("💎 You earn a share of the bought coins spent on you. `/creator earnings` shows what's held, and why."),
            N_("`/creator payout` asks the staff to pay you what's available. They send you the money themselves."),
            N_("📊 `/creator stats` shows when you get gifts, which ones, and who your top fans are."),
            N_("Need a break? `/creator pause` stops gifts for a while. `/creator block` refuses gifts of a member."),
        ),
    ),
    "moderators": (
        N_("For moderators"),
        (
            N_("`/settings`: gift channel, shares, announcements, payments and staff roles."),
            N_("`/packages`: what members can buy, and for how much."),
            N_("`/catalogue`: gifts, with stock, dates and live-only ones."),
            N_("`/creators`: who can receive gifts."),
            N_("`/coins grant`: promo coins for a member, with a reason for our records."),
            N_("`/coins codes`: codes that members redeem. `/coins claim`: a button for members of a role."),
            N_("`/coins grant-many`: promo coins from a CSV file of another bot. `/coins undo` takes them back."),
            N_("`/cases`: payments that don't match their order, and disputes. Treasurers decide about them."),
            N_("`/payouts`: creators who want to be paid. One treasurer approves, another one records the payment."),
            N_("`/coins reverse`: take back a gift, a grant or a purchase. You see what changes before you confirm."),
        ),
    ),
    "questions": (
        N_("Questions and answers"),
        (
            N_("**Can I give coins to a friend?** No. Coins are for gifts to creators."),
            N_("**Can I win coins?** No. There are no bets, no slots and no loot boxes here."),
            N_("**Do my coins expire?** No."),
            N_("**Who can see who sent an anonymous gift?** Only staff, to settle a dispute."),
            N_("**Do anonymous gifts count?** Yes, toward totals and goals. They don't put you on a leaderboard."),
            N_("**Is this receipt real?** `/verify` checks its number, and says whether it was only a test."),
            N_("**What if someone leaves?** Their place on the leaderboards is hidden until they come back."),
        ),
    ),
}


def topic(name: str, reader: Reader) -> Card:
    """Return the page of a topic, whose commands can be pressed."""
    title, lines = TOPICS[name]
    text = "\n\n".join(reader._(line) for line in lines)
    return Card(theme.ROSE, (Part(text),), title=f"🌸 {reader._(title)}")
