"""What the announcer and the deadlines remember, over open books: each class fulfils a protocol of theirs."""
