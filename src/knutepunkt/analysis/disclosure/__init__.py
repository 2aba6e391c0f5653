"""The gate: what may be shown about people, judged with all that was shown before."""
