"""Article pages: a sample of our own writing, and how much of each article comes out of its page.

tests/cases/pages holds the texts of the articles (articles.txt), the markup of the sites that they
stand in (structures/), and pages that are none (others.txt). A structure says how each kind of
block is marked up on such a site, then the page around it.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import ingest
from bot.errors import ParseError
from bot.model import Article, Fetched

CASES = Path(__file__).parents[1] / "tests" / "cases" / "pages"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
_HEAD = re.compile(r"^=== (.+)$", re.MULTILINE)
_RUBY = re.compile("([\u3400-\u9fff]+)《(.+?)》")
MARKUP = {
    "p": "<p>{}</p>",
    "h": "<h2>{}</h2>",
    "q": "<blockquote>{}</blockquote>",
    "li": "<li>{}</li>",
    "fig": "<figure><img data-src='/1.jpg'><figcaption>{}</figcaption></figure>",
    "join": "\n",
}
MARKS = (
    ("## ", "h"),
    ("> ", "q"),
    ("- ", "li"),
    ("[写真] ", "fig"),
    ("[图] ", "fig"),
    ("[圖] ", "fig"),
)
# Labels that sites put on bytes of another name.
CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "big5": "cp950"}
WORDS = {
    "ja": ("ホーム", "ログイン", "次のページへ", "関連記事", "よく読まれている記事",
           "深海の地図を10年かけて描く", "渡り鳥はなぜ道に迷わないのか", "氷点下の実験室",
           "掲載記事の無断転載を禁じます。"),
    "zh-Hans": ("首页", "登录", "下一页", "相关阅读", "热门文章", "旧书店里的第三代店主",
                "一条河的二十年", "在高原上种土豆", "未经授权不得转载。"),
    "zh-Hant": ("首頁", "登入", "下一頁", "相關閱讀", "熱門文章", "一杯手搖飲的成本",
                "老街的招牌師傅", "在離島教書的第七年", "未經授權不得轉載。"),
}  # fmt: skip
_NAMES = "home login next related ranking link1 link2 link3 footer".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page and the text of the article in it. Captions may come out or not."""

    name: str
    lang: str
    fetched: Fetched
    title: str = ""
    text: str = ""
    captions: tuple[str, ...] = ()


def articles() -> Iterator[Case]:
    """The article pages, as a server would send them."""
    for head, body in _records("articles.txt"):
        name, lang, structure, *rest = head.split()
        title, *lines = body.strip().split("\n")
        label = rest[0] if rest else "utf-8"
        page = _page(structure, lang, title, lines, label)
        declared = f"text/html; charset={'utf-8' if structure == 'misdeclared' else label}"
        answer = _answer(name, page.encode(CODECS.get(label, label), "xmlcharrefreplace"))
        kinds = [(kind, plain(line)) for kind, line in map(_block, lines)]
        yield Case(
            name=name,
            lang=lang,
            fetched=replace(answer, content_type=declared if says_charset(name) else "text/html"),
            title=title if "《" not in title else plain(title),
            text="\n".join(line for kind, line in kinds if kind != "fig"),
            captions=tuple(line for kind, line in kinds if kind == "fig"),
        )


def others() -> Iterator[Case]:
    """Pages that stand where an article should."""
    for head, body in _records("others.txt"):
        name, lang, kind = head.split()
        answer = replace(_answer(name, body.strip().encode()), content_type="text/html")
        yield Case(name=f"{name} {kind}", lang=lang, fetched=answer)


def says_charset(name: str) -> bool:
    """Whether a page's server does so in its header: every other one."""
    return int(name[-1]) % 2 == 1


def _answer(name: str, body: bytes) -> Fetched:
    url = f"https://news.example/2026/{name}-story.html"
    return Fetched(url=url, status=200, body=body, content_type="", fetched_at=NOW)


def _records(file: str) -> Iterator[tuple[str, str]]:
    parts = _HEAD.split((CASES / file).read_text("utf-8"))[1:]
    return zip(parts[::2], parts[1::2], strict=True)


def _block(line: str) -> tuple[str, str]:
    if line.startswith("| "):
        return "tr", line
    return next(((kind, line[len(m) :]) for m, kind in MARKS if line.startswith(m)), ("p", line))


def plain(line: str) -> str:
    """A line as a reader sees it: without ruby and table bars."""
    return _RUBY.sub(r"\1", line).replace("|", " ").strip()


def _page(structure: str, lang: str, title: str, lines: list[str], label: str) -> str:
    head, _, page = (
        (CASES / "structures" / f"{structure}.html").read_text("utf-8").partition("---\n")
    )
    told = dict(line.split(" = ", 1) for line in head.strip().split("\n"))
    markup = MARKUP | {key: value.replace("\\n", "\n") for key, value in told.items()}
    fields = dict(zip(_NAMES, WORDS[lang], strict=True)) | {
        "lang": lang,
        "title": html.escape(plain(title)),
        "charset": label,
        "body": _body(lines, markup),
        "json": json.dumps("\n".join(lines), ensure_ascii=False)[1:-1],
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda m: fields[m[1]], page)


def _body(lines: list[str], markup: dict[str, str]) -> str:
    made, last = [], ""
    for kind, line in map(_block, lines):
        text = _RUBY.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", html.escape(line))
        if kind == "tr":
            cells = "".join(f"<td>{cell.strip()}</td>" for cell in text.strip("| ").split("|"))
            piece = f"<tr>{cells}</tr>"
        else:
            piece = markup[kind].replace("{}", text)
        for group, tag in (("tr", "table"), ("li", "ul")):
            if (kind == group) != (last == group):
                piece = f"<{tag}>{piece}" if kind == group else f"</{tag}>{piece}"
        made.append(piece)
        last = kind
    return markup["join"].join(made)


def found(case: Case) -> Article | None:
    """What the reader makes of a page; None where it refuses it."""
    try:
        return ingest.page(case.fetched, now=NOW)
    except ParseError:
        return None


def f1(case: Case, article: Article | None) -> float:
    """How much of the article came out, and nothing else: F1 over pairs of neighbouring characters,
    blanks and table bars apart."""
    if article is None:
        return 0.0
    captions = [_letters(c) for c in case.captions]
    lines = map(_letters, article.text.removeprefix(article.title).split("\n"))
    kept = "".join(line for line in lines if not any(c in line for c in captions))
    have, want = _pairs(kept), _pairs(_letters(case.text))
    common = (have & want).total()
    return 2 * common / max(1, have.total() + want.total())


def _letters(text: str) -> str:
    return re.sub(r"[\s|]|---", "", text)


def _pairs(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def scores() -> Iterator[tuple[str, float]]:
    """Mean F1 of the article pages, and of the others, how many came out as articles."""
    each = [f1(case, found(case)) for case in articles()]
    yield "pages.f1", sum(each) / len(each)
    yield "pages.taken", float(sum(found(case) is not None for case in others()))


def main() -> None:
    """Every page with its score, for one who looks into it."""
    for case in articles():
        article = found(case)
        ok = article is not None and article.title == case.title and article.lang == case.lang
        print(f"{case.name} {f1(case, article):.3f} {'' if ok else article and article.title}")
    for case in others():
        article = found(case)
        print(case.name, "refused" if article is None else f"TAKEN: {article.text!r}")


if __name__ == "__main__":
    main()
