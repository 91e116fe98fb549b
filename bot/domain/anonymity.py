"""The rule of anonymous gifts: whoever sent one, everybody else sees and computes the same.

An anonymous gift moves totals of coins and pieces: of an item, a creator, a live event and its goal, a match, a
message, a gift train that runs. It counts for no number of people, has no place on a board of gifters, makes no combo
and starts no gift train. In a creator's thanks all of them are one entry. The rule covers texts, counts, ids, the order
of lines and the moment of an edit.

So the sender is removed where the books hand a gift to what others see: `in_public` does it for the journal's receipts,
`bot.storage.shows` for the gifts of a live event. What comes after cannot tell what it does not know. Only the sender
has the whole receipt, and staff who read the books: a dispute needs it. `/gift` says so.
"""

from bot.domain.receipts import Receipt

_OF_A_WALLET = frozenset({"paid", "promo", "share", "paid_after", "promo_after"})
"""Facts that follow from the wallet of whoever acts. Also those of a named gift tell of anonymous ones before it."""


def in_public(receipt: Receipt) -> Receipt:
    """Return what everybody may know of a transaction: nothing of wallets, and of an anonymous gift not who sent it."""
    facts = {name: value for name, value in receipt.facts.items() if name not in _OF_A_WALLET}
    return receipt._replace(actor_id=0 if facts.get("anonymous") else receipt.actor_id, facts=facts)
