"""Settings from the environment, addresses, and the server's entry points."""
