"""Houses and groups through time, themes and places; imports and exports."""
