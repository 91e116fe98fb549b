"""What a monthly proof looks like: the sums in words and as a picture, and how to check them."""

from bot.domain.proofs import MonthlyProof, Takings
from bot.imaging.values import Fact, ProofCard
from bot.services.pictures import Pictures
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks.payment_methods import method_name
from bot.ui.text.reader import Reader


def proof_card(proof: MonthlyProof, reader: Reader, picture: Picture | None = None) -> Card:
    """Return the post: the verdict, the sums, the month's payments, and the hash."""
    verdict = reader._("Every coin is accounted for.") if proof.agrees else reader._("The sums don't agree.")
    parts = [
        Part(f"{'✅' if proof.agrees else '❌'} **{verdict}**"),
        Part("\n".join(_coins(proof, reader)), reader._("Coins")),
        Part("\n".join(_earnings(proof, reader)), reader._("Creators' earnings")),
        Part("\n".join(_payments(proof, reader)), reader._("Payments this month")),
        Part("\n".join(_check(proof, reader)), reader._("Check it")),
    ]
    colour = theme.GREEN if proof.agrees else theme.AMBER
    return Card(colour, tuple(parts), title=_title(proof, reader), pictures=(picture,) if picture else ())


async def proof_picture(proof: MonthlyProof, pictures: Pictures, reader: Reader) -> Picture | None:
    """Return the sums as a picture, None if it cannot be drawn now."""
    png = await pictures.proof(drawing(proof, reader))
    alt = " · ".join([_title(proof, reader), *_coins(proof, reader), *_earnings(proof, reader)])
    return Picture("proof.png", png, alt.replace("**", "")) if png is not None else None


def drawing(proof: MonthlyProof, reader: Reader) -> ProofCard:
    """Return what the picture shows."""
    coins = (
        Fact(reader.number(proof.came_in), reader._("came in")),
        Fact(reader.number(proof.given), reader._("gifted")),
        Fact(reader.number(proof.in_wallets), reader._("in balances")),
    )
    earnings = (
        Fact(reader.number(proof.earned), reader._("earned")),
        Fact(reader.number(proof.paid_out), reader._("paid out")),
        Fact(reader.number(proof.earned - proof.paid_out), reader._("still theirs")),
    )
    rows = ((reader._("Coins"), coins), (reader._("Creators' earnings"), earnings))
    verdict = reader._("Every coin is accounted for.") if proof.agrees else reader._("The sums don't agree.")
    return ProofCard(_title(proof, reader), verdict, proof.agrees, rows, proof.hash.hex())


def _title(proof: MonthlyProof, reader: Reader) -> str:
    return reader._("Our books in {month}", month=reader.month(proof.month.first_day))


def _coins(proof: MonthlyProof, reader: Reader) -> list[str]:
    lines = [
        reader._(
            "{came_in} came in: {bought} bought and {granted} granted, {returned} taken back.",
            came_in=f"**{reader.coins(proof.came_in)}**",
            bought=reader.number(proof.bought),
            granted=reader.number(proof.granted),
            returned=reader.number(proof.returned),
        ),
        reader._(
            "Gifted: {given}. In members' balances: {in_wallets}.",
            given=f"**{reader.coins(proof.given)}**",
            in_wallets=f"**{reader.coins(proof.in_wallets)}**",
        ),
    ]
    if proof.in_tests:
        lines.append(reader._("Granted and used in test gifts: {coins}.", coins=reader.coins(proof.in_tests)))
    if proof.owed:
        lines.append(reader._("Members owe {coins}.", coins=reader.coins(proof.owed)))
    return lines


def _earnings(proof: MonthlyProof, reader: Reader) -> list[str]:
    return [
        reader._(
            "{earned} earned: {paid_out} paid out, {requested} requested and {on_account} on their accounts.",
            earned=f"**{reader.diamonds(proof.earned)}**",
            paid_out=reader.number(proof.paid_out),
            requested=reader.number(proof.requested),
            on_account=reader.number(proof.on_account),
        )
    ]


def _payments(proof: MonthlyProof, reader: Reader) -> list[str]:
    lines = [_takings(takings, reader) for takings in proof.takings] or [reader._("No payments.")]
    if proof.open_cases:
        waiting = reader.n_(
            "{n} payment is waiting for staff.", "{n} payments are waiting for staff.", proof.open_cases
        )
        return [*lines, waiting]
    return [*lines, reader._("No payment is waiting for staff.")]


def _takings(takings: Takings, reader: Reader) -> str:
    payments = reader.n_("{n} payment", "{n} payments", takings.payments)
    money = reader.money(takings.amount_minor, takings.currency)
    lines = [f"{method_name(takings.provider, reader)}: {payments}, {money}"]
    back, waiting, other = (
        reader.money(minor, takings.currency)
        for minor in (takings.refunded_minor, takings.waiting_minor, takings.unexplained_minor)
    )
    if takings.refunded_minor:
        lines.append("-# " + reader._("Sent back of that: {money}", money=back))
    if takings.waiting_minor:
        lines.append("-# " + reader._("Not credited yet, because staff have to decide: {money}", money=waiting))
    if takings.unexplained_minor:
        lines.append("-# " + reader._("Reported, but neither credited nor in a case: {money}", money=other))
    return "\n".join(lines)


def _check(proof: MonthlyProof, reader: Reader) -> list[str]:
    if not proof.seq:
        return [reader._("Nothing was booked yet.")]
    return [
        reader._("This is the fingerprint of everything booked up to receipt #{number}:", number=proof.seq),
        f"`{proof.hash.hex()}`",
        "-# "
        + reader._(
            "Whoever runs this bot gets the same with {command}. `/verify` checks single receipts.",
            command=f"`python -m bot audit --month {proof.month} --guild {proof.guild_id}`",
        ),
    ]
