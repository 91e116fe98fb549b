"""A guild's books as a zip of CSV files, for its owner: read in one pass, on one state of the books."""
