"""How members, gifts and what the product has besides are named in messages."""

from collections.abc import Callable, Mapping

import regex

from bot.domain.catalogue import GiftItem
from bot.domain.chip_ins import CalledOff, ChipIn
from bot.domain.ledger import unspent_tests
from bot.domain.ledger.books import Recorded
from bot.domain.ledger.gift import GiftFacts
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import facts_of as grant_facts
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.payout import facts_of as payout_facts
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from bot.domain.wallets import Wallet
from bot.ui.text.reader import N_, Reader
from bot.ui.theme import FANS, PERK

_ESCAPED = regex.compile(r"\\([\\*_~`|>#\-+\[\]()<:@])")
_MENTION = regex.compile(r"<@(\d+)>")
_OWN_EMOJI = regex.compile(r"<a?:\w+:\d+> ?")
_ISOLATES = str.maketrans("", "", "\u2060\u2068\u2069")

NOUNS: Mapping[str, str] = {
    "gift": N_("gift"),
    "package": N_("package"),
    "perk": N_("perk"),
    "order": N_("order"),
    "receipt": N_("receipt"),
    "code": N_("code"),
    "chip_in": N_("chip-in"),
    "live event": N_("live event"),
    "batch": N_("grant to many members"),
    "case": N_("case"),
    "flag": N_("flag"),
    "payment": N_("payment"),
    "payout": N_("payout"),
    "provider": N_("payment provider"),
    "channel": N_("channel"),
    "role": N_("role"),
    "level": N_("level"),
    "name": N_("name"),
    "emoji": N_("emoji"),
    "reason": N_("reason"),
    "wish": N_("wish"),
    "title": N_("title"),
    "manager": N_("manager"),
    "host": N_("host"),
    "treasurer": N_("treasurer"),
    "auditor": N_("auditor"),
    "creator": N_("creator"),
    "block": N_("block"),
    "member": N_("member"),
    "leaderboard": N_("leaderboard"),
    "challenge": N_("challenge"),
    "topic": N_("topic"),
    "language": N_("language"),
}
"""What refusals call things, in the words of the product."""


def noun(name: str, reader: Reader) -> str:
    """Return a noun of the product in the reader's language."""
    return reader._(NOUNS.get(name, name))


def member(member_id: int, reader: Reader) -> str:
    """Return a mention, which pings nobody inside an embed. 0 is a member whose data was erased."""
    return f"<@{member_id}>" if member_id else reader._("a former member")


def sender(receipt: Receipt, reader: Reader) -> str:
    """Return who sent a gift, as far as that is public."""
    return reader._("Someone") if gift_facts(receipt)["anonymous"] else member(receipt.actor_id, reader)


def creators(receipt: Receipt, reader: Reader) -> str:
    """Return who got a gift: all creators of one for several of them."""
    team = [member_id for member_id, _ in receipt.people] if "team" in receipt.facts else [receipt.other_id]
    return reader.listed([member(member_id, reader) for member_id in team])


def gift(name: str, emoji: str, reader: Reader, count: int = 1) -> str:
    """Return "🌸 Petal", or "🌸 Petal × 3"."""
    return f"{reader.emoji(emoji)} {shown(name)}" + (f" × {count}" if count > 1 else "")


def perk(name: str, emoji: str, reader: Reader) -> str:
    """Return "🎭 Backstage"."""
    return f"{reader.emoji(emoji, PERK)} {shown(name)}"


def gift_name(name: str, count: int) -> str:
    """Return "Petal × 3", for a picture or its description."""
    return f"{name} × {count}" if count > 1 else name


def fans_only(reader: Reader) -> str:
    """Return the mark of what only fans of a creator can send."""
    return f"{FANS} " + reader._("fans only")


def item(entry: GiftItem, reader: Reader, count: int = 1) -> str:
    """Return a catalogue entry's name as a gift."""
    return gift(entry.name, entry.emoji, reader, count)


def gift_of(facts: GiftFacts, reader: Reader) -> str:
    """Return the gift of a row under the name that it had when it was sent."""
    return gift(facts["name"], facts["emoji"], reader, facts["count"])


def perk_of(row: Recorded, reader: Reader) -> str:
    """Return the perk of a row under the name that it had when it was unlocked."""
    return perk(row.facts["name"], row.facts["emoji"], reader)


def why_called_off(chip_in: ChipIn, reader: Reader) -> str:
    """Return why the gift of a chip-in did not go out."""
    values = {"gift": f"**{gift(chip_in.name, chip_in.emoji, reader)}**", "creator": member(chip_in.creator_id, reader)}
    if chip_in.why is CalledOff.CREATOR:
        return reader._("{creator} can't get {gift} now.", **values)
    if chip_in.why is CalledOff.ITEM:
        return reader._("{gift} can't be sent any more.", gift=values["gift"])
    return reader._("{gift} for {creator} wasn't full in time.", **values)


def arrival(receipt: Receipt, reader: Reader) -> str:
    """Return the line that tells the actor of a transaction that it went through, with the number of its receipt."""
    return ARRIVALS[receipt.kind](receipt, reader)


def _reversal(receipt: Receipt, r: Reader) -> str:
    return r._("You reversed receipt #{reversed}: receipt #{number}.", reversed=receipt.facts["of"], number=receipt.seq)


