"""The fields of the case: dates, patient, reviewer, diagnoses."""
