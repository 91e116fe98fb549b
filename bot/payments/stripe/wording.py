"""What buyers read at Stripe, with the name of the server where they buy: it makes a charge easy to recognize."""

import re
import unicodedata
from typing import Final

SERVER: Final = "{server}"
"""Stands for the name of the server in a text."""

SHORTEST_NAME: Final = "HERE"
"""Replaces the server's name if that has no Latin letters, or cannot name a sale."""

LONGEST_STATEMENT: Final = 22
"""Characters of a bank statement's line, by the rules of the card networks."""
LONGEST_LINE: Final = 250
"""Characters of a product's name at Stripe."""

# Stripe closes accounts that sell coins as gifts to somebody: a donation or a tip is another business.
NO_SALE: Final = re.compile(r"donat|spende|charit|\btips?\b", re.IGNORECASE)
_NOT_PRINTED = re.compile(r"[^A-Za-z0-9 .&-]+")


def statement_of(template: str, server: str) -> str:
    """Return a line for bank statements, which have only Latin letters and digits. The name is cut to fit."""
    plain = unicodedata.normalize("NFKD", server).encode("ascii", "ignore").decode()
    return _filled(template, _NOT_PRINTED.sub(" ", plain).upper(), LONGEST_STATEMENT)


def line_of(template: str, server: str) -> str:
    """Return a line of the checkout. The name is cut to fit."""
    return _filled(template, server, LONGEST_LINE)


def _filled(template: str, server: str, longest: int) -> str:
    name = " ".join(server.split())
    if NO_SALE.search(name) or not any(sign.isalpha() for sign in name):
        name = SHORTEST_NAME
    room = longest - len(template.replace(SERVER, ""))
    return " ".join(template.replace(SERVER, name[: max(room, 0)].strip()).split())
