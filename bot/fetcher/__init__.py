"""HTTP GET for feeds and pages: conditional, bounded, polite, and never to a private address."""

from bot.fetcher.client import Fetcher, StatusError

__all__ = ["Fetcher", "StatusError"]
