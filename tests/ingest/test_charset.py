"""Bytes to text where labels and bytes disagree."""

import pytest

from bot.ingest import charset

JA = "アップル、基盤モデルの学習に8192個のTPUを使用した。論文は47ページある。"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("text/xml; charset=windows-31j", "cp932"),
        ('text/xml; charset="GB2312"', "gb18030"),
        ("text/xml;charset = us-ascii", "cp1252"),
        ("text/xml; charset=utf-16", None),
        ("text/xml; charset=punycode", None),
        ("text/xml; charset=unicode_escape", None),
        ("text/xml; charset=hex", None),
        ("text/xml; charset=x-unknown", None),
        ("text/xml; charset:iso-8859-1", None),
        ("text/xml; charset=koi8-r", "koi8-r"),
    ],
)
def test_labels_mean_what_writers_use_them_for(label: str, name: str | None) -> None:
    assert charset.labels(b"<rss>", label) == ((name,) if name else ())


def test_labels_are_found_in_xml_and_html() -> None:
    assert charset.labels(b'<?xml version="1.0" encoding="Big5"?>', "") == ("cp950",)
    assert charset.labels(b'<meta charset="euc-jp">', "") == ("euc_jp",)
    meta = b'<meta http-equiv="Content-Type" content="text/html; charset=GBK">'
    assert charset.labels(meta, "") == ("gb18030",)


def test_a_single_byte_label_holds_for_bytes_that_are_no_cjk() -> None:
    text = "Этот отчет говорит о микросхемах и о новых моделях для обучения."
    got = charset.decode(text.encode("cp1251"), "text/html; charset=windows-1251")
    assert got == (text, "cp1251")


def test_big5_of_hong_kong_is_read_under_the_plain_label() -> None:
    text = "香港㗎啦：蘋果用咗8192粒晶片"
    got, _ = charset.decode(text.encode("big5hkscs"), "text/xml; charset=big5")
    assert got == text


def test_a_cjk_label_that_cannot_read_the_bytes_is_dropped() -> None:
    got, _ = charset.decode(JA.encode("cp932") * 3, "text/xml; charset=big5")
    assert got == JA * 3


def test_one_bad_byte_leaves_the_rest() -> None:
    raw = JA.encode("cp932") + b"\x81" + JA.encode("cp932")
    got, name = charset.decode(raw, "text/xml; charset=shift_jis")
    assert name == "cp932"
    assert got.count("アップル") == 2 or got.count("ップル") == 2


def test_a_long_body_is_judged_where_it_is_not_ascii() -> None:
    raw = b"<!-- " + b"x" * 100_000 + b" -->" + JA.encode("euc_jp") * 50
    got, name = charset.decode(raw, "")
    assert name == "euc_jp"
    assert JA in got


def test_a_label_that_fits_nowhere_is_overruled() -> None:
    got, name = charset.decode(JA.encode("euc_jp") * 20, "text/html; charset=big5")
    assert (got, name) == (JA * 20, "euc_jp")


def test_bytes_that_nothing_explains_still_become_text() -> None:
    got, _ = charset.decode(bytes(range(128, 256)) * 3, "")
    assert isinstance(got, str)
    assert got


@pytest.mark.parametrize("name", ["utf-32-le", "utf-32-be", "utf-16-be", "utf-16-le"])
def test_wide_encodings_are_known_by_their_zeros(name: str) -> None:
    assert charset.decode("<a>苹</a>".encode(name)) == ("<a>苹</a>", name)
    mark = "\ufeff".encode(name)
    assert charset.decode(mark + "苹".encode(name)) == ("苹", name)


def test_wide_json_is_known_too() -> None:
    assert charset.decode('{"a":1}'.encode("utf-16-le")) == ('{"a":1}', "utf-16-le")
    assert charset.decode('{"a":1}'.encode("utf-16-be")) == ('{"a":1}', "utf-16-be")
