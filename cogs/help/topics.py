"""The texts of help: topics, and the lines of each.

A line must make sense on its own, because a search shows it first and alone in a list. Commands in it can be pressed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui.text.reader import N_

START = "start"
"""The topic for members who name none."""

SETTING_UP = "moderators"
"""The topic with the first steps for somebody who has just invited the bot."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of help."""

    title: str
    lines: tuple[str, ...]


TOPICS: Mapping[str, Topic] = {
    START: Topic(
        N_("Getting started"),
        (
            N_("🪙 **Coins** pay for gifts. Get some with `/buy` and see them with `/balance`."),
            N_("🎁 **Gifts** go to creators. Use `/gift` and pick a gift and a creator. `/gifts` shows every gift."),
            N_("🔴 **Live events** are the most fun: every gift counts toward the goal."),
            N_("🏅 **Levels, badges and streaks** come with your gifts. `/profile` shows yours, or another member's."),
            N_("💗 **Fan clubs**: a Warm Heart lets you join a creator's. Every gift to them earns you points there."),
            N_("🎖️ **Challenges** bring points for gifts and live events, and prizes: `/challenges` shows yours."),
            N_("✨ **Perks** are roles, channels, texts, files and shout-outs to unlock: `/perks`."),
            N_("🏆 **Leaderboards** show top gifters, top creators and the most sent gifts: `/leaderboard`."),
            N_("There's more below. Pick a topic, or search for a word with the option `topic`."),
        ),
    ),
    "gifts": Topic(
        N_("Sending gifts"),
        (
            N_("Use `/gift`, start typing a name or a price, and pick a gift. 🔒 marks what you can't send right now."),
            N_("Send up to 99 at once, add a message, or hide your name with `anonymous`."),
            N_("Right-click a message (or hold it on a phone), then *Apps* and *Gift this message*."),
            N_("Right-click a creator, then *Apps* and *Send a gift*: the creator is picked already."),
            N_("`/gift-team` sends one gift to up to four creators. Each gets an even part, and you pay once."),
            N_("`/chip-in` lets you pool for a large gift. If it isn't full in time, everyone gets their coins back."),
            N_("I ask again before a large gift. Pressing twice never charges you twice."),
            N_("Promo coins are the ones you got for free. They're spent before bought coins."),
            N_("If something doesn't work, I'll say why, and you won't be charged."),
        ),
    ),
    "buying": Topic(
        N_("Buying coins"),
        (
            N_("`/buy` shows every package with its full price. You see everything before you pay."),
            N_("You pay on the payment provider's checkout page. No card data goes through Discord."),
            N_("Too few coins for a gift? Its panel has a button that buys what's missing and then sends the gift."),
            N_("Your coins and your receipt arrive even if you close the message."),
            N_("Do you have a promo code? `/redeem` turns it into promo coins."),
            N_("🧰 Sponsors share promo coins out with `/chest`. *Take a share* gives everyone the same, once."),
            N_("Your coins belong to you in this server. They cannot be moved to another server or member."),
        ),
    ),
    "refunds": Topic(
        N_("Refunds and withdrawal"),
        (
            N_("Coins that you have spent are not refunded. Once a gift is sent, you cannot take it back."),
            N_(
                "Does this server let you withdraw from a purchase? Then your receipt and `/balance` have a button for "
                "it."
            ),
            N_("For 14 days after you paid, withdrawing gives back what you haven't spent of that purchase."),
            N_("Something went wrong? Give a moderator your receipt number. Our records show what happened."),
            N_("A creator or a moderator can decline a gift within 24 hours. Then you get your coins back."),
            N_(
                "A moderator can reverse a gift, a grant or a purchase. If its coins are already spent, you owe them: "
                "new coins pay that off first, and until then you can't send gifts."
            ),
            N_(
                "If your payment is refunded, or your bank disputes it, the coins that you bought with it go back too. "
                "They return if the payment stands after all."
            ),
            N_("If I can't deliver a perk, you get your coins back. A perk you have received is not refunded."),
            N_("Did you pay on Discord? Only Discord can refund that: ask at <https://support.discord.com>."),
            N_("Paid but no coins yet? They arrive once the payment provider confirms, within a few minutes."),
        ),
    ),
    "live": Topic(
        N_("Live events"),
        (
            N_("🔴 A creator goes live in a channel. The board there shows the goal and the top three."),
            N_(
                "🎟️ **Hop on** on the board means you're there. It costs nothing, and each press is good for ten "
                "minutes. It counts toward your streak, your fan clubs and challenges."
            ),
            N_("*Send a gift* on the board is the quickest way: pick a gift, and it's sent."),
            N_("A gift sent several times in a row becomes a combo. It grows in one message."),
            N_("🚂 Many gifts from several people within minutes start a gift train. Every gift takes it further."),
            N_(
                "🚂 Gift or hop on while a train runs, and `/profile` shows a badge for each level it completed. "
                "Trains of two live events ride together."
            ),
            N_("⚔️ In a match, two creators see who gets more gifts. You can't buy coins during one."),
            N_("⚔️ Its score can be hidden in the last 30 seconds. Gifts are still announced, so you can count along."),
            N_("The recap at the end shows the total, the top three, the largest gift and the best combo."),
            N_("Too many pings? `/privacy settings` turns them off for you."),
        ),
    ),
    "levels": Topic(
        N_("Levels and fan clubs"),
        (
            N_("🏅 **Your level** grows with all the coins you've gifted here, up to level 50."),
            N_("`/profile` shows your level, and how many coins are left until the next. A level can bring a role."),
            N_("**Badges** mark how much you've gifted: your first coin, then 100, 1,000 and on to a million."),
            N_("🔥 **A streak** counts the weeks in a row with a gift or a *Hop on*. You can miss one week a month."),
            N_("💗 **To join a fan club**, send its creator a gift that joins it. The receipt welcomes you."),
            N_("Gifts from before fan clubs existed don't count as joining. Send another Warm Heart to join."),
            N_("**Points in a fan club**: one for each coin you gift its creator, 50 for each live event you attend."),
            N_(
                "**Your place in a club pauses** a week after the creator's last live event if you did nothing for "
                "them since it began. A gift or a *Hop on* brings you back."
            ),
            N_("Anonymous gifts raise no level and no points, so nobody can guess who sent them."),
            N_("If a gift is taken back, its coins no longer count."),
        ),
    ),
    "pitfalls": Topic(
        N_("Good to know before you spend"),
        (
            N_("**Decide first how much you want to spend.** `/budget set` keeps you to it, whatever happens."),
            N_("**Check `/balance` now and then.** It shows what you have, and what you spent this month."),
            N_("**Pick the creators you really enjoy.** One gift that means something beats many at random."),
            N_("**One large gift is noticed more than many small ones.** Small gifts are announced together."),
            N_("**Add a message.** It's read with the gift, and creators remember it."),
            N_("**Nobody from here sells coins in private messages.** Use `/buy` only, and give nobody your codes."),
            N_("**Anonymous gifts earn you no place.** They count toward goals, but not for you on leaderboards."),
            N_("**Something wrong with a payment?** Ask a moderator before you dispute it. That's faster."),
        ),
    ),
    "misconceptions": Topic(
        N_("What people get wrong"),
        (
            N_("**“It's only for people with a lot of money.”** Small gifts cost just a coin or a few."),
            N_("**“Gifts are for live events only.”** You can send one for a message too, or any time."),
            N_("**“The creator gets it all.”** Creators earn a share. The rest stays with the server."),
            N_("**“Coins are money.”** They aren't. They pay for gifts in this server, and nobody buys them back."),
            N_("**“A gift buys me an answer.”** It doesn't. Creators see who gave, and thank people as they like."),
            N_("**“Whoever spends most wins.”** Leaderboards only say thank you. Prizes are for challenges."),
            N_("**“Moderators can see my card.”** Nobody here can. You pay on the payment provider's own page."),
        ),
    ),
    "creators": Topic(
        N_("For creators"),
        (
            N_("Ask to become a creator with `/creator apply`. Once staff approve you, anyone can send you gifts."),
            N_("`/live start` starts a live event in the channel. Add a title, a goal or a length if you like."),
            N_("Start a Discord event or open a Stage, and a live event starts and ends with it."),
            N_(
                "`/live goal` sets a goal with a deadline and a reward. `/live match` invites another creator to a "
                "match, if your staff allow matches in `/settings`."
            ),
            N_("`/live status` lets you name others on stage. `/live end` shows everyone the recap."),
            N_("💐 `/creator thanks` shows who's waiting for your thanks. Thank them one by one or all at once."),
            N_("Do you want me to react to your messages that get a gift? Switch it on in `/creator thanks`."),
            N_("📊 `/creator stats` shows when you get gifts, which ones, and who your top fans are."),
            N_("🗓️ Each week begins with a recap of the last one, as a direct message. You can stop it there."),
            N_("📺 Do you stream? *Overlay* in `/live status` shows your gifts on screen."),
            N_("📣 Did someone unlock a shout-out of yours? `/perks` shows what's waiting for you."),
            N_("A gift you don't want? `/creator gifts` shows the latest ones. You can decline each for 24 hours."),
            N_("Need a break? `/creator pause` stops gifts for a while. `/creator block` refuses gifts from a member."),
        ),
    ),
    "overlay": Topic(
        N_("On your stream"),
        (
            N_("📺 **An overlay** shows gifts on a creator's stream as they come, with the goal and the top three."),
            N_("Creators find *Overlay* in `/live start`, `/live status` and `/creator stats`. It has your link."),
            N_("In OBS, add a *Browser* source and paste the link. You do that once: it follows your live events."),
            N_("If OBS or the connection stops for a while, nothing is lost and nothing is shown twice."),
            N_("The **control page** pauses, skips and mutes, on a phone or as a dock in OBS. It has its own link."),
            N_("**The links are secrets.** If one gets out, press *New link*: the old one stops working at once."),
            N_("*Send a test* shows a gift that counts for nothing, so you can see that all is well before the show."),
            N_("Messages are shown with medium gifts and up, or once you've approved them. Staff choose which."),
            N_("A gift that you decline leaves the screen, too. Anonymous gifts stay anonymous there."),
        ),
    ),
    "earnings": Topic(
        N_("Earnings and payouts"),
        (
            N_("💎 You earn a share of the bought coins spent on you. `/creator earnings` shows what's held, and why."),
            N_("The share of a gift is fixed when it's sent. A lower one starts 7 days after you're told."),
            N_("Earnings are held for a while, as payments can still be refunded. Most have a release date."),
            N_("`/creator payout` asks the staff to pay you what's available. They send you the money themselves."),
            N_("Two people look at every payout, and nobody approves their own."),
            N_("Promo coins earn nothing unless your staff choose otherwise. Test coins never do."),
            N_("Every month has a statement, and every year a file with the sums by quarter: `/creator earnings`."),
        ),
    ),
    SETTING_UP: Topic(
        N_("For moderators: setting up"),
        (
            N_("`/settings`: gift channel, shares, announcements, payments and staff roles."),
            N_("`/packages list`: what members can buy. `/packages add` and `/packages edit` set coins and prices."),
            N_("`/catalogue list`: every gift. `/catalogue add` adds one, also with a stock, with dates or live only."),
            N_("`/creators approve`: let a member receive gifts. `/creators list` shows who would like to."),
            N_("`/perk add`: what members unlock for coins, a gift, a level or a fan club. `/perk panel` lists it."),
            N_("🎖️ `/challenge add`: some days of points for gifts and live events, with prizes. You'll see it first."),
            N_("Then try it: give a member coins with `/coins grant`, and let them send a creator a `/gift`."),
            N_("Taking real money? The payment guide says what to set up, step by step."),
            N_("Managers set things up, hosts run live events, treasurers handle money, auditors read all of it."),
            N_("In `/settings`, the server's owner alone sets limits on grants, and lets staff become creators."),
        ),
    ),
    "desk": Topic(
        N_("For moderators: coins and money"),
        (
            N_("“What happened to my coins?” `/coins lookup` shows a member's history, orders and cases."),
            N_("Reverse a mistake there, or on the receipt of a grant: a form says what changes, and asks why."),
            N_("`/coins grant`: promo coins for a member, with a reason for our records."),
            N_("`/coins codes make`: codes that members redeem. `/coins claim`: a button for members of a role."),
            N_("`/chest`: share your own promo coins out. `/settings`, *Staff roles*, *Chests* says who else may."),
            N_("`/coins grant-many`: promo coins from a CSV file of another bot. `/coins undo` takes them back."),
            N_("`/coins reverse`: take back a gift, a grant or a purchase. You see what changes before you confirm."),
            N_(
                "`/perk return`: take back what a member unlocked for coins. You see what that does before you confirm."
            ),
            N_("If a payment goes back, I also take perks that its coins paid for, unless a shout-out is done."),
            N_("`/cases`: payments that don't match their order, and disputes. Treasurers decide on them."),
            N_("While a case is open, treasurers can freeze whoever it names: no buying, no gifts, no payouts."),
            N_("`/payouts list`: creators who want to be paid. One treasurer approves, another records the payment."),
            N_("Everything the staff do is in the staff log. `/settings` chooses its channel."),
        ),
    ),
    "questions": Topic(
        N_("Questions and answers"),
        (
            N_("**Can I give coins to a friend?** No. Coins are for gifts to creators."),
            N_("**Can I get my money back?** Only for coins you haven't spent, where this server lets you withdraw."),
            N_("**Can I win coins?** Never by luck: no bets, no loot boxes. Challenges can have them as a prize."),
            N_("**Do my coins expire?** No."),
            N_("**Do my coins work in other servers?** No. Each server has its own."),
            N_("**Why was my gift refused?** I always say why. You can't gift yourself, bots, or people who left."),
            N_("**Who can see who sent an anonymous gift?** Only staff, to settle a dispute."),
            N_("**Do anonymous gifts count?** Yes, toward totals and goals. They don't put you on a leaderboard."),
            N_("**Is this receipt real?** `/verify` checks its number, and says whether it was only a test."),
            N_("**What do you know about me?** `/privacy export` gives you all of it. `/privacy delete` removes it."),
            N_("**Can I hide?** `/privacy settings` takes you off leaderboards, results and profiles."),
            N_("**Can I hide how much I gift?** Yes, with `hide_amounts` in `/privacy settings`. Your name stays."),
            N_("**Can gifts show up on a stream?** Yes. Creators get an overlay for OBS with `/live status`."),
            N_("**Will my name be on stream?** If you gift under your name, yes. Use `anonymous` to hide it."),
            N_("**Too much going on?** `quiet` in `/privacy settings` keeps trains, matches and combos away from you."),
            N_("**What if someone leaves?** Their place on the leaderboards is hidden until they come back."),
        ),
    ),
}
