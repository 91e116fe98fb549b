"""What an operator does to whole databases: migrate, back up, restore, transfer."""
