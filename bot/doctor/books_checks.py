"""Judges the books and what Discord says: facts in, findings out."""

from collections.abc import Iterator
from typing import Final

from bot.doctor.facts import EVENT_DAYS, BooksFacts, DiscordFacts
from bot.doctor.findings import Finding, fault, good, note
from bot.domain.currencies import price_text
from bot.domain.errors import Refusal
from bot.domain.store_prices import check_store_price

BACKUP_HOURS: Final = 26
"""A daily backup that is older has failed."""
AUDIT_DAYS: Final = 8
"""A weekly audit that is older has failed."""
MOST_SKEW_S: Final = 5.0
"""Seconds by which the clock may be wrong, because the header has whole seconds only, and the answer may be slow."""
FEWEST_STARTS: Final = 10
"""Discord resets the token of a bot that uses up its starts for a day."""

_HOUR_MS = 3_600_000


def check_books(facts: BooksFacts) -> Iterator[Finding]:
    """Judge whether the books exist, can be read and fit this code, and which process has them open."""
    if facts.trouble:
        yield fault("books", facts.trouble, "Check DATABASE_URL, the server and the disk.")
        return
    if not facts.exist:
        if facts.were_there:
            yield fault(
                "books",
                f"{facts.place} is missing, but there were books before",
                "Put the file back, or restore a backup: python -m bot restore PATH",
            )
        else:
            yield note("books", f"there are none at {facts.place} yet: the first start makes them")
        return
    holder = f"; process {facts.lock_holder} has them open" if facts.lock_holder else ""
    yield good("books", f"{facts.place}, {facts.rows:,} rows{holder}")
    yield _schema(facts)
    yield from _kept(facts)
    if facts.is_shared:
        yield _tools(facts)


def _schema(facts: BooksFacts) -> Finding:
    if not facts.is_known_revision:
        return fault(
            "schema",
            f"the books are at revision {facts.revision}, which this version does not know",
            "Update the bot, or restore the backup from before the update.",
        )
    if facts.revision != facts.newest_revision:
        text = f"the books are at revision {facts.revision}, and this version needs {facts.newest_revision}"
        return note("schema", text, "The next start backs them up and migrates them.")
    return good("schema", f"revision {facts.revision}")


def _kept(facts: BooksFacts) -> Iterator[Finding]:
    """Judge the last backup, the last audit and the checkpoint. Books younger than a day may lack a backup."""
    age_h = (facts.now_ms - (facts.first_row_ms or facts.now_ms)) / _HOUR_MS
    backup_h = (facts.now_ms - facts.backup_ms) / _HOUR_MS
    advice = "Run it every day: python -m bot backup PATH (docs/backup.md)."
    if not facts.backup_ms:
        text = "the books were never backed up by this bot"
        yield fault("backup", text, advice) if age_h > BACKUP_HOURS else note("backup", text, advice)
    elif backup_h > BACKUP_HOURS:
        yield fault("backup", f"the last one is {backup_h:,.0f} hours old", advice)
    else:
        yield good("backup", f"the last one is {max(0, backup_h):.0f} hours old")
    audit_days = (facts.now_ms - facts.audit_ms) / _HOUR_MS / 24
    if facts.audit_findings:
        text = f"the last audit found {facts.audit_findings} differences"
        yield fault("audit", text, "Read them: python -m bot audit. Then restore a backup.")
    elif not facts.audit_ms or audit_days > AUDIT_DAYS:
        text = f"the last one is {audit_days:.0f} days old" if facts.audit_ms else "there was none yet"
        yield note("audit", text, "Run it once a week: python -m bot audit")
    else:
        yield good("audit", f"nothing was wrong {audit_days:.0f} days ago")
    if facts.checkpoint not in {"off", "missing", "good"}:
        yield fault(
            "checkpoint", facts.checkpoint, "If the books were restored on purpose, sign them again: python -m bot sign"
        )
    elif facts.checkpoint == "off":
        yield note("checkpoint", "is off: a journal that was cut off would look whole", "Set CHECKPOINT_KEY.")
    elif facts.checkpoint == "missing":
        yield note("checkpoint", "there is none yet: the running bot makes it")
    else:
        yield good("checkpoint", "the books have all that was signed")


