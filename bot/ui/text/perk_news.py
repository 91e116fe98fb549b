"""What members are told about perks that they have lost, or that are theirs again."""

from bot.domain.ledger.perk_return import ReturnCause, ReturnPerk, facts_of
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.notices import PerkNotice
from bot.domain.receipts import Receipt
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def perk_news(notice: PerkNotice, r: Reader) -> str:
    """Return the news that a member's perk was not delivered, went with a payment, or is theirs again."""
    receipt = notice.receipt
    if receipt.kind != ReturnPerk.kind:
        return _dispute_won(receipt, r)
    facts = facts_of(receipt)
    values = {
        "perk": f"**{mentions.perk_of(receipt, r)}**",
        "coins": f"**{r.coins(facts['coins'], is_test=receipt.is_test)}**",
    }
    if facts["cause"] == ReturnCause.UNDELIVERED.value:
        text = r._("I couldn't deliver {perk}, so you got your coins back: {coins}.", **values)
    elif facts["cause"] == ReturnCause.MONEY_BACK.value:
        return r._(
            "The payment for the coins that bought {perk} went back, so I had to take it. Its coins went with the "
            "money: {coins}.",
            **values,
        )
    elif facts["cause"] == ReturnCause.STAFF.value:
        text = r._("The staff took back your {perk}, so you got your coins back: {coins}.", **values)
    else:
        text = r._("{perk} won't happen this time, so you got your coins back: {coins}.", **values)
    return "\n".join(filter(None, (text, mentions.paid_off(receipt, r))))


def _dispute_won(receipt: Receipt, r: Reader) -> str:
    """Return the news about a member's perks that had gone with a payment which now stands again."""
    if receipt.kind == Reinstate.kind:
        text = r._("A payment of yours stands again. Not everything that had gone with it can be unlocked again.")
        return text + " " + r._("Its coins are back instead. `/perks` shows what there is.")
    perk, coins = f"**{mentions.perk_of(receipt, r)}**", r.coins(receipt.facts["coins"], is_test=receipt.is_test)
    return r._("A payment of yours stands again, so {perk} is yours again. It cost {coins}.", perk=perk, coins=coins)
