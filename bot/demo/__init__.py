"""Bundled news to show the bot with: invented companies, people and figures in four languages.

    async with Site(now=now) as site:
        for source in sources(site.url): ...
        ... QUESTIONS

`Site` serves the feeds and their articles on the loopback address; `show` plays them through the
real pipeline.
"""

from bot.demo.site import Site, sources

# The first asks for the figure that one article gives twice, ten times apart. The answer to the
# second stands in no Japanese article, so it comes from another language's.
QUESTIONS: tuple[str, str] = (
    "How many tokens was Marlin-2 trained on?",
    "Langji Autoの第3四半期の売上高はいくらでしたか？",
)

__all__ = ["QUESTIONS", "Site", "sources"]
