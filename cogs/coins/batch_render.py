"""What grants to many members look like."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.grant_batches import GrantBatch
from bot.domain.grant_files import Problem, RowError
from bot.domain.grant_plans import Plan
from bot.domain.ledger.books import Decision, Recorded
from bot.domain.ledger.grant_many import facts_of
from bot.domain.ledger.grants_undo import facts_of as undo_facts
from bot.domain.live import LiveEvent
from bot.domain.receipts import Receipt
from bot.domain.text import clean, shown
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.looks.live_card import title
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader
from bot.ui.theme import LIVE
from cogs.coins.render import reason_part

LARGEST: Final = 10
ERRORS: Final = 3
"""The most errors that the preview names. The file has all of them."""


def preview_of_show(batch: GrantBatch, event: LiveEvent, plan: Plan, reader: Reader) -> Card:
    """Return what a batch will grant to those who attended a live event."""
    lines = [
        f"**{title(event, LIVE, reader)}**",
        reader.n_("**{n}** attendee gets promo coins.", "**{n}** attendees get promo coins.", batch.members),
        reader._("Each of them: {coins}", coins=reader.coins(plan.shares[0][1])),
        reader._("In all: {coins}", coins=f"**{reader.coins(batch.coins)}**"),
        mentions.quoted(batch.reason),
    ]
    if plan.errors:
        count = len(plan.errors)
        lines.append(
            "-# "
            + reader.n_(
                "{n} attendee is left out: you, a bot, or somebody who left.",
                "{n} attendees are left out: you, bots, or people who left.",
                count,
            )
        )
    return Card(theme.AMBER, (Part("\n".join(lines)),), title=_question(reader), footer=_promise(reader))


def preview(batch: GrantBatch, plan: Plan, reader: Reader) -> Card:
    """Return what a batch will grant."""
    largest = sorted(plan.shares, key=lambda share: -share[1])[:LARGEST]
    lines = [
        reader.n_("**{n}** member gets promo coins.", "**{n}** members get promo coins.", batch.members),
        reader._("In all: {coins}", coins=f"**{reader.coins(batch.coins)}**"),
        mentions.quoted(batch.reason),
    ]
    top = [f"{mentions.member(member_id, reader)} {reader.coin(coins)}" for member_id, coins in largest]
    parts = [Part("\n".join(lines)), Part("\n".join(top), reader._("Largest amounts")), *_left_out(plan, reader)]
    documents = _documents(plan, reader)
    return Card(theme.AMBER, tuple(parts), title=_question(reader), footer=_promise(reader), documents=documents)


def nobody(plan: Plan, reader: Reader) -> Card:
    """Return why a file grants nothing."""
    text = reader._("There's no row in this file that I can use.")
    title = "🎁 " + reader._("Nobody to grant coins to")
    parts = (Part(text), *_left_out(plan, reader))
    return Card(theme.AMBER, parts, title=title, documents=_documents(plan, reader))


def granted(receipt: Receipt, reader: Reader) -> Card:
    """Return the receipt of a batch, for the manager who made it."""
    facts = facts_of(receipt)
    lines = [
        reader.n_("**{n}** member got promo coins.", "**{n}** members got promo coins.", facts["members"]),
        reader._("In all: {coins}", coins=f"**{reader.coins(facts['coins'])}**"),
        mentions.paid_off(receipt, reader),
        mentions.quoted(receipt.note),
        "-# " + reader._("I'll tell them with my next reply to them. To take it all back, use `/coins undo`."),
    ]
    return Card(
        theme.GREEN,
        (Part("\n".join(filter(None, lines))),),
        title="🎁 " + reader._("Coins granted"),
        footer=reader._("Receipt #{number}", number=receipt.seq),
    )


def undo_preview(decision: Decision, reader: Reader) -> Card:
    """Return what undoing a batch will do. The reason, if there is one, stands in the last part."""
    facts = undo_facts(decision)
    return Card(
        theme.AMBER,
        (
            Part("\n".join(_undone(decision, N_("Still unspent: {coins}"), reader))),
            *reason_part(decision.note, reader),
        ),
        title="↩️ " + reader._("Reverse receipt #{number}?", number=facts["of"]),
        footer=reader._("This is final. Everyone it affects sees it in their history."),
    )


def undone(receipt: Receipt, reader: Reader) -> Card:
    """Return the receipt of an undone batch, for the manager who undid it."""
    return Card(
        theme.GREEN,
        (
            Part("\n".join(_undone(receipt, N_("Taken back unspent: {coins}"), reader))),
            *reason_part(receipt.note, reader),
        ),
        title="↩️ " + reader._("Receipt #{number} reversed", number=undo_facts(receipt)["of"]),
        footer=reader._("Receipt #{number}", number=receipt.seq),
    )


def choice(batch: GrantBatch, reader: Reader) -> str:
    """Return a batch as a line to choose."""
    members = reader.n_("{n} member", "{n} members", batch.members)
    parts = (f"#{batch.seq}", members, reader.coin(batch.coins, plain=True), batch.reason)
    return discord_limits.cut(" · ".join(parts), discord_limits.CHOICE_NAME)


def _question(reader: Reader) -> str:
    return "🎁 " + reader._("Grant to many members?")


def _promise(reader: Reader) -> str:
    return reader._("Nothing happens until you press the button. Then all of them get their coins, or nobody does.")


def _undone(row: Recorded, unspent: str, reader: Reader) -> list[str]:
    """Return the lines about where a batch's coins come back from. `unspent` is the text for those that members still
    have, or had."""
    facts = undo_facts(row)
    lines = [
        reader.n_("From **{n}** member", "From **{n}** members", facts["members"])
        + f" · {reader.coins(facts['coins'])}",
        reader._(unspent, coins=f"**{reader.coins(facts['promo'])}**"),
    ]
    if facts["house"]:
        lines.append(
            reader._("Spent, so from the server's share: {coins}", coins=f"**{reader.coins(facts['house'])}**")
        )
    if facts["debt"]:
        lines.append(reader._("Owed by those who spent them: {coins}", coins=f"**{reader.coins(facts['debt'])}**"))
        lines.append(reader._("Whoever owes coins can't send gifts until new coins have paid that off."))
    return lines


def _left_out(plan: Plan, reader: Reader) -> list[Part]:
    if not plan.errors:
        return []
    lines = [_line(error, reader) for error in plan.errors[:ERRORS]]
    if len(plan.errors) > ERRORS:
        lines.append("-# " + reader._("All of them are in the file below."))
    heading = reader.n_("{n} row is left out", "{n} rows are left out", len(plan.errors))
    return [Part("\n".join(lines), "⚠️ " + heading)]


def _documents(plan: Plan, reader: Reader) -> tuple[Document, ...]:
    if not plan.errors:
        return ()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((reader._("Row"), reader._("Value"), reader._("Problem")))
    writer.writerows((error.line, _harmless(error.text), problem(error, reader)) for error in plan.errors)
    # Spreadsheets assume an old encoding if a file lacks this mark.
    return (Document("rows-left-out.csv", "\ufeff" + text.getvalue()),)


def _harmless(value: str) -> str:
    """Return a value that no spreadsheet mistakes for a formula."""
    text = clean(value, 40)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _line(error: RowError, reader: Reader) -> str:
    where = reader._("Row {number}", number=reader.number(error.line))
    value = f" ({shown(error.text)})" if error.text else ""
    return f"{where}{value}: {problem(error, reader)}"


def problem(error: RowError, reader: Reader) -> str:
    """Return what is wrong with a row."""
    return PROBLEMS[error.problem](error, reader)


PROBLEMS: Mapping[Problem, Callable[[RowError, Reader], str]] = {
    Problem.NO_MEMBER: lambda e, r: r._("names no member"),
    Problem.ROUNDED_ID: lambda e, r: r._("a spreadsheet has rounded this id; format the column as text"),
    Problem.NO_AMOUNT: lambda e, r: r._("has no amount"),
    Problem.NOT_A_NUMBER: lambda e, r: r._("isn't a number"),
    Problem.NEGATIVE: lambda e, r: r._("is below zero"),
    Problem.NOTHING: lambda e, r: r._("comes to no coins"),
    Problem.FRACTION: lambda e, r: r._("isn't a whole number"),
    Problem.ABOVE: lambda e, r: r._("is more than one member can get: {highest}", highest=r.number(e.number)),
    Problem.DUPLICATE: lambda e, r: r._("is the same member as in row {number}", number=r.number(e.number)),
    Problem.UNKNOWN: lambda e, r: r._("isn't in this server"),
    Problem.AMBIGUOUS: lambda e, r: r.n_(
        "{n} member has this name; use the id", "{n} members have this name; use the id", e.number
    ),
    Problem.TOO_MANY_NAMES: lambda e, r: r.n_(
        "I look up {n} name in one file; use ids", "I look up {n} names in one file; use ids", e.number
    ),
    Problem.BOT: lambda e, r: r._("is a bot"),
    Problem.ONESELF: lambda e, r: r._("is you; someone else has to confirm a grant to yourself"),
}
"""The sentence for each problem with a row. A missing one raises."""
