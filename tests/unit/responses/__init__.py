"""The vault, without pages."""
