"""Thank-yous as everybody sees them."""

from collections.abc import Mapping

from bot.domain.thanks import HIDDEN, ThankYou
from bot.ui import theme
from bot.ui.kit.cards import Card
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def thank_you_card(thank_you: ThankYou, members: Mapping[int, int], r: Reader, *, shows_quantity: bool = True) -> Card:
    """Return the public thank-you; `members` are the members behind its senders, 0 for those who were erased.

    Unless it `shows_quantity`, nobody reads how many gifts it was.
    """
    names = [
        r._("someone") if holder == HIDDEN else mentions.member(members.get(holder, 0), r)
        for holder in thank_you.senders
    ]
    if thank_you.more:
        names.append(r.n_("{n} more", "{n} more", thank_you.more))
    if not shows_quantity:
        creator = f"**{mentions.member(thank_you.creator_id, r)}**"
        return Card.of(r._("💐 {creator} thanks {names}!", creator=creator, names=r.listed(names)), theme.ROSE)
    text = r._(
        "💐 {creator} thanks {names} for {gifts}!",
        creator=f"**{mentions.member(thank_you.creator_id, r)}**",
        names=r.listed(names),
        gifts=r.n_("{n} gift", "{n} gifts", thank_you.pieces),
    )
    return Card.of(text, theme.ROSE)
