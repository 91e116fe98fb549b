"""Names of a guild's currency that look like real money: payment providers close accounts that seem to sell money."""

import re
import unicodedata
from typing import Final

from bot.domain.currencies import is_currency

_WORD = re.compile(r"[^\W\d_]+")

_WORDS: Final = """
argent buck bucks cash cent centavo centavos centimes cents dinero dollar dollars dólar dólares euro euros franc francs
franken geld krona krone kronen kroner kronor lira liras money pence penny peso pesos pfund pound pounds real reais
rouble roubles ruble rubles rubel rupee rupees rupien taler won yen yuan złoty zloty
"""
_MONEY: Final = frozenset(_WORDS.split())
"""What money is called, in the languages that guilds most often use."""


def looks_like_money(name: str) -> bool:
    """Whether a name holds a word for money, its sign, or its code in capitals."""
    words = _WORD.findall(name)
    has_word = any(word.casefold() in _MONEY or (word.isupper() and is_currency(word)) for word in words)
    return has_word or any(unicodedata.category(sign) == "Sc" for sign in name)
