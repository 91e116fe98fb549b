"""What a gift costs its sender, and where the coins go.

Promo coins are spent first. If test coins can pay for all the rest, they do, and the gift is a test: everything goes to
the accounts of test coins, and nothing real is earned. Otherwise bought coins do. So a gift never takes test coins
together with bought ones, and nobody who tries things out with test coins spends money by accident.
"""

from typing import NamedTuple

from bot.domain.accounts import REAL_COINS, TEST_COINS, Account, Coinage, promo_of
from bot.domain.errors import NotEnoughCoins
from bot.domain.guilds import GuildRules
from bot.domain.ledger.books import Books
from bot.domain.ledger.postings import Posting
from bot.domain.money import share_of
from bot.domain.reversal_errors import InDebt


class Funds(NamedTuple):
    """What pays a price: a number of promo coins, and a number of bought `coins` of one `coinage`."""

    coinage: Coinage
    coins: int
    promo: int


class Charge(NamedTuple):
    """The promo coins that a gift takes, the bought `coins` of one `coinage`, and the creator's share of both.

    The bought coins come from the account `wallet`. `payoff` is the part of the share that settles the creator's debt.
    """

    coinage: Coinage
    wallet: Account
    coins: int
    promo: int
    share: int
    payoff: int
    postings: tuple[Posting, ...]


def takes_test_coins(promo: int, test: int, price: int) -> bool:
    """Whether a gift is paid for with test coins, given how many promo coins and test coins could be spent on it."""
    return promo < price <= promo + test


def pays_with_tests(books: Books, guild_id: int, sender: int, price: int) -> bool:
    """Whether test coins would pay for what a member sends."""
    if not (test := books.balance(guild_id, TEST_COINS.wallet_of(sender))):
        return False
    promo = 0 if books.debt(guild_id, sender) else min(books.balance(guild_id, promo_of(sender)), price)
    return takes_test_coins(promo, test, price)


def funds_for(books: Books, guild_id: int, sender: int, price: int) -> Funds:
    """Return what of a member's coins pays for `price`. Raise InDebt or NotEnoughCoins."""
    debt, test = books.debt(guild_id, sender), books.balance(guild_id, TEST_COINS.wallet_of(sender))
    # Promo coins are held back while other coins are owed. Test coins are not: nobody is owed those.
    promo = 0 if debt else min(books.balance(guild_id, promo_of(sender)), price)
    coins = price - promo
    if takes_test_coins(promo, test, price):
        return Funds(TEST_COINS, coins, promo)
    if debt:
        raise InDebt(debt)
    if (paid := books.balance(guild_id, REAL_COINS.wallet_of(sender))) < coins:
        raise NotEnoughCoins(promo + max(paid, test), price, is_test=test > paid)
    return Funds(REAL_COINS, coins, promo)


def charge_of(books: Books, rules: GuildRules, sender: int, creator: int, price: int) -> Charge:
    """Return the charge for `price`. Raise InDebt, NotEnoughCoins, or WalletFull."""
    funds = funds_for(books, rules.guild_id, sender, price)
    return charge_from(books, rules, (promo_of(sender), funds.coinage.wallet_of(sender)), creator, funds)


def charge_from(
    books: Books, rules: GuildRules, sources: tuple[Account, Account], creator: int, funds: Funds
) -> Charge:
    """Return the charge of `funds` that are on two accounts: of promo coins, and of the others. Raise WalletFull."""
    guild, (coinage, coins, promo) = rules.guild_id, funds
    promo_wallet, wallet = sources
    earnings, house = coinage.earnings_of(creator), coinage.house
    promo_share = share_of(promo, rules.promo_share_percent)
    coins_share = share_of(coins, rules.share_percent)
    share = promo_share + coins_share
    payoff, payoff_postings = books.pay_off(guild, earnings, share)
    books.check_room(guild, earnings, share - payoff)
    books.check_room(guild, house, promo + coins - share)
    postings = (
        *_split(promo_wallet, earnings, house, promo_share, promo - promo_share),
        *_split(wallet, earnings, house, coins_share, coins - coins_share),
        *payoff_postings,
    )
    return Charge(coinage, wallet, coins, promo, share, payoff, postings)


def _split(source: Account, earnings: Account, house: Account, share: int, house_share: int) -> tuple[Posting, ...]:
    """Return the movements of one kind of coins: to the creator and to the house, without movements of 0 coins."""
    if not share:
        return (Posting(source, house, house_share),) if house_share else ()
    creator_posting = Posting(source, earnings, share)
    return (creator_posting, Posting(source, house, house_share)) if house_share else (creator_posting,)
