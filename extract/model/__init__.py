"""Makes drafts out of letters with a language model; nothing is kept that is not proved."""
