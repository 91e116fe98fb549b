"""Secrets, and what payments say about buyers, are in no log, database, backup, export, evidence or traceback.

They are planted on the wire: in webhooks, in the provider's answers, in its errors. The id of a purchase may be stored,
and shows that each place was really looked into.
"""

import logging
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain.errors import ForgedWebhook
from bot.logs import Redacting
from bot.payments.provider import Capability, ProviderError
from bot.payments.stripe.selling import Mode
from bot.ui.looks.evidence import evidence_document
from bot.ui.text.reader import reader_for
from sandbox.stripe.shapes import BUYER_EMAIL, BUYER_NAME
from tests import books
from tests.operating import operate
from tests.payments.contract import CONTENDERS
from tests.payments.kofi_bodies import EMAIL, NAME, TOKEN
from tests.payments.market import MIA, NOAH, Market, open_market
from tests.payments.noted_wires import KofiWire
from tests.payments.stripe_wire import StripeWire, stripe
from tests.payments.wires import GUILD, LIVE_SECRET, SECRET, WEBHOOK_SECRET, DisputedWire, WebhookWire, Wire, able
from tests.postgres import Server
from tests.rig import until
from tests.storage.town import DAY
from tests.thoroughness import by_thoroughness

pytestmark = pytest.mark.databases("sqlite", "postgresql")

CARD, SPACED_CARD = "4242424242424242", "4242 4242 4242 4242"
MESSAGE = "kiss kiss canary"
CANARIES = (
    SECRET, LIVE_SECRET, WEBHOOK_SECRET, TOKEN, BUYER_EMAIL, BUYER_NAME, EMAIL, NAME, CARD, SPACED_CARD, MESSAGE,
    "94107-2282", "customer_details", "billing_details", "verification_token", "from_name", "kofi_transaction_id",
)  # fmt: skip
NAMES = by_thoroughness(
    quick=("stripe", "kofi"), full=("sandbox", "stripe", "discord_sku", "kofi", "manual"), long=(*CONTENDERS,)
)
"""Each provider, and in a long run each mode of Stripe."""
FOREIGN = ("aiohttp", "asyncio", "discord", "faker", "hypothesis", "sandbox", "sqlalchemy", "stripe")
"""Loggers of the stand-ins, and of libraries that the bot keeps quiet."""


