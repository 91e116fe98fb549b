"""A pretend Stripe: its API, its hosted pages, its webhooks. No money is involved, and nothing leaves this machine."""
