# Computes R's figures for the cases of further_cases.py and writes further_cases.csv. Run once:
#   python -m tests.spec.reference.further_cases DIR && Rscript further_cases.R DIR further_cases.csv
# lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, clubSandwich 0.5.8, ordinal 2022.11-16, psych 2.2.9,
# lavaan 0.6-14, mice 3.15.0, effectsize 0.8.3; linear models optimised to 1e-12 from three starts.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(clubSandwich); library(ordinal); library(psych); library(lavaan); library(mice); library(effectsize)})
args <- commandArgs(TRUE); options(digits = 15)
index <- read.csv(file.path(args[1], "index.csv"), stringsAsFactors = FALSE)
out <- list(); put <- function(name, term, quantity, value) out[[length(out) + 1]] <<- data.frame(name, term, quantity, value = signif(as.numeric(value), 12))
control <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE, check.conv.singular = "ignore",
  optCtrl = list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-12, xtol_rel = 1e-12, ftol_abs = 1e-13, ftol_rel = 1e-15, maxeval = 20000))
joint <- function(name, m, ddf) { L <- diag(length(fixef(m)))[-1, , drop = FALSE]; t <- contestMD(m, L, ddf = ddf)
  put(name, ddf, "joint F", t[["F value"]]); put(name, ddf, "joint df", t[["DenDF"]]) }
mixed <- function(name, f, d) for (reml in c(TRUE, FALSE)) {
  fit <- function(start) suppressMessages(suppressWarnings(lmerTest::lmer(f, d, REML = reml, control = control, start = start)))
  m <- fit(NULL); th <- getME(m, "theta")
  for (start in list(0.3 * th + 0.05, 2 * th + 0.1)) { other <- fit(start); if (deviance(as(other, "lmerMod"), REML = reml) < deviance(as(m, "lmerMod"), REML = reml) - 1e-9) m <- other }
  how <- if (reml) "reml" else "ml"
  put(name, how, "criterion", if (reml) REMLcrit(m) else -2 * as.numeric(logLik(m))); put(name, how, "aic", AIC(m)); put(name, how, "bic", BIC(m)); put(name, how, "singular", isSingular(m, tol = 1e-4))
  put(name, how, "sigma", sigma(m)); s <- coef(summary(m, ddf = "Satterthwaite"))
  for (n in rownames(s)) { put(name, n, paste(how, "estimate"), s[n, 1]); put(name, n, paste(how, "se"), s[n, 2]); put(name, n, paste(how, "satterthwaite"), s[n, 3]) }
  if (reml) { k <- coef(summary(m, ddf = "Kenward-Roger"))
    for (n in rownames(k)) { put(name, n, "kr se", k[n, 2]); put(name, n, "kr df", k[n, 3]) }
    for (ddf in c("Satterthwaite", "Kenward-Roger")) { joint(name, m, ddf); a <- anova(m, ddf = ddf); for (n in rownames(a)) { put(name, n, paste(ddf, "F"), a[n, "F value"]); put(name, n, paste(ddf, "df"), a[n, "DenDF"]) } } }
}
sandwiched <- function(name, f, d) { m <- lm(f, d); p <- length(coef(m)); cl <- d$g
  for (type in c("CR0", "CR1", "CR2")) { v <- vcovCR(m, cluster = cl, type = type); t <- coef_test(m, vcov = v, test = "Satterthwaite")
    for (i in seq_len(p)) { put(name, names(coef(m))[i], paste(type, "se"), t$SE[i]); put(name, names(coef(m))[i], paste(type, "df"), t$df[i]) }
    w <- Wald_test(m, constraints = constrain_zero(2:p), vcov = v, test = "HTZ"); put(name, type, "HTZ F", w$Fstat); put(name, type, "HTZ df", w$df_denom) } }
binary <- function(name, f, d) for (n in c(1, 3, 7, 25)) { m <- glmer(f, d, family = binomial, nAGQ = n, control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13, optCtrl = list(rhobeg = 0.01, rhoend = 1e-10, maxfun = 1e5)))
  put(name, n, "loglik", logLik(m)); put(name, n, "sd", sqrt(unlist(VarCorr(m)))); s <- coef(summary(m)); for (t in rownames(s)) { put(name, t, paste(n, "estimate"), s[t, 1]); put(name, t, paste(n, "se"), s[t, 2]) } }
