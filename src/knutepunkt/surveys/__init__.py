"""Instruments in use, surveys, rounds, slips, answering pages, consent, withdrawal."""
