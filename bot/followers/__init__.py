"""What waits for a time rather than for a member: deadlines."""
