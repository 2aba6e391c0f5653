"""The report's own sentences in three languages, as data."""
