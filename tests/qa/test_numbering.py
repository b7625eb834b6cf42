"""Which story a question names by its number."""

import pytest

from bot import qa
from bot.model import Story
from tests.qa.samples import ALL

STORIES = tuple(Story(id=a.id, articles=(a,)) for a in ALL)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("story 2: who said so?", 2),
        ("Item #3, how much?", 3),
        ("#1 how many?", 1),
        ("the 2nd story", 2),
        ("What does the third story say?", 3),
        ("2番のニュースについて", 2),
        ("２番目の記事は？", 2),
        ("3つ目は？", 3),
        ("三つ目の話", 3),
        ("二番目のニュース", 2),
        ("ニュース1について", 1),
        ("第2条是什么意思", 2),
        ("第三則新聞的金額", 3),
    ],
)
def test_a_number_names_a_story(words: str, place: int) -> None:
    assert qa.about(words, STORIES) is STORIES[place - 1]


@pytest.mark.parametrize(
    "words",
    [
        "How much was revenue in Q3?",
        "第3四半期の売上高は？",
        "第二季度营收是多少？",
        "How many iPhone 2 units?",
        "地铁2号线什么时候开通？",
        "story 9",
        "story 0",
        "2番線の電車",
        "",
    ],
)
def test_other_numbers_name_none(words: str) -> None:
    assert qa.about(words, STORIES) is None
