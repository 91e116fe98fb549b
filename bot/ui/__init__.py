"""The Discord surface that all cogs share: words, views, answers and the limits of what can be sent."""
