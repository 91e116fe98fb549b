"""The Discord surface that all cogs share: `kit` builds and sends, `text` words, and `looks` shows each noun."""
