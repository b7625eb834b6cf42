"""The files in prompts/ hold what the code needs and nothing that misleads a model."""

import json
import re
import tomllib

import pytest

from bot.digest import evidence, template
from bot.digest.summary import prompt, schema
from bot.errors import ConfigError
from bot.llm.budget import price_of, prices
from bot.model import LANGS
from tests.digest.samples import GLOSSARY, PROMPTS, TEMPLATE, story

ANSWER = (PROMPTS / "answer.md").read_text(encoding="utf-8")
# Digits that name something: labels of sentences and figures, language tags, numbered rules.
NAMED = re.compile(r"\b[SF]\d+\b|^\d+\. ", re.MULTILINE)
NUMBER = re.compile(r"[0-9０-９]|[一二三四五六七八九十百千万億兆亿]{2,}|\d")
LIES = re.compile(r"make up|invent|be creative|imagine|pretend|if unsure, guess", re.IGNORECASE)


@pytest.mark.parametrize("text", [TEMPLATE, ANSWER])
def test_no_example_contains_a_number_without_a_placeholder(text: str) -> None:
    rules = template.parse(text).system
    examples = rules[rules.index("Example") :]
    assert NUMBER.findall(NAMED.sub("", examples)) == []
    assert NUMBER.findall(NAMED.sub("", rules)) == []


@pytest.mark.parametrize("text", [TEMPLATE, ANSWER])
def test_no_prompt_invites_invention(text: str) -> None:
    assert LIES.findall(text) == []
    assert "data" in text
    assert "json" in text


def test_the_stable_prefix_is_long_enough_to_be_cached() -> None:
    # OpenAI caches prefixes from 1,024 tokens; English takes about 5 characters a token.
    assert len(template.parse(TEMPLATE).system) / 5 >= 1024


def test_every_example_of_a_reply_fits_the_schema() -> None:
    rules = template.parse(TEMPLATE).system
    blocks = re.findall(
        r'^\{"headline": \{"(?!<).*?\n"last": "S\d"\}', rules, re.DOTALL | re.MULTILINE
    )
    assert len(blocks) == 2
    for block in blocks:
        reply = json.loads(block)
        langs = tuple(reply["headline"])
        wanted = schema(langs)
        assert set(reply) == set(wanted["required"])
        for bullet in reply["bullets"]:
            assert set(bullet) == set(wanted["properties"]["bullets"]["items"]["required"])
            assert set(bullet["text"]) == set(langs)
            used = [set(re.findall(r"\{F\d\}", text)) for text in bullet["text"].values()]
            assert used[0] == used[1]


@pytest.mark.parametrize("lang", LANGS)
def test_every_placeholder_is_filled_and_the_language_is_named(lang: str) -> None:
    made = prompt(story(), (lang,), template=TEMPLATE, glossary=GLOSSARY)
    assert not re.search(r"\{[a-z_]+\}", made.user)
    assert f"({lang})" in made.user
    assert (made.name, made.version, made.max_tokens) == ("summarize", "1", 1500)
    assert made.schema == schema((lang,))


def test_the_answers_slots_are_the_ones_that_are_promised() -> None:
    parsed = template.parse(ANSWER)
    assert parsed.slots == {"articles", "terms", "history", "question", "language"}
    assert parsed.name == "answer"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no front matter", "front matter"),
        ("---\nname: s\n---\nx", "lacks version"),
        ("---\nname: s\nversion: 1\nmax_tokens: many\n---\nx", "whole number"),
        ("---\nname: s\nversion: 1\nmax_tokens: 5\n---\nx", "a task are needed"),
        ("---\nname: s\nversion: 1\nmax_tokens: 5\n---\n\n=== task ===\nx", "a task are needed"),
    ],
)
def test_a_prompt_that_cannot_work_says_what_it_lacks(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        template.parse(text)


def test_a_slot_that_nothing_fills_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"nothing fills \{articles\}"):
        template.parse(TEMPLATE).fill({"terms": "", "languages": "", "keys": ""})


def test_an_example_of_a_fence_is_not_the_fence() -> None:
    made = prompt(story(), ("ja",), template=TEMPLATE, glossary=GLOSSARY)
    fence = re.findall(r"<<<(ART-\w+)", made.user)
    assert len(fence) == 1
    assert fence[0] not in made.system
    assert evidence.defused(f"<<<{fence[0]}") == ""


def test_the_price_table_can_be_read() -> None:
    table = prices(tomllib.loads((PROMPTS / "prices.toml").read_text(encoding="utf-8")))
    assert price_of("gpt-4o-mini-2024-07-18", table) == table["gpt-4o-mini"]
