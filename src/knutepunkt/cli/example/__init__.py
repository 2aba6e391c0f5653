"""The invented centre that `knutepunkt demo` builds; no person or place in it exists."""
