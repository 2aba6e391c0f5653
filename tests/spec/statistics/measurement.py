"""Which statistics describe answers, scales, coders and change?"""

from __future__ import annotations

from functools import cache

import numpy as np

from knutepunkt.analysis import measurement as m
from knutepunkt.analysis.measurement.omega import one_factor_ml
from knutepunkt.analysis.measurement.reliability import alpha_of, feldt
from tests.spec.statistics import Statistic, Worked

TITLE = "Answers, scales, coders and change"
GROUPS = ([1, 3, 5, 7, 9, 11], [1, 1, 2, 2, 3, 3])
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
N = float("nan")
# Krippendorff's standard example: four observers (rows), twelve units.
OBSERVERS = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]).T  # fmt: skip
# Fifty units, two coders: both yes 20, yes-no 5, no-yes 10, both no 15.
TWO_CODERS = (np.repeat([1, 1, 0, 0], [20, 5, 10, 15]), np.repeat([1, 0, 1, 0], [20, 5, 10, 15]))
FOUR, LINEAR = ([1, 2, 3, 1], [1, 2, 3, 3]), m.KappaWeights.LINEAR
# Fleiss' table as it is usually printed: ten subjects, fourteen raters, five categories.
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def _fleiss() -> np.ndarray:
    return np.array([np.repeat(np.arange(5), row) for row in FLEISS])


@cache
def _one_factor() -> tuple[np.ndarray, np.ndarray]:
    loadings = np.array([0.8, 0.7, 0.6])
    fit = one_factor_ml(np.outer(loadings, loadings) + np.diag(1 - loadings**2))
    return fit.loadings, fit.uniquenesses


def _omega() -> float:
    loadings, own = _one_factor()
    return float(loadings.sum() ** 2 / (loadings.sum() ** 2 + own.sum()))


def _share(y: list[int], end: str) -> float:
    return float(getattr(m.share_interval(y, [8, 8, 8])[0], end))


