"""Text in any script: which font draws a character, in which order, and where a line ends."""
