"""What an operator does with the books from the terminal: one function per command, each with its exit code."""
