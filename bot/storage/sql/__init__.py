"""The tables of the books, and the two ways to run SQL on them: rows for the rare, statements for the frequent."""
