"""The tables of an evaluation from sums per group, for answers that outgrow one machine."""
