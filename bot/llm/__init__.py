"""Language models: one protocol, one client for every OpenAI-compatible endpoint, a budget around
it, a chain of several. The client itself is named by the wiring alone (`bot.llm.openai`)."""

from bot.llm.base import LLM, CallFailed, Unusable, estimate, fits
from bot.llm.budget import Budget
from bot.llm.chain import Chain

__all__ = ["LLM", "Budget", "CallFailed", "Chain", "Unusable", "estimate", "fits"]
