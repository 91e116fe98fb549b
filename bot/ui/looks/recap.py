"""The recap of a live event."""

from collections.abc import Callable, Mapping

from bot.domain.leaderboards import Standing
from bot.domain.live import LargestGift, Outcome, Recap
from bot.domain.momentum import LEVELS
from bot.imaging.values import CardStanding, Fact, Goal, Person, RecapCard
from bot.services.live_rules import LiveStatus
from bot.services.pictures import Pictures
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.membership import Membership
from bot.ui.looks.live_card import attendance, creators_of, earlier_goals, numbers, people, progress, title, top
from bot.ui.looks.match_card import match_result
from bot.ui.looks.portraits import portraits
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.sums import sum_of


def recap_of(status: LiveStatus, r: Reader, picture: Picture | None = None, *, names_top: bool = True) -> Card:
    """Return the card of a live event that is over. What its picture shows is left out of its words."""
    totals, pictured = status.totals, picture is not None
    lines = [_how(status, r), *attendance(status, r)]
    if not totals.gifts:
        lines += ["", r._("There were no gifts this time.")]
    elif not pictured:
        lines += ["", f"**{numbers(status, r)}**", *_goal(status, r)]
        lines += highlights(status, lambda member_id: mentions.member(member_id, r), r)
    return Card(
        theme.ROSE,
        (Part("\n".join(lines)), *(top(status, r) if names_top and not pictured else [])),
        title="" if pictured else title(status.event, "🎬", r),
        footer=_earning(status, r) if totals.gifts else "",
        pictures=(picture,) if picture is not None else (),
    )


async def recap_picture(status: LiveStatus, membership: Membership, pictures: Pictures, r: Reader) -> Picture | None:
    """Return the recap as a picture, None if there is nothing to draw or it cannot be drawn."""
    if not status.totals.gifts:
        return None
    member_ids = people_on(status)
    card = recap_card(status, await portraits(membership, pictures, status.event.guild_id, member_ids, r), r)
    png = await pictures.recap(card)
    return Picture("recap.png", png, alt_text(card, r)) if png else None


def people_on(status: LiveStatus) -> list[int]:
    """Return the members whom the picture of a recap shows or names."""
    recap = status.recap or Recap()
    players = (member for result in recap.matches for member in (result.creator_id, result.opponent_id))
    senders = [status.best_id] if recap.best is not None else []
    if status.largest_id:
        senders.append(status.largest_id)
    return [*creators_of(status), *(standing.subject_id for standing in status.totals.top), *players, *senders]


def recap_card(status: LiveStatus, members: Mapping[int, Person], r: Reader) -> RecapCard:
    """Return what the picture of a recap shows; `members` are those of `people_on`."""
    event, totals, recap = status.event, status.totals, status.recap or Recap()
    best = tuple(
        CardStanding(standing.place, members[standing.subject_id], _amount(standing, r), standing.coins)
        for standing in totals.top
    )
    goal = None
    if event.goal is not None:
        reached = recap.goal_ms is not None
        if reached:
            text = r._("Goal reached!")
        elif totals.coins >= event.goal:
            text = r._("Reached after the deadline")
        else:
            text = r._("Goal not reached")
        amount = f"{r.number(totals.coins)} / {r.number(event.goal)}"
        goal = Goal(1.0 if reached else min(0.99, totals.coins / event.goal), text, amount)
    gifts = Fact(r.number(totals.gifts), r.n_("Gift", "Gifts", totals.gifts))
    gifters = Fact(r.number(totals.gifters), r.n_("Gifter", "Gifters", totals.gifters))
    creators = tuple(members[member_id] for member_id in creators_of(status))
    return RecapCard(
        label=r._("Live recap"),
        title=event.title or r._("Live"),
        creators=creators,
        names=r.listed(creator.name for creator in creators),
        total=Fact(r.number(totals.coins), r.currency.name or r.n_("Coin", "Coins", totals.coins)),
        facts=(gifts, gifters) if totals.gifters else (gifts,),
        standings=best,
        goal=goal,
        highlights=tuple(highlights(status, lambda member_id: members[member_id].name, r)),
    )


def _amount(standing: Standing, r: Reader) -> str:
    # The picture names the currency of all numbers only once.
    return sum_of(standing, r) if standing.hides_amount else r.number(standing.coins)


def alt_text(card: RecapCard, r: Reader) -> str:
    """Return what the picture of a recap says, for those who do not see it."""
    facts = ", ".join(f"{fact.value} {fact.label}" for fact in (card.total, *card.facts))
    top = ", ".join(f"{standing.place}. {standing.name} {standing.amount}" for standing in card.standings)
    parts = [card.title, card.names, facts, card.goal.text if card.goal else "", top, *card.highlights]
    return r._("Recap: {text}", text=" · ".join(part for part in parts if part))


def highlights(status: LiveStatus, name_of: Callable[[int], str], r: Reader) -> list[str]:
    """Return the highlights of a live event, a sentence each; `name_of` returns members' names."""
    recap, sentences = status.recap or Recap(), earlier_goals(status, r)
    sentences += [f"⚔️ {match_result(result, name_of, r)}" for result in recap.matches]
    if recap.largest is not None:
        sentences.append(largest_gift(recap.largest, name_of(status.largest_id) if status.largest_id else "", r))
    if recap.best is not None:
        combo = mentions.gift_name(recap.best.name, recap.best.quantity)
        sentences.append(r._("⚡ Best combo: {combo} by {sender}", combo=combo, sender=name_of(status.best_id)))
    if recap.train == LEVELS:
        sentences.append(r._("🚂 A gift train went all the way"))
    elif recap.train:
        completed, levels = r.number(recap.train), r.number(LEVELS)
        sentences.append(r._("🚂 A gift train completed level {level} of {levels}", level=completed, levels=levels))
    return sentences


def largest_gift(largest: LargestGift, sender: str, r: Reader) -> str:
    """Return which gift was the largest, and who sent it unless `sender` is empty."""
    gift = mentions.gift_name(largest.name, 1)
    if sender:
        return r._("🌟 Largest gift: {gift} by {sender}", gift=gift, sender=sender)
    return r._("🌟 Largest gift: {gift}", gift=gift)


def _earning(status: LiveStatus, r: Reader) -> str:
    """Return which coins earn diamonds, because there are fewer diamonds than coins in the recap."""
    if status.earns_promo:
        return r._("Creators earn 💎 from bought and from promo coins.")
    return r._("Creators earn 💎 from bought coins. Promo coins earn nothing.")


def _how(status: LiveStatus, r: Reader) -> str:
    creators = people(status, r)
    match status.event.outcome:
        case Outcome.CANCELLED:
            return r._("{creators}'s live event was called off.", creators=creators)
        case Outcome.INTERRUPTED:
            return r._("{creators}'s live event was cut short.", creators=creators)
        case Outcome.OVER:
            return r._("{creators}'s live event is over. Thank you all!", creators=creators)


def _goal(status: LiveStatus, r: Reader) -> list[str]:
    goal = status.event.goal
    if goal is None:
        return []
    reached = status.recap is not None and status.recap.goal_ms is not None
    if reached:
        verdict = r._("🎯 Goal reached!")
    elif status.totals.coins >= goal:
        verdict = r._("🎯 The goal was reached, but after the deadline.")
    else:
        verdict = r._("🎯 The goal wasn't reached this time.")
    return ["", progress(status.totals.coins, goal, r), verdict]
