"""How the database came to be what `bot.storage.tables` says: one Alembic revision after the other."""
