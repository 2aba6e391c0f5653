"""Frequencies, reliability, agreement, change and reliable change."""
