"""How a source is doing, in plain words."""

from bot import phrases
from bot.model import Lang


def reason(code: str, lang: Lang) -> str:
    """An error code in plain words."""
    family = code if f"reason.{code}" in phrases.TABLES["en"] else code.rpartition("_")[0]
    key = f"reason.{family}"
    known = key in phrases.TABLES["en"]
    return phrases.say(lang, key) if known else phrases.say(lang, "reason.other", code=code)
