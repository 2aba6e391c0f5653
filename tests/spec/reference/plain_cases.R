# Computes R's figures for the cases of plain_cases.py and writes plain_cases.csv. Run once:
#   python -m tests.spec.reference.plain_cases DIR && Rscript plain_cases.R DIR plain_cases.csv
# lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, sandwich 3.0-2; the rest is base R.
suppressMessages({library(lme4); library(lmerTest); library(sandwich)})
args <- commandArgs(TRUE); options(digits = 15); out <- list()
put <- function(name, term, quantity, value) out[[length(out) + 1]] <<- data.frame(name, term, quantity, value = signif(as.numeric(value), 12))
input <- function(name) read.csv(file.path(args[1], paste0(name, ".csv")), stringsAsFactors = TRUE)

# Coders: agreement pair by pair; Fleiss' own table where everyone coded; category shares unit by unit.
d <- input("coded"); d[d == -9] <- NA; codes <- sort(unique(unlist(d))); q <- length(codes)
agree <- function(m) { each <- c(); for (i in seq_len(nrow(m))) { r <- na.omit(as.numeric(m[i, ])); if (length(r) < 2) next
  pairs <- combn(length(r), 2); each <- c(each, mean(r[pairs[1, ]] == r[pairs[2, ]])) }; mean(each) }
shares <- function(m) { each <- t(apply(m, 1, function(r) { r <- r[!is.na(r)]; if (length(r)) sapply(codes, function(k) mean(r == k)) else rep(NA, q) })); colMeans(each, na.rm = TRUE) }
whole <- na.omit(d); n <- nrow(whole); k <- ncol(whole); counts <- t(apply(whole, 1, function(r) table(factor(r, codes))))
p <- colSums(counts) / (n * k); pa <- mean((rowSums(counts^2) - k) / (k * (k - 1))); pe <- sum(p^2)
put("coded", "complete", "fleiss", (pa - pe) / (1 - pe))
s2 <- 2 / (n * k * (k - 1)) * (sum(p * (1 - p))^2 - sum(p * (1 - p) * (1 - 2 * p))) / sum(p * (1 - p))^2; put("coded", "complete", "fleiss null se", sqrt(s2))
for (how in c("complete", "all")) { m <- if (how == "complete") whole else d; a <- agree(m); s <- shares(m)
  put("coded", how, "fleiss", (a - sum(s^2)) / (1 - sum(s^2))); e <- sum(s * (1 - s)) / (q - 1); put("coded", how, "ac1", (a - e) / (1 - e)) }

# Groups: r_wg group by group, shares by the sandwich of a mean, attendance apart by lmer.
d <- input("groups"); u <- (5^2 - 1) / 12; r1 <- c(); r4 <- c()
for (g in split(d, d$g)) if (nrow(g) > 1) { s <- var(g$i0) / u; r1 <- c(r1, max(0, 1 - s)); s <- mean(apply(g[, paste0("i", 0:3)], 2, var)) / u; r4 <- c(r4, if (s < 1) 4 * (1 - s) / (4 * (1 - s) + s) else 0) }
put("groups", "one item", "rwg mean", mean(r1)); put("groups", "one item", "rwg median", median(r1)); put("groups", "four items", "rwg mean", mean(r4)); put("groups", "four items", "rwg median", median(r4)); put("groups", "four items", "groups", length(r4))
for (item in c("yes", "i0", "i3")) { z <- as.numeric(if (item == "yes") d$yes == 1 else d[[item]] >= 4); m <- lm(z ~ 1); v <- vcovCL(m, cluster = d$g, type = "HC0", cadjust = TRUE)[1, 1]; p <- mean(z)
  deff <- max(1, v / (p * (1 - p) / length(z))); ne <- length(z) / deff; t <- qt(.975, length(unique(d$g)) - 1); mid <- (p + t^2 / (2 * ne)) / (1 + t^2 / ne); half <- t * sqrt(p * (1 - p) / ne + t^2 / (4 * ne^2)) / (1 + t^2 / ne)
  put("groups", item, "share", p); put("groups", item, "design effect", deff); put("groups", item, "low", mid - half); put("groups", item, "high", mid + half) }
d$between <- ave(d$x, d$g); d$within <- d$x - d$between
tight <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE, optCtrl = list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-12, ftol_abs = 1e-13, maxeval = 20000))
m <- lmer(y ~ within + between + (1 | g), d, control = tight); k <- coef(summary(m, ddf = "Kenward-Roger"))
for (t in c("within", "between")) for (c in 1:3) put("groups", t, c("estimate", "se", "df")[c], k[t, c])
t <- contest(m, c(0, -1, 1), joint = FALSE, ddf = "Kenward-Roger"); put("groups", "contextual", "estimate", t$Estimate); put("groups", "contextual", "se", t[["Std. Error"]]); put("groups", "contextual", "df", t$df)
put("groups", "within", "fixed groups", coef(lm(y ~ x + g, d))["x"])

# Paths: two regressions.
d <- input("paths"); a <- coef(lm(m ~ x + before, d))["x"]; b <- coef(lm(y ~ m + x + before, d)); put("paths", "", "a", a); put("paths", "", "b", b["m"]); put("paths", "", "ab", a * b["m"]); put("paths", "", "direct", b["x"])

# Rounds: who left, and profile limits by ML.
d <- input("rounds, nested"); first <- d[d$w == "w0", ]; last <- d$p[d$w == "w2"]; stay <- first$p %in% last; s <- first$y[stay]; l <- first$y[!stay]
put("rounds, nested", "left", "stayers", mean(s)); put("rounds, nested", "left", "leavers", mean(l)); put("rounds, nested", "left", "n", length(l)); put("rounds, nested", "left", "d", (mean(l) - mean(s)) / summary(lm(first$y ~ stay))$sigma)
wide <- reshape(d[, c("p", "g", "w", "y")], idvar = c("p", "g"), timevar = "w", direction = "wide"); wide$change <- wide$y.w2 - wide$y.w0; both <- wide[!is.na(wide$change), ]
k <- coef(summary(lmer(change ~ 1 + (1 | g), both, control = tight), ddf = "Kenward-Roger")); for (c in 1:3) put("rounds, nested", "both", c("estimate", "se", "df")[c], k[1, c])
k <- coef(summary(lmer(y ~ w + (1 | g / p), d, control = tight), ddf = "Kenward-Roger")); put("rounds, nested", "all by likelihood", "estimate", k["ww2", 1]); put("rounds, nested", "all by likelihood", "se", k["ww2", 2])
for (name in c("rounds, nested", "rounds, slopes apart", "rounds, correlated")) { d <- input(name)
  f <- list("rounds, nested" = y ~ w + (1 | g / p), "rounds, slopes apart" = y ~ w + (1 | g / p) + (0 + t | g), "rounds, correlated" = y ~ t + (t | g))[[name]]
  m <- lme4::lmer(f, d, REML = FALSE, control = tight); ci <- suppressWarnings(confint(m, method = "profile", oldNames = FALSE, devtol = 1e-6)); for (r in rownames(ci)) { put(name, r, "low", ci[r, 1]); put(name, r, "high", ci[r, 2]) } }
write.csv(do.call(rbind, out), args[2], row.names = FALSE)
