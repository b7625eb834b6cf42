"""The texts that people read, one table per language of the interface.

A key names the same text in every table (a test keeps them complete, placeholders included).
"""

from bot.model import LANGS, Lang
from bot.phrases.en import TEXTS as EN
from bot.phrases.ja import TEXTS as JA
from bot.phrases.zh_hans import TEXTS as ZH_HANS
from bot.phrases.zh_hant import TEXTS as ZH_HANT

TABLES: dict[Lang, dict[str, str]] = {
    "en": EN,
    "ja": JA,
    "zh-Hans": ZH_HANS,
    "zh-Hant": ZH_HANT,
}


def say(lang: Lang | None, key: str, /, **args: object) -> str:
    """The text of `key` in `lang` (English where the bot does not speak it), placeholders filled.

    Raises KeyError for an unknown key: a missing text is a fault of the program.
    """
    return TABLES[spoken(lang)][key].format(**args)


def spoken(lang: Lang | None) -> Lang:
    """The interface language nearest to a BCP 47 tag.

    >>> spoken("ja-JP"), spoken("zh-HK"), spoken("zh"), spoken("fr"), spoken(None)
    ('ja', 'zh-Hant', 'zh-Hans', 'en', 'en')
    """
    tag = (lang or "en").replace("_", "-").lower()
    if tag.startswith("zh"):
        return "zh-Hant" if any(p in tag for p in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    return next((known for known in LANGS if tag.split("-")[0] == known), "en")


def named(lang: Lang) -> str:
    """A language by its own name; one that the bot does not write by its tag.

    >>> named("ja"), named("zh-TW"), named("de")
    ('日本語', '繁體中文', 'de')
    """
    known = spoken(lang)
    return say(known, f"lang.{known}") if lang[:2].lower() == known[:2] else lang


def both(langs: tuple[Lang, ...], key: str, /, **args: object) -> str:
    """The texts of `key` in each of `langs`, joined by a middle dot, each once."""
    texts = dict.fromkeys(say(lang, key, **args) for lang in langs)
    return " · ".join(texts)
