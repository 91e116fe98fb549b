"""How things look wherever they appear, one file a noun: a live event, its recap, an announcement, a tier of gifts."""
