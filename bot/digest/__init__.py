"""Articles to stories to a digest to a message.

``select`` what a subscription wants, group it into ``stories``, ``rank`` them; write each by a
model (``prompt``, then ``accept`` its reply) or by the sources' own sentences (``extract``);
``render`` the whole as one message.
"""

from bot.digest import wording
from bot.digest.clustering import stories
from bot.digest.extractive import extract
from bot.digest.layout import render
from bot.digest.selection import rank, select
from bot.digest.summary import Glossary, Problem, Verdict, accept, prompt

__all__ = [
    "Glossary",
    "Problem",
    "Verdict",
    "accept",
    "extract",
    "prompt",
    "rank",
    "render",
    "select",
    "stories",
    "wording",
]
