"""Accounts, organisations, memberships, roles described in words, sign-in."""
