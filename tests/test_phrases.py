"""The texts that people read: complete in every language."""

import re
import string
from pathlib import Path

import pytest

from bot import phrases

ROOT = Path(__file__).parents[1]


def _placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("lang", ["ja", "zh-Hans", "zh-Hant"])
def test_every_language_has_every_text_with_the_same_placeholders(lang: str) -> None:
    table = phrases.TABLES[lang]
    assert table.keys() == phrases.TABLES["en"].keys()
    for key, words in phrases.TABLES["en"].items():
        assert _placeholders(table[key]) == _placeholders(words), key


@pytest.mark.parametrize("lang", ["ja", "zh-Hans", "zh-Hant"])
def test_no_text_was_left_in_english(lang: str) -> None:
    same = [k for k, v in phrases.TABLES[lang].items() if v == phrases.TABLES["en"][k]]
    assert [k for k in same if not k.startswith("lang.")] == []


def test_every_text_is_used_somewhere() -> None:
    code = "\n".join(
        p.read_text("utf-8")
        for p in (ROOT / "bot").rglob("*.py")
        if "phrases" not in p.parts or p.name == "__init__.py"
    )
    families = (
        "lang.",
        "reason.",
        "repair.",
        "notice.",
        "kind.",
        "help.",
        "conflict.",
        "schedule.day",
        "operator.",
        "digest.",
    )
    unused = [
        k for k in phrases.TABLES["en"] if f'"{k}"' not in code and not k.startswith(families)
    ]
    assert unused == []


def test_the_nearest_language_is_spoken() -> None:
    assert [phrases.spoken(t) for t in ("zh-TW", "zh_CN", "ja-JP", "en-GB", "ko", None)] == [
        "zh-Hant",
        "zh-Hans",
        "ja",
        "en",
        "en",
        "en",
    ]


def test_two_languages_are_joined_and_one_text_stands_once() -> None:
    assert phrases.both(("ja", "en"), "digest.figures") == "数字 · Figures"
    assert phrases.both(("ja", "zh-Hans"), "digest.figures") == "数字"


def test_an_unknown_key_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        phrases.say("en", "no.such.text")


def test_simplified_and_traditional_texts_keep_their_script() -> None:
    from bot import text

    for lang in ("zh-Hans", "zh-Hant"):
        for key, words in phrases.TABLES[lang].items():
            bare = re.sub(r"\{\w+\}|[A-Za-z/]+", "", words)
            if len(bare) > 12 and not key.startswith("lang."):
                assert text.detect(bare, lang) == lang, key
