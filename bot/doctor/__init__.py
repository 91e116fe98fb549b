"""`python -m bot doctor`: facts of this machine, the books and Discord, and what to do about each that is wrong."""
