"""A report in the formats people read: page, PDF, Word, tables and figures."""
