"""The store of coin packages: what a guild's members can buy."""

from typing import Any

from sqlalchemy import Connection, Row, exists, select

from bot.domain.packages import Package
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.tables import packages as table

_SELECT = select(*columns_of(table, Package))


def packages(c: Connection, guild_id: int, *, archived: bool = False) -> list[Package]:
    """Return a guild's packages in the order of its shop. Archived ones are included only on request."""
    query = _SELECT.where(table.c.guild_id == guild_id).order_by(table.c.position, table.c.coins, table.c.package_id)
    if not archived:
        query = query.where(table.c.archived == 0)
    return [_package(row) for row in c.execute(query)]


def package(c: Connection, guild_id: int, package_id: int) -> Package | None:
    """Return one package of a guild, archived or not."""
    row = c.execute(_SELECT.where(table.c.guild_id == guild_id, table.c.package_id == package_id)).one_or_none()
    return _package(row) if row else None


def tied_to_skus(c: Connection) -> list[Package]:
    """Return every package on sale, of any guild, that is tied to a SKU."""
    query = _SELECT.where(table.c.archived == 0, table.c.reference != "")
    return [_package(row) for row in c.execute(query.order_by(table.c.guild_id, table.c.package_id))]


def is_sold(c: Connection, reference: str) -> bool:
    """Whether any guild has, or had, a package with this reference at a provider."""
    return c.execute(select(exists().where(table.c.reference == reference))).scalar_one()


def save(c: Connection, package: Package) -> None:
    """Insert a package, or replace the one that has its id."""
    upsert(c, table, values_of(package))


def _package(row: Row[*tuple[Any, ...]]) -> Package:
    *values, archived = row
    return Package(*values, archived=bool(archived))
