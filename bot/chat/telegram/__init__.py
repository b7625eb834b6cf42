"""Telegram: the adapter for one bot (`Telegram`)."""

from .adapter import Telegram

__all__ = ["Telegram"]
