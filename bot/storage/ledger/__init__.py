"""The one path for money: the writer, what it loads and records in one transaction, and the journal it appends to."""
