"""The vault: sealed answers and nothing else, on a database of its own; two doors only."""