ARRIVALS: Mapping[str, Callable[[Receipt, Reader], str]] = {
    "gift": lambda receipt, r: r._(
        "Your {gift} for {creator} arrived: receipt #{number}.",
        gift=gift_of(gift_facts(receipt), r),
        creator=creators(receipt, r),
        number=receipt.seq,
    ),
    "perk": lambda receipt, r: r._(
        "You unlocked {perk}: receipt #{number}.", perk=perk_of(receipt, r), number=receipt.seq
    ),
    "perk_return": lambda receipt, r: r._(
        "You gave back what {perk} had cost: receipt #{number}.", perk=perk_of(receipt, r), number=receipt.seq
    ),
    "order": lambda receipt, r: r._(
        "Your payment went through: {coins}, receipt #{number}.",
        coins=r.coins(order_facts(receipt)["coins"], is_test=receipt.is_test),
        number=receipt.seq,
    ),
    "grant": lambda receipt, r: r._(
        "{member} got {coins} from you: receipt #{number}.",
        member=member(receipt.other_id, r),
        coins=r.coins(grant_facts(receipt)["coins"]),
        number=receipt.seq,
    ),
    "claim": lambda receipt, r: r._(
        "You claimed {coins}: receipt #{number}.", coins=r.coins(receipt.facts["coins"]), number=receipt.seq
    ),
    "chest": lambda receipt, r: r._(
        "You shared out {coins} in a chest: receipt #{number}.",
        coins=r.coins(receipt.facts["coins"]),
        number=receipt.seq,
    ),
    "chest_share": lambda receipt, r: r._(
        "You got {coins} from a chest: receipt #{number}.", coins=r.coins(receipt.facts["coins"]), number=receipt.seq
    ),
    "chest_return": lambda receipt, r: r._(
        "What was left of your chest is back: {coins}, receipt #{number}.",
        coins=r.coins(receipt.facts["coins"]),
        number=receipt.seq,
    ),
    "grants": lambda receipt, r: r.n_(
        "{n} member got {coins} from you: receipt #{number}.",
        "{n} members got {coins} from you: receipt #{number}.",
        receipt.facts["members"],
        coins=r.coins(receipt.facts["coins"]),
        number=receipt.seq,
    ),
    "grants_undo": _reversal,
    "reversal": _reversal,
    "chip": lambda receipt, r: r._(
        "You chipped in {coins} for {gift}: receipt #{number}.",
        coins=r.coins(receipt.facts["coins"], is_test=receipt.is_test),
        gift=gift(receipt.facts["name"], receipt.facts["emoji"], r),
        number=receipt.seq,
    ),
    "chip_return": lambda receipt, r: r._(
        "You got back what you chipped in for {gift}, {coins}: receipt #{number}.",
        coins=r.coins(receipt.facts["coins"], is_test=receipt.is_test),
        gift=gift(receipt.facts["name"], receipt.facts["emoji"], r),
        number=receipt.seq,
    ),
    "test_coins": lambda receipt, r: r._(
        "{coins} from test payments became test coins: receipt #{number}.",
        coins=r.coins(unspent_tests.facts_of(receipt)["coins"]),
        number=receipt.seq,
    ),
    "reinstatement": lambda receipt, r: r._(
        "Your payment stands again: {coins}, receipt #{number}.",
        coins=r.coins(receipt.facts["coins"], is_test=receipt.is_test),
        number=receipt.seq,
    ),
    "payout_request": lambda receipt, r: r._(
        "You asked for a payout of {diamonds}: receipt #{number}.",
        diamonds=r.diamonds(receipt.facts["coins"]),
        number=receipt.seq,
    ),
    "payout": lambda receipt, r: r._(
        "You recorded that {creator} was paid {diamonds}: receipt #{number}.",
        creator=member(receipt.other_id, r),
        diamonds=r.diamonds(payout_facts(receipt)["coins"]),
        number=receipt.seq,
    ),
    "payout_rejection": lambda receipt, r: r._(
        "You rejected payout #{payout}: receipt #{number}.",
        payout=payout_facts(receipt)["payout"],
        number=receipt.seq,
    ),
}
"""What the actor is told, by kind of transaction. A missing kind raises."""


def paid_off(receipt: Recorded, reader: Reader) -> str:
    """Return how much of what came in paid off a debt, "" for nothing."""
    payoff, is_test = receipt.facts.get("payoff", 0), bool(receipt.facts.get("test"))
    coins = reader.coins(payoff, is_test=is_test)
    return reader._("{coins} of that paid off what was owed.", coins=coins) if payoff else ""


def goodwill(receipt: Recorded, reader: Reader) -> str:
    """Return what a grant makes up for, "" for nothing."""
    number = receipt.facts.get("goodwill", 0)
    return reader._("Goodwill refund for receipt #{number}", number=number) if number else ""


def coins_in(wallet: Wallet, reader: Reader) -> str:
    """Return what a member can spend. Test coins come on top, and other coins are left out if there are only those."""
    test_coins = [f"**{reader.coins(wallet.test, is_test=True)}**"] if wallet.test else []
    coins = [f"**{reader.coins(wallet.total)}**"] if wallet.total or not test_coins else []
    return reader.listed([*coins, *test_coins])


def hidden(reader: Reader) -> str:
    """Return what an anonymous gift means for its sender."""
    return "🎭 " + reader._("Your name stays hidden from everyone but staff.")


def quoted(note: str) -> str:
    """Return a member's message as a quotation."""
    return f"> {shown(note)}" if note else ""


def unquoted(quotation: str) -> str:
    """Return a message as it was typed: the inverse of `quoted`."""
    return _ESCAPED.sub(r"\1", quotation.removeprefix("> ").translate(_ISOLATES))


def in_plain(text: str, names: Mapping[int, str]) -> str:
    """Return a text of a message for menus, which show neither bold type nor mentions nor emoji of a server's own.

    `names` are those of members. If one is missing, the id takes its place.
    """
    plain = _ESCAPED.sub(r"\1", _OWN_EMOJI.sub("", text).replace("**", "").translate(_ISOLATES))
    return _MENTION.sub(lambda match: names.get(int(match[1])) or match[1], plain)
