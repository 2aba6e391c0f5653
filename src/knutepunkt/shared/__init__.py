"""The few things two rooms need, each under a name of its own."""
