"""The knutepunkt command."""
