"""Speeds, sizes and quality, measured by anyone: ``make bench``, ``make quality``."""
