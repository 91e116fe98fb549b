-- What a gift touched in the books of commit 5f8d380, in SQLite's words, with its indexes. Frozen: a slimmer schema of
-- the product has to pay off beside it.

CREATE TABLE guilds (guild_id INTEGER NOT NULL PRIMARY KEY) STRICT;

CREATE TABLE heads (
    guild_id INTEGER NOT NULL PRIMARY KEY REFERENCES guilds (guild_id),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE journal (
    guild_id INTEGER NOT NULL REFERENCES guilds (guild_id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    actor INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (guild_id, seq),
    UNIQUE (guild_id, "key")
) WITHOUT ROWID, STRICT;

CREATE TABLE entries (
    guild_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    leg INTEGER NOT NULL,
    kind TEXT NOT NULL,
    owner INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (guild_id, seq, leg),
    FOREIGN KEY (guild_id, seq) REFERENCES journal (guild_id, seq)
) WITHOUT ROWID, STRICT;

CREATE INDEX ix_entries_guild_id_owner_seq ON entries (guild_id, owner, seq) WHERE owner <> 0;

CREATE TABLE balances (
    guild_id INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0 OR kind IN ('sold', 'granted')),
    PRIMARY KEY (guild_id, owner, kind)
) WITHOUT ROWID, STRICT;

CREATE TABLE ladders (
    guild_id INTEGER NOT NULL,
    ladder INTEGER NOT NULL,
    board TEXT NOT NULL,
    scope INTEGER NOT NULL,
    event INTEGER NOT NULL,
    places INTEGER NOT NULL,
    coins INTEGER NOT NULL,
    pieces INTEGER NOT NULL,
    day INTEGER NOT NULL,
    day_places INTEGER NOT NULL,
    day_coins INTEGER NOT NULL,
    day_pieces INTEGER NOT NULL,
    week INTEGER NOT NULL,
    week_places INTEGER NOT NULL,
    week_coins INTEGER NOT NULL,
    week_pieces INTEGER NOT NULL,
    month INTEGER NOT NULL,
    month_places INTEGER NOT NULL,
    month_coins INTEGER NOT NULL,
    month_pieces INTEGER NOT NULL,
    PRIMARY KEY (guild_id, ladder),
    UNIQUE (guild_id, board, scope, event),
    CHECK (event = 0 OR (day = 0 AND week = 0 AND month = 0))
) WITHOUT ROWID, STRICT;

CREATE TABLE standings (
    guild_id INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    ladder INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    coins INTEGER NOT NULL,
    pieces INTEGER NOT NULL,
    day INTEGER,
    day_coins INTEGER NOT NULL,
    day_pieces INTEGER NOT NULL,
    week INTEGER,
    week_coins INTEGER NOT NULL,
    week_pieces INTEGER NOT NULL,
    month INTEGER,
    month_coins INTEGER NOT NULL,
    month_pieces INTEGER NOT NULL,
    PRIMARY KEY (guild_id, subject, ladder),
    CHECK (coins > 0 AND pieces > 0)
) WITHOUT ROWID, STRICT;

CREATE INDEX ix_standings_order ON standings (guild_id, ladder, coins DESC, last_seq);
CREATE INDEX ix_standings_order_day ON standings (guild_id, ladder, day, day_coins DESC, last_seq) WHERE day IS NOT NULL;
CREATE INDEX ix_standings_order_week ON standings (guild_id, ladder, week, week_coins DESC, last_seq)
    WHERE week IS NOT NULL;
CREATE INDEX ix_standings_order_month ON standings (guild_id, ladder, month, month_coins DESC, last_seq)
    WHERE month IS NOT NULL;
