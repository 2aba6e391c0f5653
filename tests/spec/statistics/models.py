"""Which statistics describe groups, rounds and the uncertainty that comes from few groups?"""

from __future__ import annotations

from functools import cache

import numpy as np

from knutepunkt.analysis.models.bootstrap import cluster_bootstrap
from knutepunkt.analysis.models.cluster_robust import ClusterRobust, cluster_robust
from knutepunkt.analysis.models.design import build_design
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.generalised import GeneralisedFit, fit_generalised
from knutepunkt.analysis.models.inference import Estimate, Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_design, fit_mixed
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.policy import TABLE, UNLIMITED
from knutepunkt.analysis.models.profile_interval import share_limits
from knutepunkt.analysis.models.term_tests import TermTest, term_tests
from knutepunkt.analysis.models.wild_bootstrap import wild_cluster_bootstrap
from tests.spec.statistics import Statistic, Worked

TITLE = "Groups, rounds and their uncertainty"
GROUPS = {"y": np.array([1.0, 3, 5, 7, 9, 11]), "g": np.array([1, 1, 2, 2, 3, 3])}
ROUNDS = {
    "y": np.array([10.0, 12, 11, 8, 9, 10]),
    "wave": np.repeat([0, 1], 3),
    "p": np.tile([1, 2, 3], 2),
}
THREE = {
    "y": np.array([10.0, 14, 18, 22, 12, 15, 21, 24, 14, 19, 21, 26]),
    "wave": np.repeat(["a", "b", "c"], 4),
    "p": np.tile([1, 2, 3, 4], 3),
}
YES = {"y": np.tile([0.0, 1, 1, 0, 1], 8), "g": np.repeat(np.arange(8), 5)}


@cache
def _groups() -> MixedFit:
    return fit_mixed("y ~ 1 + (1 | g)", GROUPS)


@cache
def _change(method: SmallSample = SmallSample.KENWARD_ROGER) -> Estimate:
    return Inference(fit_mixed("y ~ wave + (1 | p)", ROUNDS)).estimate([0, 1], method=method)


@cache
def _rounds_at_once() -> TermTest:
    return term_tests("y ~ wave + (1 | p)", THREE)[0]


@cache
def _robust() -> ClusterRobust:
    return cluster_robust(moments_from_rows(GROUPS["y"], GROUPS["g"]))


@cache
def _odds(ordered: bool = False) -> GeneralisedFit:
    return fit_generalised("y ~ 1 + (1 | g)", YES, ordered=ordered)


def _drawn() -> float:
    means = np.array([2.0, 6.0, 10.0, 4.0, 8.0])
    return float(
        cluster_bootstrap(lambda rows, own: np.array([means[rows].mean()]), np.arange(5)).se[0]
    )


def _share() -> float:
    design = build_design(parse_formula("y ~ 1 + (1 | g)"), GROUPS)
    return share_limits(fit_design(design), design)[0].value


