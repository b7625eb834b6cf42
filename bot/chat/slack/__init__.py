"""Slack: the adapter for one workspace (`Slack`)."""

from .adapter import Slack

__all__ = ["Slack"]
