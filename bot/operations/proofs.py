"""`python -m bot audit --month`: the sums that a guild posts each month, computed anew from its journal."""

from contextlib import closing
from pathlib import Path

from bot.domain.errors import UnknownGuild
from bot.domain.periods import PastPeriod
from bot.domain.proofs import MonthlyProof
from bot.exit_codes import Exit
from bot.operations.audit import audit
from bot.services.proofs import proof
from bot.storage.audit.reader import open_reader
from bot.storage.maintenance.checkpoints import CheckpointFile


def prove(url: str, guild_id: int | None, month_text: str, marks: Path, checkpoint: CheckpointFile) -> Exit:
    """Print the proof of a month of one guild, then audit its books. Raises StorageError."""
    month = PastPeriod.of(month_text)
    if guild_id is None or month is None or not month.span.is_month:
        print("Name a guild and a month that is over, like --guild 123 --month 2026-10")
        return Exit.FAILED
    with closing(open_reader(url)) as reader:
        try:
            computed = reader.look(proof, guild_id, month)
        except UnknownGuild:
            print(f"There are no books of guild {guild_id} in this database")
            return Exit.FAILED
    for line in lines(computed):
        print(line)
    outcome = audit(url, guild_id, marks, checkpoint)
    return outcome if computed.agrees else Exit.FAILED


def lines(proof: MonthlyProof) -> list[str]:
    """Return the sums, one a line, in coins."""
    sums = {
        "bought": proof.bought,
        "granted": proof.granted,
        "sent back": proof.returned,
        "came in": proof.came_in,
        "in wallets": proof.in_wallets,
        "owed": proof.owed,
        "in test gifts": proof.in_tests,
        "given": proof.given,
        "earned by creators": proof.earned,
        "of that paid out": proof.paid_out,
        "of that requested": proof.requested,
        "of that on their accounts": proof.on_account,
        "the guild's share": proof.house,
    }
    payments = [
        f"payments through {each.provider}: {each.payments}, {each.amount_minor} minor units of {each.currency}, of"
        f" which {each.refunded_minor} went back; {each.waiting_minor} wait for staff; reported: "
        f"{'only at the provider' if each.reported_minor is None else each.reported_minor}"
        for each in proof.takings
    ]
    return [
        f"guild {proof.guild_id}, {proof.month}, up to row {proof.seq}",
        *(f"{name}: {coins}" for name, coins in sums.items()),
        *payments,
        f"hash: {proof.hash.hex()}",
        "Every coin is accounted for." if proof.agrees else "The sums do not agree.",
    ]
