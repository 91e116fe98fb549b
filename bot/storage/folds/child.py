"""The process that plans slices of folds: `python -m bot.storage.folds.child FILE`, with the file of the books.

A request is a pickle of what `plan_slice` takes. An answer is a plan, the reason why there is none, or nothing if only
the writer can fold the slice.
"""

import pickle
import sys
import traceback
from functools import partial

from sqlalchemy import URL

from bot.child_requests import answer_requests
from bot.gc_tuning import tune_collector
from bot.storage.connect.sqlite import reading_engine
from bot.storage.connect.transactions import OwnTransactions
from bot.storage.folds.planning import plan_slice
from bot.storage.ledger.fold_steps import FAILED, PLANNED, UNPLANNED

LIMIT_S = 5
"""Seconds for one plan, which takes a twentieth of a second."""


def main() -> None:
    """Answer requests until the parent closes the pipe, or ends."""
    transactions = OwnTransactions(reading_engine(URL.create("sqlite", database=sys.argv[1])))
    tune_collector()
    answer_requests(partial(_answer, transactions), limit_s=LIMIT_S)


def _answer(transactions: OwnTransactions, request: bytes) -> tuple[int, bytes]:
    guild_id, most, now_ms = pickle.loads(request)  # noqa: S301 - our own parent's
    try:
        plan = transactions.run(partial(plan_slice, guild_id=guild_id, most=most, now_ms=now_ms))
    except Exception:  # noqa: BLE001 - the parent logs it
        return FAILED, traceback.format_exc().encode("utf-8", "backslashreplace")
    return (UNPLANNED, b"") if plan is None else (PLANNED, plan)


if __name__ == "__main__":
    main()
