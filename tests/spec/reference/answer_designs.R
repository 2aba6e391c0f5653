# Results of R for the designs of answer_designs.py. Run once:
#   python -m tests.spec.reference.answer_designs folder && Rscript answer_designs.R folder answer_designs.csv
# Yes-no: glmer, 25 adaptive Gauss-Hermite points. Ordered: clmm of ordinal, 25 points.
suppressMessages({library(lme4); library(ordinal)})
args <- commandArgs(TRUE); out <- list()
add <- function(number, term, quantity, value)
  out[[length(out) + 1]] <<- data.frame(number, term, quantity, value = sprintf("%.12g", value))
tight <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-11, maxfun = 1e6))
for (number in 0:15) {
  d <- read.csv(file.path(args[1], paste0(number, ".csv")))
  if (number %% 2 == 0) {
    m <- glmer(y ~ x + (1 | g), d, family = binomial, nAGQ = 25, control = tight)
    s <- coef(summary(m)); sd <- as.data.frame(VarCorr(m))$sdcor
  } else {
    m <- clmm(factor(y) ~ x + (1 | g), d, nAGQ = 25, control = clmm.control(gradTol = 1e-10, maxIter = 500))
    s <- coef(summary(m)); sd <- abs(as.numeric(m$ST$g))
  }
  for (term in rownames(s)) {
    add(number, term, "estimate", s[term, 1]); add(number, term, "se", s[term, 2])
  }
  add(number, "", "sd", sd); add(number, "", "loglik", as.numeric(logLik(m)))
}
write.csv(do.call(rbind, out), args[2], row.names = FALSE, quote = FALSE)
