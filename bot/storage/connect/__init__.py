"""How a database is reached, held and watched. Only this package knows how SQLite and PostgreSQL differ."""
