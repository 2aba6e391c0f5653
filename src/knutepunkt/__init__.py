"""Knutepunkt: self-help groups found, asked, evaluated and reported without exposing anyone."""

__version__ = "0.1.0"
