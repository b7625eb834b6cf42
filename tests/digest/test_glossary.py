"""The glossary is read, and its forms are found in texts."""

import pytest

from bot.digest import glossary
from bot.errors import ConfigError
from bot.model import LANGS
from tests.digest.samples import GLOSSARY

ENTRY = '[[name]]\nen = "Apple"\nja = "アップル"\nzh-Hans = "苹果"\nzh-Hant = "蘋果"\n'


def test_the_bundled_glossary_is_whole() -> None:
    assert len(GLOSSARY.terms) >= 80
    assert all(term.agreed(lang) for term in GLOSSARY.terms for lang in LANGS)
    assert GLOSSARY.aliases["アップル"] == "apple"
    assert GLOSSARY.aliases["台積電"] == "tsmc"
    assert "設備投資" in GLOSSARY.vocabulary
    assert "設備投資" not in GLOSSARY.aliases


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("アップルとＮＶＩＤＩＡ", ["apple", "nvidia"]),
        ("苹果公司发布", ["apple"]),
        ("pineapple and Applebee", []),
        ("アップルパイ", []),
        ("Apple Intelligence", ["apple intelligence"]),
        ("the Fed's rate cut", ["federal reserve", "rate cut"]),
        ("", []),
    ],
)
def test_terms_are_found_by_all_their_forms(body: str, keys: list[str]) -> None:
    assert list(GLOSSARY.found(body)) == keys


def test_an_empty_glossary_finds_nothing() -> None:
    assert glossary.parse("").found("Apple") == {}
    assert glossary.Glossary().aliases == {}


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[[name", "not TOML"),
        ('[[name]]\nen = "A1"\nja = "B1"\n', "lacks zh-Hans"),
        ("[[term]]\nja = 3\n", "lacks en"),
        (ENTRY + "aliases = 3\n", "lists by language"),
        (ENTRY + 'aliases = { ja = "x" }\n', "lists by language"),
        (ENTRY + "aliases = { ja = [3] }\n", "lists by language"),
        (ENTRY + ENTRY.replace('"Apple"', '"Pear"'), "means both Apple and Pear"),
    ],
)
def test_a_mistake_is_named(toml: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        glossary.parse(toml)