def _tools(facts: BooksFacts) -> Finding:
    if facts.pg_dump is None:
        return fault(
            "pg_dump", "is not on the path: upgrades and backups need it", "Install PostgreSQL's client programs."
        )
    if facts.server is not None and facts.pg_dump < facts.server:
        return fault(
            "pg_dump",
            f"is version {facts.pg_dump}, and cannot dump a server of version {facts.server}",
            f"Install postgresql-client-{facts.server}.",
        )
    return good("pg_dump", f"version {facts.pg_dump}, server {facts.server}")


def check_prices(facts: BooksFacts) -> Iterator[Finding]:
    """Judge whether packages cost the same on Discord and elsewhere, which Discord demands."""
    for package in facts.packages:
        try:
            check_store_price(package, facts.sku_prices)
        except Refusal:
            price = facts.sku_prices.get(package.reference)
            cost = _money(package.price_minor, package.currency)
            text = f"package {package.package_id} of guild {package.guild_id} costs {cost}"
            elsewhere = f"its SKU {_money(*price)} on Discord" if price else "DISCORD_SKUS does not list its SKU"
            yield fault(
                "prices", f"{text}, and {elsewhere}", "Make them equal, in DISCORD_SKUS or with /packages edit."
            )
    if facts.packages:
        yield good("prices", f"{len(facts.packages)} packages were compared with their SKUs")


def check_payment_events(facts: BooksFacts) -> Iterator[Finding]:
    """Judge whether there were payments that could not be settled, and that no guild's staff know of."""
    if facts.lost_events:
        names = ", ".join(f"{purchase} of {provider}" for provider, purchase in facts.lost_purchases)
        more = " and others" if facts.lost_events > len(facts.lost_purchases) else ""
        yield note(
            "payments",
            f"{facts.lost_events} reports of the last {EVENT_DAYS} days belong to no guild: {names}{more}",
            "Look them up at the provider. If money was paid, refund it there.",
        )


def _money(minor: int, currency: str) -> str:
    return f"{price_text(minor, currency)} {currency}"


def check_discord(facts: DiscordFacts) -> Iterator[Finding]:
    """Judge the token, the application, how often the bot may still start, and the clock."""
    if facts.trouble:
        yield fault("Discord", facts.trouble, "Check the network, DISCORD_API_URL and Discord's status page.")
    if facts.is_token_valid is False:
        yield fault(
            "token", "Discord refuses DISCORD_TOKEN", "Copy it again from the Bot page of the developer portal."
        )
    elif facts.is_token_valid:
        yield good("token", f"it is that of {facts.name}")
    if facts.privileged_intents:
        text = f"{', '.join(facts.privileged_intents)} switched on, and Rosette needs none of them"
        yield note("intents", text, "Switch them off on the Bot page of the developer portal.")
    elif facts.is_token_valid:
        yield good("intents", "no privileged ones, and none are needed")
    yield from _starts(facts)
    if facts.skew_s is not None and abs(facts.skew_s) > MOST_SKEW_S:
        direction = "ahead of" if facts.skew_s > 0 else "behind"
        yield fault(
            "clock",
            f"this machine's is {abs(facts.skew_s):.0f} s {direction} Discord's",
            "Switch time synchronisation on: timedatectl set-ntp true",
        )
    elif facts.skew_s is not None:
        yield good("clock", "agrees with Discord's")


def _starts(facts: DiscordFacts) -> Iterator[Finding]:
    if facts.starts_left is not None:
        text = f"the bot may start {facts.starts_left} more times, until the count is reset in {facts.starts_reset_s} s"
        if facts.starts_left < FEWEST_STARTS:
            yield fault("gateway", text, "Find out why it starts so often before Discord resets the token.")
        else:
            yield good("gateway", f"the bot may start {facts.starts_left} more times today")
    if facts.shards is not None and facts.shards > facts.shard_count:
        text = f"Discord recommends {facts.shards} shards, and SHARD_COUNT is {facts.shard_count}"
        yield note("shards", text, "docs/scaling.md says how to add some.")
