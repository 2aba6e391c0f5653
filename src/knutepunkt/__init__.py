"""Knutepunkt: self-help groups found, asked, evaluated and reported without exposing anyone."""
