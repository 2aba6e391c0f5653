# Fits the 200 designs of designs.py with lme4, lmerTest and pbkrtest and writes mixed_designs.csv.
# Run once:  python tests/spec/reference/designs.py DIR && Rscript mixed_designs.R DIR mixed_designs.csv
# The optimiser runs to 1e-12, from two starting points, so that the stored figures are the optimum's.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})
args <- commandArgs(TRUE); options(digits = 15)
index <- read.csv(file.path(args[1], "index.csv"), stringsAsFactors = FALSE)
control <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE, check.conv.singular = "ignore",
  optCtrl = list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-12, xtol_rel = 1e-12, ftol_abs = 1e-13, ftol_rel = 1e-15, maxeval = 20000))
out <- list(); put <- function(number, term, quantity, value) out[[length(out) + 1]] <<- data.frame(number, term, quantity, value = signif(value, 10))
for (row in seq_len(nrow(index))) {
  number <- index$number[row]; d <- read.csv(file.path(args[1], paste0(number, ".csv")), stringsAsFactors = FALSE)
  for (name in setdiff(names(d), c("y", "x", "t"))) d[[name]] <- factor(d[[name]])
  f <- as.formula(index$formula[row]); reml <- index$reml[row] == 1
  fit <- function(start) suppressMessages(suppressWarnings(lmerTest::lmer(f, d, REML = reml, control = control, start = start)))
  first <- fit(NULL); m <- first
  second <- fit(0.3 * getME(first, "theta") + 0.05)
  if (deviance(as(second, "lmerMod"), REML = reml) < deviance(as(first, "lmerMod"), REML = reml) - 1e-9) m <- second
  put(number, "", "criterion", if (reml) REMLcrit(m) else -2 * as.numeric(logLik(m)))
  put(number, "", "singular", as.numeric(isSingular(m, tol = 1e-4)))
  vc <- as.data.frame(VarCorr(m))
  for (i in seq_len(nrow(vc))) put(number, paste(vc$grp[i], vc$var1[i], vc$var2[i], sep = "|"), "vcov", vc$vcov[i])
  s <- coef(summary(m, ddf = "Satterthwaite"))
  for (name in rownames(s)) { put(number, name, "estimate", s[name, 1]); put(number, name, "se", s[name, 2]); put(number, name, "satterthwaite_df", s[name, 3]) }
  if (reml) { k <- coef(summary(m, ddf = "Kenward-Roger")); for (name in rownames(k)) { put(number, name, "kr_se", k[name, 2]); put(number, name, "kr_df", k[name, 3]) } }
}
write.csv(do.call(rbind, out), args[2], row.names = FALSE, quote = FALSE)
