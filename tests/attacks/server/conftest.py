"""What do attacks on pages share? Both engines, each with its templates, once for all of them."""

from __future__ import annotations

from tests.contract.conftest import engine, engines, postgres

__all__ = ["engine", "engines", "postgres"]
