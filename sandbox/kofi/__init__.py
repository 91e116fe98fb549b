"""A pretend Ko-fi: a page where supporters pay, and notices to the bot. No money is involved."""
