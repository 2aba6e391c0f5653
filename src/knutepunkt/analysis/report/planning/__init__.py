"""From a design and its answers to the figures that are asked of the gate."""

from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned, Refused

__all__ = ["Place", "Plan", "Planned", "Refused"]
