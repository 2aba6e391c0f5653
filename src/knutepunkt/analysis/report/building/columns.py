"""Which columns do the tables have, and what may a reader rely on in each?"""

from __future__ import annotations

from knutepunkt.analysis.report.structure import Column
from knutepunkt.analysis.report.values import Sentence

_NUMERIC = frozenset(
    [
        "count",
        "groups",
        "answers",
        "share",
        "interval",
        "roster",
        "mean",
        "sd",
        "missing",
        "alpha",
        "alpha_interval",
        "omega",
        "omega_interval",
        "sem",
        "sdc",
        "items",
        "from_mean",
        "to_mean",
        "difference",
        "odds",
        "d_av",
        "g",
        "p",
        "degrees",
        "smallest",
        "check",
        "flipped",
        "correlation",
        "sd_change",
        "d_z",
        "d_z_interval",
        "r",
        "r_interval",
        "icc_a",
        "icc_a_interval",
        "icc_c",
        "retest_sem",
        "start",
        "f",
        "f_rounds",
        "coefficient",
        "bca_interval",
        "both",
        "both_interval",
        "pooled",
        "pooled_interval",
        "tipping",
        "per_time",
        "doubt",
        "doubt_interval",
        "icc1",
        "icc1_interval",
        "icc2",
        "rwg",
        "icc",
        "icc_interval",
        "design_effect",
        "group_variance",
        "person_variance",
        "residual_variance",
        "adjusted",
        "adjusted_interval",
        "drawn",
        "drawn_interval",
        "apart",
        "holm",
        "agreement",
        "kappa",
        "kappa_interval",
        "ac1",
        "ac1_interval",
        "agreement_interval",
        "theme_share",
    ]
)


def columns(*names: str) -> tuple[Column, ...]:
    """The columns of these names, with headings and descriptions from the catalogue."""
    return tuple(
        Column(name, Sentence(f"column.{name}"), Sentence(f"describe.{name}"), name in _NUMERIC)
        for name in names
    )
