"""Chat platforms: one protocol (base), an adapter each, named by the wiring alone."""
