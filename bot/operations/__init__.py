"""Terminal commands for operators, one function per command. Each returns its exit code."""
