"""The schema's history: one file a version, run by `digestbot migrate` and at the start."""
