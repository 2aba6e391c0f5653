"""How is a simulation of a report's method told, while it runs and when it has ended?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.calibration import calibration_table
from knutepunkt.analysis.report.calibration import Calibration as Found
from knutepunkt.analysis.report.calibration import Shape
from knutepunkt.evaluations.models import Calibration
from knutepunkt.evaluations.presenters.grid import Grid, grid_of
from knutepunkt.shared import clock


def shape_from(kept: Calibration) -> Shape:
    """Return the shape a simulation was asked for."""
    return Shape(**{**kept.shape, "answered": tuple(kept.shape["answered"])})


def is_running(kept: Calibration | None) -> bool:
    """Say whether a simulation is under way or waits its turn.

    One of an earlier day that has not ended has been lost with the process that made it.
    """
    return (
        kept is not None
        and kept.result is None
        and not kept.has_failed
        and kept.asked_on == clock.today()
    )


def calibration_grid(kept: Calibration | None, language: str) -> Grid | None:
    """Return table K1 of a simulation that has ended; None before, and where nothing came of it."""
    if kept is None or not kept.result:
        return None
    return grid_of(calibration_table(shape_from(kept), Found(**kept.result)), language)
