"""A question to a quoted answer: ``retrieve`` evidence, then ``answer`` from it, or ``prompt`` a
model and ``accept`` its reply; ``about`` finds the story that a question names by number."""

from bot.qa.answering import accept, prompt
from bot.qa.extractive import answer
from bot.qa.numbering import about
from bot.qa.retrieval import Evidence, retrieve

__all__ = ["Evidence", "about", "accept", "answer", "prompt", "retrieve"]