def policy_lines() -> list[str]:
    """The policy table as the manual prints it, from the table the code uses."""
    lines = ["| row | outcomes | groups | rows | singular fit | method | check | groups change in their own way |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for row in TABLE:
        kinds = ", ".join(sorted(kind.value for kind in row.kinds))
        singular = {None: "either", True: "yes", False: "no"}[row.singular]
        spans = ["any" if low == 0 and high == UNLIMITED else f"{low}-{high}" if high < UNLIMITED else f"{low} or more"
                 for low, high in (row.groups, row.rows)]  # fmt: skip
        if row.groups == (0, 0):
            spans[0] = "no groups"
        lines.append(
            f"| {row.id} | {kinds} | {spans[0]} | {spans[1]} | {singular} | {row.method.value} | "
            f"{row.check.value} | {'yes' if row.slope else 'no'} |"
        )
    return lines


STATISTICS = (
    Statistic(
        "Linear mixed model",
        "How much do groups and persons differ, and what is the mean when they do?",
        "y = Xβ + Zb + e, b ~ N(0, σ²ΛΛ'), e ~ N(0, σ²). REML: log|H| + log|X'H⁻¹X| + (n-p)(1 + log(2π r²/(n-p))), "
        "H = I + ZΛΛ'Z', minimised over the entries of Λ; ML leaves out the second term and p.",
        "Bates, Mächler, Bolker and Walker (2015), J Stat Software 67(1).",
        "knutepunkt.analysis.models.mixed.fit_mixed",
        "Three groups: 1 and 3, 5 and 7, 9 and 11. Balanced, so REML is the analysis of variance: MSB = 32, MSW = 2.",
        (
            Worked("variance within", 2.0, lambda: _groups().sigma ** 2),
            Worked("variance between, (32 - 2)/2", 15.0, lambda: float(_groups().terms[0].covariance[0, 0]), 1e-3),
            Worked("mean", 6.0, lambda: float(_groups().beta[0])),
            Worked("standard error, √(32/6)", 2.3094, lambda: float(_groups().se[0])),
        ),
        "Any number of nested and crossed factors and random slopes. Compared with R on 200 simulated designs "
        "(tests/spec/test_mixed_designs.py).",
    ),
    Statistic(
        "Kenward and Roger's degrees of freedom",
        "How sure is an effect when its variances are themselves estimated from few groups?",
        "Φ_A = Φ + 2Φ[Σ W_rs (Q_rs - P_rΦP_s)]Φ; degrees of freedom and scale by matching two moments of F.",
        "Kenward and Roger (1997), Biometrics 53, 983-997; Halekoh and Højsgaard (2014), J Stat Software 59(9).",
        "knutepunkt.analysis.models.inference.Inference",
        "Three persons at two rounds: 10, 12, 11, then 8, 9, 10. Complete and balanced, so this is the paired t test.",
        (
            Worked("change", -2.0, lambda: _change().value),
            Worked("standard error, 1/√3", 0.57735, lambda: _change().se),
            Worked("degrees of freedom", 2.0, lambda: _change().df, 1e-3),
        ),
        "Also used on singular fits: a variance estimated as zero still counts as estimated.",
    ),
    Statistic(
        "F test of a term",
        "Does the outcome differ between three rounds or more, all changes taken at once?",
        "F = λ (Lβ)'(LΦ_A L')⁻¹(Lβ)/q, L the rows of the term, q their rank, λ and the degrees of freedom by Kenward and Roger.",
        "Halekoh and Højsgaard (2014), J Stat Software 59(9); Goodnight (1980), Biometrics 36.",
        "knutepunkt.analysis.models.term_tests.term_tests",
        "Four persons at three rounds: 10, 14, 18, 22, then 12, 15, 21, 24, then 14, 19, 21, 26. Balanced, so this is the "
        "analysis of variance: mean square of rounds 32/2, residual 4/6.",
        (
            Worked("F, 16 / (2/3)", 24.0, lambda: _rounds_at_once().f, 1e-3),
            Worked("numerator degrees of freedom", 2.0, lambda: float(_rounds_at_once().df1)),
            Worked("denominator degrees of freedom", 6.0, lambda: _rounds_at_once().df2, 1e-3),
        ),
        "Told as T6-rounds, from the fit of T6.",
    ),
    Statistic(
        "Satterthwaite's degrees of freedom",
        "The same for many rows, where Kenward and Roger's matrices grow too large.",
        "2v²/(g'Ag), v the variance of the contrast, g its slope in the variance parameters, A their covariance.",
        "Kuznetsova, Brockhoff and Christensen (2017), J Stat Software 82(13).",
        "knutepunkt.analysis.models.inference.Inference",
        "The same three persons.",
        (Worked("degrees of freedom", 2.0, lambda: _change(SmallSample.SATTERTHWAITE).df, 1e-3),),
        "Refused on singular fits.",
    ),
    Statistic(
        "Cluster-robust errors: CR0, CR1, CR2",
        "How sure is a least squares estimate when rows in a group resemble each other, whatever the reason?",
        "V = Σ s_j s_j', s_j = R_j X_j'e_j: R_j = I, √(G/(G-1)) or (I - E_j)^(-1/2), E_j = X_j'X_j in orthonormal "
        "columns; Satterthwaite degrees of freedom under independence. Of several coefficients at once: "
        "F = (η - q + 1)/(ηq) Wald on q and η - q + 1, η from the variance of V (HTZ).",
        "Pustejovsky and Tipton (2018), J Business & Economic Statistics 36, 672-683.",
        "knutepunkt.analysis.models.cluster_robust.cluster_robust",
        "The mean of the three groups: that of three group means 2, 6 and 10.",
        (
            Worked("standard error, 4/√3", 2.3094, lambda: _robust().estimate([1.0]).se),
            Worked("degrees of freedom", 2.0, lambda: _robust().estimate([1.0]).df),
            Worked("F of one coefficient, 6²/(16/3)", 6.75, lambda: _robust().test([1.0]).statistic),
            Worked("its degrees of freedom", 2.0, lambda: _robust().test([1.0]).df2),
        ),
    ),
    Statistic(
        "Logistic and cumulative-logit mixed models",
        "How do odds of a yes, or of a higher answer, differ when people sit in groups?",
        "logit P(yes) = Xβ + Zb; logit P(Y ≤ k) = c_k - Xβ - Zb; the likelihood by adaptive Gauss-Hermite quadrature "
        "with 11 points; standard errors from its whole curvature. Told as T6-odds, for questions read one by one.",
        "Pinheiro and Bates (1995), J Comp Graph Stat 4, 12-35; McCullagh (1980), JRSS B 42, 109-142.",
        "knutepunkt.analysis.models.generalised.fit_generalised",
        "Eight groups of five, three yes in each: groups do not differ, so the odds are those of 24 of 40.",
        (
            Worked("log odds, log(24/16)", 0.405465, lambda: float(_odds().beta[0])),
            Worked("threshold of the ordered model", -0.405465, lambda: float(_odds(True).thresholds[0])),
        ),
        "Compared with R on 16 designs, and with QUADPACK integrals of the definition.",
    ),
    Statistic(
        "Profile interval",
        "Between which values may the groups' share of the variance lie?",
        "The least and the largest share among all variances whose REML criterion stays within a chi-square quantile "
        "on 1 of its least; standard deviations, correlations and fixed effects likewise by ML.",
        "Bates, Mächler, Bolker and Walker (2015), section 5.1.",
        "knutepunkt.analysis.models.profile_interval.share_limits",
        "The three groups: the share is 15/17; its limits against the criterion written out, in the unit tests.",
        (Worked("share, 15/17", 0.882353, _share),),
    ),
    Statistic(
        "Cluster bootstrap",
        "How far would any figure move if other groups had been asked?",
        "G groups drawn with replacement; BCa limits, acceleration from leaving out one group at a time.",
        "Efron (1987), JASA 82, 171-185; Field and Welsh (2007), JRSS B 69, 369-390.",
        "knutepunkt.analysis.models.bootstrap.cluster_bootstrap",
        "The mean of five group means 2, 6, 10, 4, 8: exactly √(8/5) over all draws, here over 1,999.",
        (Worked("standard error", 1.2649, _drawn, 0.05),),
    ),
    Statistic(
        "Wild cluster bootstrap",
        "Would a difference this large arise by chance, judged by flipping whole groups?",
        "The restricted residuals of each group times one draw of Webb's six points (from twelve groups: ±1); the "
        "interval inverts the test. The report tells p beside that of the model, with 6 to 39 groups (T6).",
        "Cameron, Gelbach and Miller (2008), Rev Econ Stat 90, 414-427; Webb (2023), Canadian J Econ 56, 839-858.",
        "knutepunkt.analysis.models.wild_bootstrap.wild_cluster_bootstrap",
        "The mean of the three groups against 6, which it equals: every draw is at least as far out.",
        (
            Worked(
                "p", 1.0,
                lambda: wild_cluster_bootstrap(moments_from_rows(GROUPS["y"], GROUPS["g"]), [1.0], null=6.0).p_value,
            ),
        ),
    ),
)  # fmt: skip


def extra() -> list[str]:
    """What the chapter prints after its statistics."""
    return [
        "## Which model the report uses", "",
        "The first row that fits fires, and the report names it.", "", *policy_lines(),
    ]  # fmt: skip
