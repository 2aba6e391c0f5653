"""Multilevel models and their degrees of freedom, sandwiches, bootstraps, mediation, missing data."""

from knutepunkt.analysis.models.bootstrap import ClusterBootstrap, cluster_bootstrap
from knutepunkt.analysis.models.cluster_robust import ClusterRobust, Sandwich, cluster_robust
from knutepunkt.analysis.models.comparison import (
    Comparison,
    compare_organisations,
    holm_adjusted,
    pull_together,
)
from knutepunkt.analysis.models.fit import MixedFit, VarianceTerm
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.generalised import GeneralisedFit, fit_generalised
from knutepunkt.analysis.models.imputation import Completed, impute
from knutepunkt.analysis.models.inference import Estimate, Inference, SmallSample
from knutepunkt.analysis.models.mediation import Mediation, mediation
from knutepunkt.analysis.models.missing_rounds import Attrition, attrition
from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.models.moments import GroupMoments, moments_from_rows, moments_from_sums
from knutepunkt.analysis.models.policy import OutcomeKind, PolicyRow, choose
from knutepunkt.analysis.models.profile_interval import ProfileLimits, profile_limits
from knutepunkt.analysis.models.random_intercept import RandomIntercept, fit_random_intercept
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.rubin import Pooled, pool
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects, nested
from knutepunkt.analysis.models.term_tests import TermTest, term_tests
from knutepunkt.analysis.models.wild_bootstrap import WildBootstrap, wild_cluster_bootstrap
from knutepunkt.analysis.models.within_between import WithinBetween, within_between

__all__ = [
    "Attrition",
    "ClusterBootstrap",
    "ClusterRobust",
    "Comparison",
    "Completed",
    "Estimate",
    "GeneralisedFit",
    "GroupMoments",
    "Inference",
    "Mediation",
    "MixedFit",
    "MixedModel",
    "ModelRefusal",
    "OutcomeKind",
    "PolicyRow",
    "Pooled",
    "ProfileLimits",
    "RandomEffects",
    "RandomIntercept",
    "RefusalCode",
    "Sandwich",
    "SmallSample",
    "TermTest",
    "VarianceTerm",
    "WildBootstrap",
    "WithinBetween",
    "attrition",
    "choose",
    "cluster_bootstrap",
    "cluster_robust",
    "compare_organisations",
    "fit_generalised",
    "fit_mixed",
    "fit_random_intercept",
    "holm_adjusted",
    "impute",
    "mediation",
    "moments_from_rows",
    "moments_from_sums",
    "nested",
    "parse_formula",
    "pool",
    "profile_limits",
    "pull_together",
    "term_tests",
    "wild_cluster_bootstrap",
    "within_between",
]
