# quanteda: tokens, lower case, a dictionary look-up of all forms. Prints CPU seconds and matches.
suppressMessages(library(quanteda))
quanteda_options(threads = 1)
files <- commandArgs(trailingOnly = TRUE)
answers <- readLines(files[1], encoding = "UTF-8")
forms <- readLines(files[2], encoding = "UTF-8")
terms <- dictionary(list(terms = forms[nzchar(forms)]))
begun <- proc.time()
met <- tokens_lookup(tokens_tolower(tokens(answers)), terms, valuetype = "fixed")
n <- sum(ntoken(met))
took <- proc.time() - begun
cat(sprintf("took %f %d\n", took[["user.self"]] + took[["sys.self"]], n))
