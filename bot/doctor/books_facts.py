"""Gathers the facts about the books. They may be in use, and are never changed."""

from dataclasses import replace

from bot.clock import wall_ms
from bot.doctor.facts import EVENT_DAYS, BooksFacts
from bot.domain.buying_limits import DAY_MS
from bot.settings import Settings
from bot.storage import inspection
from bot.storage.connect.address import StorageError
from bot.storage.maintenance import checkpoints, marks


def books_facts(settings: Settings) -> BooksFacts:
    """Return what is known about the books."""
    try:
        place = inspection.place(settings.database_url)
    except StorageError as error:
        return BooksFacts("DATABASE_URL", trouble=str(error))
    now_ms = wall_ms()
    noted = marks.read(marks.path_of(settings.database_url, settings.database_dumps))
    facts = BooksFacts(
        place.name,
        is_shared=place.file is None,
        were_there=place.were_there,
        lock_holder=place.lock_holder,
        newest_revision=inspection.known_revisions()[-1],
        backup_ms=noted.backup_ms,
        audit_ms=noted.audit_ms,
        audit_findings=noted.audit_findings,
        pg_dump=inspection.pg_dump_version() if place.file is None else None,
        sku_prices=settings.discord_sku_prices,
        now_ms=now_ms,
    )
    if place.file is not None and not place.file.exists():
        return facts
    try:
        contents = inspection.inspect(settings.database_url, now_ms - EVENT_DAYS * DAY_MS)
        checkpoint = _checkpoint(settings) if contents.revision == facts.newest_revision else facts.checkpoint
    except StorageError as error:
        return replace(facts, trouble=str(error))
    return replace(
        facts,
        exist=contents.revision is not None,
        size=place.file.stat().st_size if place.file else 0,
        rows=contents.rows,
        first_row_ms=contents.first_row_ms,
        revision=contents.revision,
        checkpoint=checkpoint,
        is_known_revision=contents.revision is None or contents.revision in inspection.known_revisions(),
        server=contents.server,
        packages=contents.packages if settings.discord_skus else (),
        lost_events=contents.lost_events,
        lost_purchases=contents.lost_purchases,
    )


def _checkpoint(settings: Settings) -> str:
    """Return the state of the signed checkpoint, or what is wrong with it. Raises StorageError."""
    key = settings.checkpoint_key.get_secret_value()
    state = checkpoints.state(settings.database_url, settings.database_dumps, key)
    return state.text if state.kind == "bad" else state.kind
