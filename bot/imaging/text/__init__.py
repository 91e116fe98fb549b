"""Text in any script: choosing fonts, ordering characters and breaking lines."""
