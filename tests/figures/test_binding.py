"""A number belongs to a thing: another thing's number is no backing, in any language, and the
sources of a story that tell one thing apart are noticed."""

import pytest

from bot.figures import conflicts, find, verify

ROBOTS = "北斗ロボティクスは全国34カ所の物流倉庫に搬送ロボット1万2,000台を導入する。"
RATES = "Pellucid AI cut prices to $0.80 per million input tokens."
WAITING = "待機児童は27人減って113人になった。"


def unbacked(sentence: str, lang: str, source: str, source_lang: str) -> list[tuple[str, str]]:
    known = find(source, source_lang)
    verdicts = verify(sentence, lang, known, context=source)
    return [(v.exact, v.reason) for v in verdicts if v.reason is not None]


@pytest.mark.parametrize(
    ("sentence", "lang", "source", "source_lang", "expected"),
    [
        (
            "Hokuto puts 34 robots into 12,000 warehouses.",
            "en",
            ROBOTS,
            "ja",
            [("34", "binding"), ("12,000", "binding")],
        ),
        ("Hokuto puts 12,000 robots into 34 warehouses.", "en", ROBOTS, "ja", []),
        ("北斗将在34个仓库部署1.2万台机器人。", "zh-Hans", ROBOTS, "ja", []),
        ("It costs $0.80 per billion input tokens.", "en", RATES, "en", [("$0.80", "scale")]),
        ("入力100万トークンあたり0.80ドルに下げた。", "ja", RATES, "en", []),
        ("每百万token收费0.80美元。", "zh-Hans", RATES, "en", []),
        ("The list fell by 113 to 27.", "en", WAITING, "ja", [("113", "binding")]),
        ("The list fell by 27 to 113.", "en", WAITING, "ja", []),
    ],
)
def test_a_number_of_another_thing_is_no_backing(
    sentence: str, lang: str, source: str, source_lang: str, expected: list[tuple[str, str]]
) -> None:
    assert unbacked(sentence, lang, source, source_lang) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            {"ja": "工場は約1,200人を雇用する。", "en": "The plant will create about 1,500 jobs."},
            [("value", "1,500 jobs", "1,200人")],
        ),
        (
            {"zh-Hans": "投资额为30亿元。", "ja": "投資額は45億人民元。"},
            [("value", "45億人民元", "30亿元")],
        ),
        (
            {"zh-Hans": "工厂将新增3000个岗位。", "zh-Hant": "工廠計劃創造2000個職缺。"},
            [],  # one tells a plan
        ),
        (
            {"ja": "8,192枚のTPUv4チップで学習した。", "en": "It used 2,048 TPUv5p chips."},
            [],
        ),
    ],
)
def test_sources_that_tell_one_thing_apart_are_noticed(
    told: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    found = [f for lang, text in told.items() for f in find(text, lang, article_id=lang)]
    disagreed = conflicts(found, texts=told)
    assert [(c.kind, *(f.quote.exact for f in c.figures)) for c in disagreed] == expected
