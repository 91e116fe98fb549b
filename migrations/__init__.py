"""How the database came to be what `bot.storage.sql.tables` says: one Alembic revision after the other."""
