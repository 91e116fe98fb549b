"""A pretend payment provider: checkout sessions, a page to pay on, signed webhooks. No money is involved."""
