"""The rule of anonymous gifts: no matter who sent one, everybody else sees exactly the same.

An anonymous gift adds to totals of coins and pieces: those of an item, a creator, a live event and its goal, a match, a
message, and a running gift train. It adds to no count of people, has no place on a board of gifters, makes no combo and
starts no gift train. A creator's thanks list all anonymous gifts as one entry. The rule covers texts, counts, ids, the
order of lines and the timing of edits. Whether test coins paid for a gift is said of every gift alike.

The sender is therefore removed where a gift leaves the books for public use: `in_public` does it for receipts from the
journal, `bot.storage.stores.live_displays` for the gifts of a live event. Code behind that point cannot reveal what
it does not know. Only the sender and staff who read the books, which disputes require, get the whole receipt. `/gift`
says so.
"""

from bot.domain.ledger import KINDS
from bot.domain.ledger.reversal import Reverse
from bot.domain.receipts import Receipt


def in_public(receipt: Receipt) -> Receipt:
    """Return the public view of a transaction: no wallet facts, and no sender if the gift was anonymous.

    The reversal of an anonymous gift has its sender as the other member. Its reason may name them, so it goes, too. If
    held earnings go back with a purchase, neither its buyer nor the purchase is named: creators see that row.

    Even on a named gift, facts that reveal the actor's wallet would betray anonymous gifts sent before it.
    """
    wallet_facts = KINDS[receipt.kind].wallet_facts
    facts = {name: value for name, value in receipt.facts.items() if name not in wallet_facts}
    if moves_held_earnings(receipt):
        names = {name: 0 for name in ("of", "undoes", "member", "sent_ms") if name in facts}
        return receipt._replace(actor_id=0, other_id=0, note="", facts=facts | names)
    if not facts.get("anonymous"):
        return receipt._replace(facts=facts)
    if receipt.kind == Reverse.kind:
        return receipt._replace(other_id=0, note="", facts=facts | {"member": 0})
    return receipt._replace(actor_id=0, facts=facts)


def moves_held_earnings(receipt: Receipt) -> bool:
    """Whether creators gave back held earnings with it because a purchase went back, or got them again."""
    return "from_gifts" in receipt.facts or "to_gifts" in receipt.facts