STATISTICS = (
    Statistic(
        "Share with independent answers",
        "Between which limits does a share lie when nobody influences anybody?",
        "Wilson: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).\n"
        "Clopper-Pearson: beta quantiles B(α/2; x, n-x+1) and B(1-α/2; x+1, n-x).",
        "Wilson (1927), JASA 22, 209-212; Clopper and Pearson (1934), Biometrika 26, 404-413.",
        "knutepunkt.analysis.measurement.wilson",
        "Seven of nine said yes.",
        (
            Worked("Wilson, low", 0.4526, lambda: m.wilson(7, 9).low),
            Worked("Wilson, high", 0.9368, lambda: m.wilson(7, 9).high),
            Worked("Clopper-Pearson, low", 0.3999, lambda: m.clopper_pearson(7, 9).low),
            Worked("Clopper-Pearson, high", 0.9719, lambda: m.clopper_pearson(7, 9).high),
        ),
    ),
    Statistic(
        "Share when people sit in groups",
        "Between which limits does a share lie when members of a group answer alike?",
        "v = G/(G-1) Σ(y_g - p m_g)² / n²; design effect = max(1, v / (p(1-p)/n)); effective n = n / design "
        "effect; Wilson's formula on it with the t quantile on G - 1 degrees of freedom.\n"
        "At 0 and 100 %: design effect = 1 + (Σm_g²/n - 1) · 0.10, Clopper-Pearson on the effective n.",
        "Kish (1965), Survey Sampling; Korn and Graubard (1998), Survey Methodology 24, 193-201; Dean and Pagano "
        "(2015), Survey Methodology 41, 453-476.",
        "knutepunkt.analysis.measurement.share_interval",
        "Three groups of eight; 2, 4 and 6 said yes. v = 3/2 · 8/576 = 1/48, the plain variance 1/96, so the design "
        "effect is 2 and the effective n 12. Then: nobody said yes; the design effect is 1.7.",
        (
            Worked("low", 0.1105, lambda: _share([2, 4, 6], "low")),
            Worked("high", 0.8895, lambda: _share([2, 4, 6], "high")),
            Worked("high, where nobody said yes", 0.2299, lambda: _share([0, 0, 0], "high")),
        ),
    ),
    Statistic(
        "Cronbach's alpha with Feldt's interval",
        "How consistently do the items of a scale measure one thing?",
        "α = k/(k-1) (1 - Σ variances / variance of the sum). Interval: 1 - (1-α) F quantiles on n-1 and (n-1)(k-1).",
        "Cronbach (1951), Psychometrika 16, 297-334; Feldt, Woodruff and Salih (1987), Appl Psych Meas 11, 93-103.",
        "knutepunkt.analysis.measurement.cronbach_alpha",
        "Two items with variance 2 and covariance 1: 2 (1 - 4/6). The interval: α = .70376 of five items and 2,709 "
        "people, as R's psych gives it.",
        (
            Worked("alpha", 2 / 3, lambda: alpha_of(np.array([[2.0, 1.0], [1.0, 2.0]]))),
            Worked("Feldt, low", 0.685745, lambda: feldt(0.7037558943748, 2709, 5).low, 1e-6),
            Worked("Feldt, high", 0.721036, lambda: feldt(0.7037558943748, 2709, 5).high, 1e-6),
        ),
        "Refused below 50 complete rows. The policy for missing answers (pairwise or listwise) is named.",
    ),
    Statistic(
        "McDonald's omega",
        "How much of a scale's variance is one common factor?",
        "ω = (Σλ)² / ((Σλ)² + Σθ), one factor by maximum likelihood; interval by the delta method on the log odds of "
        "ω with the sandwich covariance, summed over groups.",
        "McDonald (1999), Test Theory; Jöreskog (1967), Psychometrika 32, 443-482; White (1982), Econometrica 50, 1-25.",
        "knutepunkt.analysis.measurement.mcdonald_omega",
        "Loadings .8, .7 and .6 of standardised items: 2.1² / (2.1² + .36 + .51 + .64).",
        (Worked("omega", 4.41 / 5.92, _omega),),
    ),
    Statistic(
        "Standard error of measurement and smallest detectable change",
        "How exact is one person's score, and how large must a change be to be more than noise?",
        "SEM = s √(1 - r); SDC = 1.96 √2 SEM; of a mean of n persons SDC / √n.",
        "de Vet et al. (2006), Health and Quality of Life Outcomes 4, 54.",
        "knutepunkt.analysis.measurement.precision",
        "s = 10, r = .84.",
        (
            Worked("SEM", 4.0, lambda: m.precision(10, 0.84).sem),
            Worked("SDC", 11.0874, lambda: m.precision(10, 0.84).sdc),
        ),
    ),
    Statistic(
        "ICC1 and ICC2",
        "How alike are members of a group, and how reliable is a group's mean?",
        "ICC1 = (MSB - MSW) / (MSB + (k-1) MSW), ICC2 = (MSB - MSW) / MSB, k the mean group size.",
        "Bartko (1976), Psychological Bulletin 83, 762-765; Bliese (2000).",
        "knutepunkt.analysis.measurement.group_icc",
        "Three groups: 1 and 3, 5 and 7, 9 and 11. MSB = 32, MSW = 2.",
        (
            Worked("ICC1", 30 / 34, lambda: m.group_icc(*GROUPS).icc1),
            Worked("ICC2", 30 / 32, lambda: m.group_icc(*GROUPS).icc2),
        ),
    ),
    Statistic(
        "Six intraclass correlations",
        "How alike do several raters, or several occasions, place the same people?",
        "From the mean squares of a two-way table: one-way, two-way random (agreement), two-way mixed (consistency).",
        "Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw and Wong (1996).",
        "knutepunkt.analysis.measurement.shrout_fleiss",
        "Shrout and Fleiss' own table of six subjects and four judges.",
        tuple(
            Worked(form, value, lambda form=form: m.shrout_fleiss(SHROUT_FLEISS)[form].icc, 5e-3)  # type: ignore[misc]
            for form, value in (("ICC1", 0.17), ("ICC2", 0.29), ("ICC3", 0.71), ("ICC1k", 0.44),
                                ("ICC2k", 0.62), ("ICC3k", 0.91))
        ),
    ),
    Statistic(
        "Agreement within groups, r_wg(j)",
        "Do members of a group agree more than answers at random would?",
        "r = j(1 - s/u) / (j(1 - s/u) + s/u), s the mean item variance, u = (points² - 1)/12.",
        "James, Demaree and Wolf (1984), Journal of Applied Psychology 69, 85-98.",
        "knutepunkt.analysis.measurement.within_group_agreement",
        "One item of five points; a group answers 3, 4, 3, 4. s = 1/3, u = 2.",
        (
            Worked(
                "r_wg", 5 / 6,
                lambda: m.within_group_agreement([[3], [4], [3], [4]], [1] * 4, points=5).mean,
            ),
        ),
    ),
    Statistic(
        "Paired change: d_z, d_av and g",
        "How large is a change in standard deviations?",
        "d_z = mean / SD of the differences; d_av = mean / ((SD1 + SD2)/2); g = J d, J = 1 - 3/(4 df - 1). Interval of "
        "d_z by the noncentral t, of d_av by Bonett's variance.",
        "Cumming (2012), Understanding the New Statistics, ch. 11; Bonett (2008), Psych Methods 13, 99-109; Hedges (1981).",
        "knutepunkt.analysis.measurement.paired_change",
        "Before 10, 12, 11; after 8, 9, 10. Differences -2, -3, -1; both rounds have SD 1; J = 4/7.",
        (
            Worked("d_z", -2.0, lambda: m.paired_change([10, 12, 11], [8, 9, 10]).d_z.d),
            Worked("d_av", -2.0, lambda: m.paired_change([10, 12, 11], [8, 9, 10]).d_av.d),
            Worked("g", -8 / 7, lambda: m.paired_change([10, 12, 11], [8, 9, 10]).d_av.g),
        ),
    ),
    Statistic(
        "Reliable change and clinical cut-off",
        "Has this person changed more than the measure's error, and across the line between two groups?",
        "Index = difference / (√2 s √(1 - r)), changed beyond ±1.96. Cut-off c = (s_w m_t + s_t m_w) / (s_w + s_t).",
        "Jacobson and Truax (1991), J Consult Clin Psychol 59, 12-19.",
        "knutepunkt.analysis.measurement.reliable_change",
        "The authors' example: from 47.5 to 32.5, s = 10, r = .80. Cut-off between means 20 (SD 6) and 8 (SD 4).",
        (
            Worked("index", -2.3717, lambda: float(m.reliable_change_index(32.5 - 47.5, 10, 0.8))),
            Worked("cut-off", 12.8, lambda: m.clinical_cutoff(20, 6, 8, 4)),
        ),
    ),
    Statistic(
        "Krippendorff's alpha",
        "Do coders agree beyond chance, also where some have not coded everything?",
        "α = 1 - D_o / D_e over the coincidences of units with two codes or more, with nominal, ordinal or interval "
        "distances; percentile interval over resampled units, fixed seed.",
        "Krippendorff (2019), Content Analysis, ch. 12; Hayes and Krippendorff (2007).",
        "knutepunkt.analysis.measurement.krippendorff_alpha",
        "Krippendorff's own example of four observers and twelve units.",
        tuple(
            Worked(metric.value, value, lambda metric=metric: m.krippendorff_alpha(OBSERVERS, metric).value, 5e-4)  # type: ignore[misc]
            for metric, value in ((m.Metric.NOMINAL, 0.743), (m.Metric.ORDINAL, 0.815), (m.Metric.INTERVAL, 0.849))
        ),
    ),
    Statistic(
        "Cohen's kappa, Fleiss' kappa and Gwet's AC1",
        "Do coders agree beyond chance, by three ideas of chance?",
        "(p_o - p_e) / (1 - p_e). Cohen: p_e from each coder's own shares; weighted: codes i and j of q agree by "
        "1 - |i - j|/(q - 1), or 1 minus its square. Fleiss: squared mean shares. AC1: "
        "Σ s(1 - s) / (q - 1), which stays steady where nearly all falls in one category.",
        "Cohen (1960); Fleiss (1971), Psychological Bulletin 76, 378-382; Gwet (2008), Br J Math Stat Psychol 61, 29-48.",
        "knutepunkt.analysis.measurement.cohen_kappa",
        "Fifty units: both yes 20, yes-no 5, no-yes 10, both no 15; p_o = .70, Cohen's p_e = .50, AC1's .495. Fleiss: the "
        "usual table of ten subjects and fourteen raters. Weighted: four units, coded 1-1, 2-2, 3-3 and 1-3; p_o = .75, "
        "p_e = .5.",
        (
            Worked("Cohen", 0.40, lambda: m.cohen_kappa(*TWO_CODERS).value),
            Worked("Cohen, linear weights", 0.50, lambda: m.cohen_kappa(*FOUR, weights=LINEAR).value),
            Worked("AC1", 0.205 / 0.505, lambda: m.gwet_ac1(np.column_stack(TWO_CODERS)).value),
            Worked("Fleiss", 0.210, lambda: m.fleiss_kappa(_fleiss()).value, 5e-4),
        ),
    ),
)  # fmt: skip
