"""Frequencies, reliability, agreement, change and reliable change."""

from knutepunkt.analysis.measurement.agreement import (
    GroupAgreement,
    RaterAgreement,
    RetestReliability,
    WithinGroupAgreement,
    group_icc,
    retest_reliability,
    shrout_fleiss,
    within_group_agreement,
)
from knutepunkt.analysis.measurement.change import (
    EffectSize,
    PairedChange,
    paired_change,
    standardised,
)
from knutepunkt.analysis.measurement.coder_agreement import (
    CoderAgreement,
    KappaWeights,
    Metric,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from knutepunkt.analysis.measurement.frequencies import (
    CategoryShare,
    Frequencies,
    frequencies,
    share_interval,
)
from knutepunkt.analysis.measurement.intervals import Interval, clopper_pearson, jeffreys, wilson
from knutepunkt.analysis.measurement.omega import Omega, mcdonald_omega, omega_total_minres
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode
from knutepunkt.analysis.measurement.reliability import (
    LEAST_N,
    Alpha,
    MissingPolicy,
    Precision,
    cronbach_alpha,
    precision,
)
from knutepunkt.analysis.measurement.reliable_change import (
    ChangeClass,
    ReliableChange,
    clinical_cutoff,
    reliable_change,
    reliable_change_index,
)

__all__ = [
    "LEAST_N",
    "Alpha",
    "CategoryShare",
    "ChangeClass",
    "CoderAgreement",
    "EffectSize",
    "Frequencies",
    "GroupAgreement",
    "Interval",
    "KappaWeights",
    "MeasurementRefused",
    "Metric",
    "MissingPolicy",
    "Omega",
    "PairedChange",
    "Precision",
    "RaterAgreement",
    "RefusalCode",
    "ReliableChange",
    "RetestReliability",
    "WithinGroupAgreement",
    "clinical_cutoff",
    "clopper_pearson",
    "cohen_kappa",
    "cronbach_alpha",
    "fleiss_kappa",
    "frequencies",
    "group_icc",
    "gwet_ac1",
    "jeffreys",
    "krippendorff_alpha",
    "mcdonald_omega",
    "omega_total_minres",
    "paired_change",
    "precision",
    "reliable_change",
    "reliable_change_index",
    "retest_reliability",
    "share_interval",
    "shrout_fleiss",
    "standardised",
    "wilson",
    "within_group_agreement",
]