def leaks(places: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each place with each canary that is in it."""
    return [(name, canary) for name, text in places.items() for canary in CANARIES if canary in text]


def logged(records: list[logging.LogRecord]) -> tuple[str, str]:
    """Return the lines of our own loggers, as the bot writes them and without its last safety net."""
    ours = [record for record in records if not record.name.startswith(FOREIGN)]
    return (
        "\n".join(Redacting("%(name)s %(message)s").format(record) for record in ours),
        "\n".join(logging.Formatter("%(name)s %(message)s").format(record) for record in ours),
    )


def everything_in(address: str) -> str:
    """Return all rows of all tables."""
    where: books.Where = Path(address.removeprefix("sqlite:///")) if address.startswith("sqlite") else address
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if isinstance(where, Path)
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    tables = [name for (name,) in books.rows(where, query)]
    return "\n".join(str(row) for name in tables for row in books.rows(where, f'SELECT * FROM "{name}"'))


def text_of(archive: Path) -> str:
    """Return all files of an archive."""
    with zipfile.ZipFile(archive) as files:
        return "\n".join(files.read(name).decode() for name in files.namelist())


async def trade(market: Market[Wire]) -> str:
    """Buy, refund, dispute and forge over a wire. Return the evidence for the dispute, "" where there are none."""
    wire, capabilities = market.wire, market.wire.provider.capabilities
    external_id = await market.paid()
    await market.paid(501, NOAH)
    await market.hear(*wire.news())
    if Capability.WEBHOOK in capabilities:
        headers, body = able(wire, WebhookWire).webhooks()[0]
        for forged_headers, forged_body in [({}, body.replace(b"a", b"b")), (headers, body + b"x")]:
            with pytest.raises(ForgedWebhook):
                await market.services.payment_events.receive(wire.provider.name, forged_headers, forged_body)
    if {Capability.REFUND, Capability.RECORD} & capabilities:
        await wire.refund(external_id, 33)
        await market.hear(*wire.news())
    if Capability.DISPUTE not in capabilities:
        return ""
    await able(wire, DisputedWire).dispute(external_id)
    await market.hear(*wire.news())
    (report,) = await market.services.payment_cases.undecided(GUILD)
    evidence = await market.services.evidence.collect(GUILD, report.case.case_id)
    return str(evidence_document(evidence, {}, reader_for("en-US")).content)


async def fail(market: Market[Wire], caplog: pytest.LogCaptureFixture) -> None:
    """Have the bot fail at something until it gives up, with a traceback."""

    async def stumble(_: object) -> None:
        raise RuntimeError("the canary trips")

    market.services.orders.on_settled(stumble)
    await market.paid(502, 12_345)
    for tell in market.wire.news():
        await tell(market.services)

    async def has_given_up() -> bool:
        events = market.services.payment_events
        if not events._first_attempts and not events._retries:
            market.clock.now_ms += DAY
            await events.begin()
        return "will not be tried again" in caplog.text

    await until(has_given_up)


def plant(wire: Wire) -> None:
    """Have a stand-in say more about cards and messages than it does."""
    if isinstance(wire, StripeWire):
        for account in wire.server.platform.all_accounts():
            account.charge_details = {"payment_method_details": {"type": "card", "card": {"number": CARD}}}
    if isinstance(wire, KofiWire):
        wire.words = f"{MESSAGE} {CARD} {SPACED_CARD}"


@pytest.mark.parametrize("name", NAMES)
async def test_no_canary_is_anywhere(
    name: str, address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, server: Server, template: str
):
    caplog.set_level(logging.DEBUG)
    async with open_market(CONTENDERS[name].open_wire, address) as market:
        plant(market.wire)
        evidence = await trade(market)
        await fail(market, caplog)
        webhooks = market.wire.webhooks() if isinstance(market.wire, WebhookWire) else []
        posted = b"".join(body for _, body in webhooks).decode()
        order = await market.services.orders.find(GUILD, 500)
        assert order is not None
        own_data = str(await market.services.personal_data.export(GUILD, MIA))
    saved, exported = tmp_path / "saved", tmp_path / "books.zip"
    with server.database() as restored_name, server.database(template) as moved_name:
        files = [f"sqlite:///{tmp_path / name}.db" for name in ("restored", "moved")]
        served = [server.address(restored_name), server.address(moved_name)]
        is_file = address.startswith("sqlite")
        restored, moved = (files[0], served[1]) if is_file else (served[0], files[1])
        outputs = [
            operate(address, "backup", saved),
            operate(restored, "restore", saved),
            operate(address, "transfer", "--from", address, "--to", moved),
            operate(address, "export", GUILD, exported),
        ]
        assert [output.returncode for output in outputs] == [0, 0, 0, 0], outputs
        stored = {where: everything_in(where) for where in (address, restored, moved)}
    lines, bare_lines = logged(caplog.records)
    places = stored | {
        "backup": saved.read_bytes().decode("latin-1"),
        "books as files": text_of(exported),
        "a member's own data": own_data,
        "log": lines,
        "log before it is redacted": bare_lines,
        "terminal": "".join(output.stdout + output.stderr for output in outputs),
        "evidence": evidence,
    }

    assert leaks(places) == []
    assert [place for place, text in stored.items() if order.external_id not in text] == []
    assert order.external_id in own_data
    assert str(order.order_id) in places["books as files"]
    assert "the canary trips" in lines
    assert "Traceback" in lines
    assert bool(evidence) is (Capability.DISPUTE in CONTENDERS[name].capabilities)
    if name in {"stripe", "kofi"}:
        assert leaks({"webhooks": posted}) != []
    assert CARD in posted or name != "kofi"


@pytest.mark.databases("sqlite")
async def test_errors_of_stripe_tell_no_canary(address: str, caplog: pytest.LogCaptureFixture):
    """Stripe's errors quote keys, parameters and what buyers have typed."""
    caplog.set_level(logging.DEBUG)
    body = {"error": {"type": "api_error", "message": f"{SECRET} {BUYER_EMAIL} {CARD}", "code": "oh_no"}}
    async with open_market(lambda clock: stripe(clock, Mode.PLAIN), address) as market:
        order = await market.order()
        for status in (400, 401, 402, 404, 429, 500):
            market.wire.server.faults.answer("GET", "/v1/checkout", status, body=body, times=None)
            with pytest.raises(ProviderError) as failure:
                await market.wire.provider.read(order.external_id)
            market.wire.server.faults.clear()
            logging.getLogger("bot.test").error("failed", exc_info=failure.value)

    assert "Traceback" in logged(caplog.records)[1]
    assert leaks(dict(zip(("log", "bare"), logged(caplog.records), strict=True))) == []
