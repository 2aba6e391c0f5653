"""The scientific core: pure Python, frozen dataclasses in and out, no Django, no network."""
