"""How Alembic reaches the database: over the connection it is handed, or one made for `-x url=<address>`."""

from alembic import context
from sqlalchemy import Connection

from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url, is_shared
from bot.storage.connect.sqlite import writing_engine
from bot.storage.sql.tables import metadata


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        # Alembic takes SQLite for a database that cannot roll back a CREATE TABLE; in an explicit transaction it can.
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate_at(address: str) -> None:
    url = database_url(address)
    if is_shared(url):
        postgresql.alone(url, migrate)
        return
    engine = writing_engine(url, foreign_keys=False)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    migrate_at(context.get_x_argument(as_dictionary=True)["url"])
