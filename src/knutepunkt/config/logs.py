"""Which records never reach a log? Those that a framework writes about a participant's request."""

from __future__ import annotations

import logging


class NothingOfAnswering(logging.Filter):
    """Drops a record that carries a request to a participant's page: its text may hold the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything else."""
        # Logging is set up before the rooms can be loaded.
        from knutepunkt.surveys.views.answering_alone import is_answering_path

        request = getattr(record, "request", None)
        path = getattr(request, "path_info", None)
        return path is None or not is_answering_path(path)
