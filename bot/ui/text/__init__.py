"""Words: what a reader sees in their language, what refusals say, and how typed text is read."""
