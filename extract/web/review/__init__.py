"""The review page: a person sees a letter beside its record, corrects it, makes a gold label."""
