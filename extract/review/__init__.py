"""The review page: a person sees a letter beside its record and makes a gold label."""
