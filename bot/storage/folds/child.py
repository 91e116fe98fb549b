"""The process that plans slices of folds: `python -m bot.storage.folds.child FILE`, with the file of the books.

A request is a pickle of what `plan_slice` takes. An answer is a plan, the reason why there is none, or nothing if only
the writer can fold the slice.
"""

import pickle
import sys
import traceback
from functools import partial

from sqlalchemy import URL, Connection

from bot.child_requests import answer_requests
from bot.gc_tuning import tune_collector
from bot.storage.connect.sqlite import reading_engine
from bot.storage.folds.planning import plan_slice
from bot.storage.ledger.fold_steps import FAILED, PLANNED, UNPLANNED

LIMIT_S = 5
"""Seconds for one plan, which takes a twentieth of a second."""


def main() -> None:
    """Answer requests until the parent closes the pipe, or ends."""
    engine = reading_engine(URL.create("sqlite", database=sys.argv[1]))
    tune_collector()
    # If the file is deleted or replaced meanwhile, the writer notices, and applies no plan.
    with engine.connect() as connection:
        answer_requests(partial(_answer, connection), limit_s=LIMIT_S)


def _answer(connection: Connection, request: bytes) -> tuple[int, bytes]:
    guild_id, most, now_ms = pickle.loads(request)  # noqa: S301 - our own parent's
    try:
        with connection.begin():
            plan = plan_slice(connection, guild_id, most, now_ms)
    except Exception:  # noqa: BLE001 - the parent logs it
        return FAILED, traceback.format_exc().encode("utf-8", "backslashreplace")
    return (UNPLANNED, b"") if plan is None else (PLANNED, plan)


if __name__ == "__main__":
    main()
