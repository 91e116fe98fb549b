"""Refusals of purchases and withdrawals."""

from bot.domain import buying_errors as buying
from bot.domain import withdrawal_errors as withdrawing
from bot.ui.text.reader import Reader


def package_limit(e: buying.PackageLimit, r: Reader) -> str:
    return r._(
        "You've reached the limit for this package ({limit} per member). Pick another one with `/buy`.",
        limit=r.number(e.limit),
    )


def payment_undecided(e: buying.PaymentUndecided, r: Reader) -> str:
    return r._(
        "Your last payment for this package is still pending, and the limit is {limit} per member. "
        "Please wait until it goes through or fails.",
        limit=r.number(e.limit),
    )


def daily_limit(e: buying.DailyLimit, r: Reader) -> str:
    limit = r.money(e.limit_minor, e.currency)
    if e.free_ms is None:
        return r._("You can buy coins for up to {limit} in 24 hours. Pick a smaller package with `/buy`.", limit=limit)
    return r._(
        "That's more than {limit} in 24 hours, counting orders you haven't paid yet. You can buy this {when}, or a "
        "smaller package now.",
        limit=limit,
        when=r.when(e.free_ms),
    )


def held_limit(e: buying.HeldLimit, r: Reader) -> str:
    return r._(
        "Your unspent coins are worth {held}, and the limit is {limit}. Send some gifts first, or pick a smaller "
        "package.",
        held=r.money(e.held_minor, e.currency),
        limit=r.money(e.limit_minor, e.currency),
    )


def young_account(e: buying.YoungAccount, r: Reader) -> str:
    return r.n_(
        "Your Discord account is too new to buy coins here: it has to be {n} day old. You can buy {when}.",
        "Your Discord account is too new to buy coins here: it has to be {n} days old. You can buy {when}.",
        e.days,
        when=r.when(e.allowed_ms),
    )


def currency_unrated(e: buying.CurrencyUnrated, r: Reader) -> str:
    return r._(
        "This package can't be sold yet, because staff haven't set an exchange rate for {currency}. Pick another one "
        "with `/buy`.",
        currency=e.currency,
    )


def adults_only(e: buying.AdultsOnly, r: Reader) -> str:
    if not e.channel_ids:
        return r._("This server sells coins only in age-restricted channels, and there's none that you can see.")
    channels = r.either(f"<#{channel_id}>" for channel_id in e.channel_ids)
    return r._("This server sells coins only in age-restricted channels. Use `/buy` in {channels}.", channels=channels)


def nothing_to_withdraw(e: withdrawing.NothingToWithdraw, r: Reader) -> str:
    if e.is_spent:
        return r._("You've spent all the coins from this purchase, so there's nothing to give back.")
    return r._("There's nothing left to give back from this purchase. `/history` shows what became of it.")


def withdrawal_off(_e: withdrawing.WithdrawalOff, r: Reader) -> str:
    return r._("This server doesn't offer withdrawals. Its staff can tell you more.")


def withdrawal_over(e: withdrawing.WithdrawalOver, r: Reader) -> str:
    return r._("You could withdraw from this purchase until {when}.", when=r.moment(e.until_ms))


def withdrawal_elsewhere(_e: withdrawing.WithdrawalElsewhere, r: Reader) -> str:
    return r._("You paid on Discord, and only Discord can refund that: <https://support.discord.com>.")


def withdrawal_changed(e: withdrawing.WithdrawalChanged, r: Reader) -> str:
    coins = r.coins(e.unspent)
    return r._("Your unspent coins have changed to {coins}. Nothing was taken. Please start again.", coins=coins)
