# Makes two linked rounds in which some people did not come back, and finds with mice how far those
# must be moved before the interval of the change holds zero. Run once: Rscript tipping_point.R
# tipping_point_rows.csv tipping_point.csv. R 4.2, mice 3.15.0.
#   "shifted": one set of completed tables, moved by delta, pooled by mice::pool (Rubin's rules with
#   Barnard and Rubin's degrees of freedom) at each delta; the tables themselves are in the rows.
#   "tipping": the root of the lower end, from 400 tables imputed by mice's own Bayesian regression.
suppressMessages(library(mice))
args <- commandArgs(TRUE); options(digits = 15)
set.seed(1987); n <- 160
first <- round(rnorm(n, 3, 1), 2); later <- round(1.3 + 0.7 * first + rnorm(n, 0, 0.8), 2)
later[runif(n) < plogis(-0.9 - 0.8 * (first - 3))] <- NA
missing <- is.na(later)
filled <- function(m) sapply(1:m, function(i) { y <- later; y[missing] <- mice.impute.norm(later, !missing, cbind(first)); y })
pooled <- function(tables, delta) { q <- u <- numeric(ncol(tables))
  for (i in seq_along(q)) { d <- tables[, i] + delta * missing - first; q[i] <- mean(d); u[i] <- var(d) / n }
  p <- pool.scalar(q, u, n = n, k = 1); reach <- qt(0.975, p$df) * sqrt(p$t)
  c(mean = p$qbar, se = sqrt(p$t), df = p$df, low = p$qbar - reach, high = p$qbar + reach) }
few <- filled(20); spread <- sd(first); out <- list()
for (share in c(0, -0.4, -0.8, -1.2, -1.6, -2)) { p <- pooled(few, share * spread); out[[length(out) + 1]] <- data.frame(what = "shifted", delta = share, name = names(p), value = signif(p, 12)) }
root <- function(tables) uniroot(function(d) pooled(tables, d)["low"], c(-2 * spread, 0), tol = 1e-10)$root / spread
out[[length(out) + 1]] <- data.frame(what = "tipping", delta = NA, name = c("few", "many"), value = signif(c(root(few), root(filled(400))), 12))
write.csv(do.call(rbind, out), args[2], row.names = FALSE)
write.csv(data.frame(first, later, round(few, 6)), args[1], row.names = FALSE)
