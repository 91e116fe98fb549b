"""How a database is reached, held and watched. Only this package knows what tells SQLite from PostgreSQL."""
