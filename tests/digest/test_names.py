"""Names that a source does not have are found, whatever script they are in."""

import pytest

from bot.digest import names
from bot.digest.glossary import Glossary
from bot.digest.transliteration import skeleton, sounds_in
from bot.model import Lang
from tests.digest.samples import GLOSSARY

JA = "ザッカーバーグ氏とピチャイ氏は、北斗ロボティクスの田中氏とAIについて話した。"
ZH = "扎克伯格和皮查伊周一谈到了远洋风电的AI项目，沃伦·巴菲特没有出席。"
EN = "Mark Zuckerberg met Pellucid AI's chief on Monday in China to talk about the P-3 model."


def missing(body: str, lang: Lang, source: str) -> tuple[str, ...]:
    return names.absent(body, lang, source=source, glossary=GLOSSARY)


@pytest.mark.parametrize(
    ("body", "lang", "source"),
    [
        ("Zuckerberg and Pichai discussed AI with Hokuto Robotics.", "en", JA),
        ("Zuckerberg spoke of Yuanyang Wind's plans on Monday.", "en", ZH),
        ("Warren Buffett was not there.", "en", ZH),
        ("Zuckerberg met the head of Pellucid AI.", "en", EN),
        ("The Chinese meeting was about the P-3.", "en", EN),
        ("Pellucid's chief met him.", "en", EN),
        ("The Pellucid-Model talks ended.", "en", EN),
        ("ザッカーバーグ氏がPellucid AIのトップと会った。", "ja", EN),
        ("マーク・ザッカーバーグ氏が会談。", "ja", EN),
        ("田中氏が話した。", "ja", JA),
        ("王氏が話した。", "ja", ZH),
        ("ウォーレン・バフェット氏は欠席した。", "ja", ZH),
        ("扎克伯格与Pellucid AI会面。", "zh-Hans", EN),
        ("CEO和AI：GDP与IPO。", "zh-Hans", JA),
        ("Magnitude seven: an M7.1 quake near Tokyo", "en", JA),
        ("Mark Zuckerberg Meets Pellucid Chief Over Shiny Robots", "en", EN),
        ("He said that arm and meta are words.", "en", EN),
    ],
)
def test_a_name_of_the_source_is_known_in_other_scripts(body: str, lang: Lang, source: str) -> None:
    assert missing(body, lang, source) == ()


@pytest.mark.parametrize(
    ("body", "lang", "source", "name"),
    [
        ("Zuckerberg met Thornfield on Monday.", "en", EN, "Thornfield"),
        ("Thornfield met Zuckerberg.", "en", EN, "Thornfield"),
        ("The xCloud deal was signed.", "en", EN, "xCloud"),
        ("The RTX9000 was shown.", "en", EN, "RTX9000"),
        ("Zuckerberg praised Microsoft.", "en", JA, "Microsoft"),
        ("Grzegorz spoke of AI.", "en", JA, "Grzegorz"),
        ("Grzegorz spoke of AI.", "en", ZH, "Grzegorz"),
        ("マイクロソフトが参加。", "ja", JA, "マイクロソフト"),
        ("ボブ・ロドリゲス氏が参加。", "ja", JA, "ロドリゲス"),
        ("ロドリゲス氏が参加。", "ja", EN, "ロドリゲス"),
        ("佐藤氏が話した。", "ja", JA, "佐藤"),
        ("扎克伯格与Thornfield会面。", "zh-Hans", EN, "Thornfield"),
        ("微软参加了会议。", "zh-Hans", ZH, "微软"),
        ("iRobotも参加。", "ja", JA, "iRobot"),
    ],
)
def test_a_name_that_the_source_does_not_have_is_found(
    body: str, lang: Lang, source: str, name: str
) -> None:
    assert name in missing(body, lang, source)


def test_each_missing_name_is_reported_once_in_order() -> None:
    found = missing("Zuckerberg, Thornfield, Quimby and Thornfield met.", "en", EN)
    assert found == ("Thornfield", "Quimby")


def test_letters_whose_lower_case_is_longer_do_no_harm() -> None:
    assert missing("İİİ Zuckerberg met Apple.", "en", EN) == ("Apple",)


def test_without_a_glossary_nothing_is_agreed() -> None:
    assert names.absent("Apple rose.", "en", source=EN, glossary=Glossary()) == ("Apple",)


SAME = [
    ("Zuckerberg", "ザッカーバーグ", "扎克伯格"),
    ("Pichai", "ピチャイ", "皮查伊"),
    ("Trump", "トランプ", "特朗普"),
    ("Biden", "バイデン", "拜登"),
    ("Buffett", "バフェット", "巴菲特"),
    ("Merkel", "メルケル", "默克尔"),
    ("Macron", "マクロン", "马克龙"),
    ("Zelensky", "ゼレンスキー", "泽连斯基"),
    ("Netanyahu", "ネタニヤフ", "内塔尼亚胡"),
    ("Bezos", "ベゾス", "贝索斯"),
    ("Altman", "アルトマン", "奥尔特曼"),
    ("Nadella", "ナデラ", "纳德拉"),
    ("Lagarde", "ラガルド", "拉加德"),
    ("Sanders", "サンダース", "桑德斯"),
    ("Obama", "オバマ", "奥巴马"),
]


@pytest.mark.parametrize(("latin", "kana", "han"), SAME)
def test_one_name_sounds_alike_in_three_scripts(latin: str, kana: str, han: str) -> None:
    assert sounds_in(latin, f"{kana}氏は述べた")
    assert sounds_in(kana, f"Mr. {latin} said")
    assert sounds_in(latin, f"据{han}说") or "默" in han


def test_other_names_seldom_sound_alike() -> None:
    pairs = [(a[0], b[1]) for a in SAME for b in SAME if a != b]
    alike = sum(sounds_in(latin, f"{kana}氏は") for latin, kana in pairs)
    assert alike / len(pairs) < 0.12


def test_a_name_without_consonants_cannot_be_compared() -> None:
    assert skeleton("Aoi") == ""
    assert not sounds_in("Aoi", "アオイ氏は")
