"""What a gift costs its sender, and where the coins go.

Promo coins are spent first. If test coins can pay for all the rest, they do, and the gift is a test: everything goes to
the accounts of test coins, and nothing real is earned. Otherwise bought coins have to. So a gift never takes test coins
together with bought ones, and whoever tries things out with test coins does not spend money by accident.
"""

from typing import NamedTuple

from bot.domain.accounts import REAL_COINS, TEST_COINS, Account, Coinage, promo_of
from bot.domain.errors import NotEnoughCoins
from bot.domain.guilds import GuildRules
from bot.domain.ledger.books import Books
from bot.domain.ledger.postings import Posting
from bot.domain.money import share_of
from bot.domain.reversal_errors import InDebt


class Charge(NamedTuple):
    """The promo coins that a gift takes, the bought `coins` of one `coinage`, and the creator's share of both.

    `payoff` is the part of the share that goes into the creator's debt.
    """

    coinage: Coinage
    coins: int
    promo: int
    share: int
    payoff: int
    postings: tuple[Posting, ...]


def takes_test_coins(promo: int, test: int, price: int) -> bool:
    """Whether a gift is paid for with test coins, given how many promo coins and test coins could be spent on it."""
    return promo < price <= promo + test


def charge_of(books: Books, rules: GuildRules, sender: int, creator: int, price: int) -> Charge:
    """Return the charge for `price`. Raise InDebt, NotEnoughCoins, or WalletFull."""
    guild = rules.guild_id
    promo_wallet, coinage, wallet = promo_of(sender), REAL_COINS, REAL_COINS.wallet_of(sender)
    test_wallet = TEST_COINS.wallet_of(sender)
    debt, test = books.debt(guild, sender), books.balance(guild, test_wallet)
    # Promo coins are held back while other coins are owed. Test coins are not: nobody is owed those.
    promo = 0 if debt else min(books.balance(guild, promo_wallet), price)
    coins = price - promo
    if takes_test_coins(promo, test, price):
        coinage, wallet = TEST_COINS, test_wallet
    elif debt:
        raise InDebt(debt)
    elif (paid := books.balance(guild, wallet)) < coins:
        raise NotEnoughCoins(promo + max(paid, test), price, is_test=test > paid)
    earnings, house = coinage.earnings_of(creator), coinage.house
    promo_share = share_of(promo, rules.promo_share_percent)
    coins_share = share_of(coins, rules.share_percent)
    share = promo_share + coins_share
    payoff, payoff_postings = books.pay_off(guild, earnings, share)
    books.check_room(guild, earnings, share - payoff)
    books.check_room(guild, house, price - share)
    postings = (
        *_split(promo_wallet, earnings, house, promo_share, promo - promo_share),
        *_split(wallet, earnings, house, coins_share, coins - coins_share),
        *payoff_postings,
    )
    return Charge(coinage, coins, promo, share, payoff, postings)


def _split(source: Account, earnings: Account, house: Account, share: int, house_share: int) -> tuple[Posting, ...]:
    """Return the movements of one kind of coins: to the creator and to the house, without movements of 0 coins."""
    if not share:
        return (Posting(source, house, house_share),) if house_share else ()
    creator_posting = Posting(source, earnings, share)
    return (creator_posting, Posting(source, house, house_share)) if house_share else (creator_posting,)