ordered4 <- function(name, f, d) { d$o <- factor(d$o); for (n in c(5, 11, 25)) { m <- clmm(f, data = d, nAGQ = n, control = clmm.control(gradTol = 1e-9)); put(name, n, "loglik", logLik(m)); s <- coef(summary(m)); for (t in c("x", "armv")) { put(name, t, paste(n, "estimate"), s[t, 1]); put(name, t, paste(n, "se"), s[t, 2]) } } }
scales <- function(name, d) { X <- d[, -1]; X[X == -9] <- NA; a <- suppressWarnings(psych::alpha(X)); put(name, "", "alpha pairwise", a$total$raw_alpha); Y <- na.omit(X); b <- psych::alpha(Y)
  put(name, "", "alpha listwise", b$total$raw_alpha); ci <- alpha.ci(b$total$raw_alpha, n.obs = nrow(Y), n.var = 7); put(name, "", "feldt low", ci$lower.ci); put(name, "", "feldt high", ci$upper.ci)
  for (i in 1:7) { put(name, i, "dropped", b$alpha.drop$raw_alpha[i]); put(name, i, "item-rest", b$item.stats$r.drop[i]) }
  m <- cfa(paste("f =~", paste(names(Y), collapse = "+")), Y, std.lv = TRUE); l <- inspect(m, "est")$lambda; th <- diag(inspect(m, "est")$theta); put(name, "", "omega", sum(l)^2 / (sum(l)^2 + sum(th)))
  s <- rowMeans(X, na.rm = TRUE); v <- summary(aov(s ~ d$g))[[1]][["Mean Sq"]]; k <- nrow(X) / length(unique(d$g)); put(name, "", "icc1", (v[1] - v[2]) / (v[1] + (k - 1) * v[2])); put(name, "", "icc2", 1 - v[2] / v[1])
  set.seed(5); im <- mice(X, m = 6, printFlag = FALSE, maxit = 3); f <- with(im, lm(i0 ~ i1 + i2)); s <- summary(pool(f), conf.int = TRUE)
  for (j in 1:6) { c <- coef(summary(f$analyses[[j]])); put(name, j, "q", c["i1", 1]); put(name, j, "u", c["i1", 2]) }
  r <- which(s$term == "i1"); put(name, "i1", "pooled", s$estimate[r]); put(name, "i1", "pooled se", s$std.error[r]); put(name, "i1", "pooled df", s$df[r]); put(name, "i1", "pooled low", s[r, "2.5 %"]); put(name, "i1", "pooled fmi", pool(f)$pooled$fmi[r]) }
kappas <- function(name, d) { q <- cohen.kappa(as.matrix(d)); put(name, "", "kappa", q$kappa); put(name, "", "kappa variance", q$var.kappa); put(name, "", "kappa quadratic", q$weighted.kappa)
  put(name, "", "kappa linear", cohen.kappa(as.matrix(d), w = outer(1:4, 1:4, function(i, j) 1 - abs(i - j) / 3))$weighted.kappa) }
changes <- function(name, d) { t <- t.test(d$r1, d$r0, paired = TRUE); put(name, "", "t", t$statistic); put(name, "", "low", t$conf.int[1]); z <- cohens_d(d$r1, d$r0, paired = TRUE); put(name, "", "d_z", z$Cohens_d); put(name, "", "d_z low", z$CI_low)
  r <- suppressWarnings(ICC(d, lmer = FALSE))$results; for (i in seq_len(nrow(r))) { put(name, r$type[i], "icc", r$ICC[i]); put(name, r$type[i], "icc low", r[i, "lower bound"]); put(name, r$type[i], "icc high", r[i, "upper bound"]) } }
for (i in seq_len(nrow(index))) { name <- index$name[i]; kind <- index$kind[i]; d <- read.csv(file.path(args[1], paste0(name, ".csv")), stringsAsFactors = TRUE)
  f <- if (index$formula[i] != "") as.formula(index$formula[i])
  switch(kind, mixed = mixed(name, f, d), sandwich = sandwiched(name, f, d), binary = binary(name, f, d), ordered = ordered4(name, f, d), items = scales(name, d), coders = kappas(name, d), pairs = changes(name, d)) }
write.csv(do.call(rbind, out), args[2], row.names = FALSE)
