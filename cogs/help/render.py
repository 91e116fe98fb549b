"""The texts of help: a title and a few lines for each topic."""

from collections.abc import Mapping

import discord

from bot.ui import theme
from bot.ui.reader import N_, Reader

TOPICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "start": (
        N_("Getting started"),
        (
            N_("🪙 **Coins** are what gifts cost. Get some with `/buy`, see them with `/balance`."),
            N_("🎁 **Gifts** go to creators: `/gift`, then pick a gift and a creator. `/gifts` shows them all."),
            N_("🔴 **Live events** are when it is most fun: every gift counts towards the goal."),
            N_("🏆 **Boards**: `/leaderboard` shows who gives, who receives, and what is sent the most."),
            N_("Want more? `/help topic` has pages for buying, refunds, creators and moderators."),
        ),
    ),
    "gifts": (
        N_("Sending gifts"),
        (
            N_("Type `/gift`, start typing a name or a price, and pick. What you can afford comes first."),
            N_("Send up to 99 at once, add a message, or hide your name with `anonymous`."),
            N_("Before a large gift you are asked once more. Pressing twice never charges twice."),
            N_("Promo coins, the ones you were given, are spent before bought ones."),
            N_("If something is refused, it says why, and nothing is charged."),
        ),
    ),
    "buying": (
        N_("Buying coins"),
        (
            N_("`/buy` shows the packages with their full price. You see everything before you say yes."),
            N_("You pay on the checkout page of the payment service; no card data goes through Discord."),
            N_("Your coins arrive by themselves, with a receipt, even if you close the message."),
            N_("Coins belong to you in this server. They can't be moved to another server or another member."),
        ),
    ),
    "refunds": (
        N_("Refunds"),
        (
            N_("Coins are sold as non-refundable, and a gift can't be taken back once it is sent."),
            N_("Something went wrong? Tell a moderator your receipt's number: the books show what happened."),
            N_("Paid, and no coins? They arrive as soon as the payment service confirms, at most a few minutes later."),
        ),
    ),
    "creators": (
        N_("For creators"),
        (
            N_("A moderator approves you with `/creators approve`. Then anybody can send you gifts."),
            N_("`/live start` opens a live event in the channel, with a title, a goal and a length if you like."),
            N_("A Discord event of yours that starts, or a Stage that opens, goes live by itself and ends with it."),
            N_("`/live goal` sets a goal with a deadline and a reward; `/live match` challenges another creator."),
            N_("`/live status` says who else is on stage, and `/live end` shows everybody the recap."),
            N_("💐 `/creator thanks` lists who still waits for your thanks: one press thanks one, or all."),
            N_("💎 Your share of bought coins becomes earnings: `/balance` shows them."),
            N_("`/leaderboard creator` shows your own fans."),
        ),
    ),
    "moderators": (
        N_("For moderators"),
        (
            N_("`/settings`: gift channel, shares, time zone, and which roles are managers, hosts and auditors."),
            N_("`/packages`: what coins are sold in, and for how much."),
            N_("`/catalogue`: the gifts, with stock, dates, and live-only ones."),
            N_("`/creators`: who may receive gifts."),
            N_("`/coins grant`: promo coins for a member, with a reason that stays in the books."),
        ),
    ),
    "questions": (
        N_("Questions and answers"),
        (
            N_("**Can I give coins to a friend?** No, only gifts to creators."),
            N_("**Can I win coins?** No. There are no bets, no slots and no loot boxes here."),
            N_("**Do my coins expire?** No."),
            N_("**Who sees who sent an anonymous gift?** Only staff, who can look it up to settle a dispute."),
            N_("**Does an anonymous gift count?** Its coins count toward totals and goals. You get no place for it."),
            N_("**What if somebody leaves?** Their place on the boards is hidden until they come back."),
        ),
    ),
}


def topic(name: str, reader: Reader) -> discord.Embed:
    """Return the page of a topic."""
    title, lines = TOPICS[name]
    text = "\n\n".join(reader._(line) for line in lines)
    return discord.Embed(title=f"🌸 {reader._(title)}", description=text, colour=theme.ROSE)
