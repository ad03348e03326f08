//! Folds of the whole log into what is asked about sets; handles only, no personal data.
