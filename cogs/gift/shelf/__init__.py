"""The pages that show which gifts there are."""
