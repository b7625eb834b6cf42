"""Numbers in text: ``find`` them, ``compare`` them, spot ``conflicts``, ``verify`` a text against
them, ``say`` them in another language, ``record`` them as data; ``mentions`` are what has digits
but is no quantity.

>>> (figure,) = find("約6.3兆トークン", "ja")
>>> figure.quote.exact, figure.value, figure.unit, figure.qualifier
('6.3兆トークン', Decimal('6300000000000'), 'token', 'approx')
>>> say(figure, "en"), say(figure, "zh-Hans"), say(figure, "zh-Hant")
('about 6.3 trillion tokens', '约6.3万亿个token', '約6.3兆個token')
"""

from bot.figures.comparison import Relation, compare
from bot.figures.contradictions import conflicts
from bot.figures.extraction import find, mentions
from bot.figures.mentions import Mention
from bot.figures.records import record
from bot.figures.verification import Verdict, verify
from bot.figures.wording import say

__all__ = [
    "Mention",
    "Relation",
    "Verdict",
    "compare",
    "conflicts",
    "find",
    "mentions",
    "record",
    "say",
    "verify",
]
