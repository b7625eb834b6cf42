"""How a text may look, whatever it says: its language and script, its length, nothing in it that a
chat would turn into a link, a mention or markup, nothing that is not news."""

import re
import unicodedata
from collections.abc import Iterable

from bot import text
from bot.digest.injection import suspicious
from bot.digest.placeholders import PLACEHOLDER
from bot.model import Lang

# Columns (see text.width) of a rendered text: about two lines and five lines of a phone.
HEADLINE_WIDTH = 140
BULLET_WIDTH = 340
LEAST_WIDTH = 6
FOREIGN_WORDS = 5  # Latin words in a row inside a CJK text that are another language

_LINK = re.compile(
    r"[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:mailto|tel|javascript|data):\S"
    r"|(?<![\w.])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|biz|io|ai|co|dev|app|xyz|top|site|online|me|ly|gg|link|click"
    r"|example|test|gov|edu|jp|cn|tw|hk|uk|us|de|fr|ru|eu|in|kr)(?![\w])(?:[/?#:]\S*)?",
    re.IGNORECASE,
)
_MENTION = re.compile(r"[@＠][\w]|<[!@#][^>]*>|@everyone|@here|@channel", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?[a-z!][^>]*>|\]\(|```|\*\*|__|^#{1,6}\s|&(?:amp|lt|gt|#\d+);", re.IGNORECASE
)
_ENCODED = re.compile(r"(?:[A-Za-z0-9+/]{40,}={0,2}|(?:[0-9a-f]{2}){20,}|(?:\\u[0-9a-f]{4}){3,})")
_OURS = re.compile(r"\bART-[0-9a-f]{8}\b|\bS\d{1,3}\s*\||\bjson\b|\bplaceholder\b", re.IGNORECASE)
# Advice and solicitation: no news, and what an instruction hidden in an article asks for most.
_SOLICITS = re.compile(
    r"^(?:buy|sell|visit|click|sign up|subscribe|send|claim|invest|act|call|hurry|download)\b"
    r"|\b(?:strongly|highly) recommend"
    r"|\b(?:readers|you|investors|users) (?:should|must|are urged to)\b"
    r"|\bact now\b|\bguaranteed (?:returns?|profits?)"
    r"|(?:強く|今すぐ|いますぐ|絶対に?)(?:推奨|お?勧め|おすすめ|購入|買|登録|申し込)"
    r"|(?:ください|しましょう|すべし|せよ)[。！]?$|(?:强烈|強烈)(?:推荐|推薦|建议|建議)"
    r"|(?:立即|马上|馬上|赶快|趕快)(?:购买|購買|买入|買入|点击|點擊|访问|造訪|注册|註冊)"
    r"|^(?:请|請)(?!求)",
    re.IGNORECASE,
)
_ALPHABETS = re.compile(
    f"[A-Za-z\u00aa-\u024f\u0370-\u03ff\u1e00-\u1eff\u2100-\u214f{text.HAN}{text.KANA}]"
)

LANGUAGE = {
    "en": "English",
    "ja": "Japanese",
    "zh-Hans": "Chinese in simplified characters",
    "zh-Hant": "Chinese in traditional characters",
}


def surface(body: str, known: str) -> Iterable[str]:
    """Reasons against a text for what it carries: links, mentions, markup, encoded or foreign
    characters, orders, pieces of the prompt. `known` is what its articles say."""
    wide = unicodedata.normalize("NFKC", body)
    if text.clean(body) != body:
        yield "it holds invisible characters"
    if _LINK.search(wide):
        yield "it holds a link or a domain name"
    if _MENTION.search(wide):
        yield "it holds a mention"
    if _MARKUP.search(wide):
        yield "it holds markup; write plain text"
    if _ENCODED.search(wide):
        yield "it holds an encoded block"
    if _OURS.search(PLACEHOLDER.sub("", wide)):
        yield "it repeats a piece of the prompt"
    if suspicious(wide):
        yield "it gives orders to a reader or to software instead of news"
    if _SOLICITS.search(wide):
        yield "it gives advice or calls on readers; tell what happened"
    strange = {c for c in wide if c.isalpha() and not _ALPHABETS.match(c) and c not in known}
    if strange:
        yield f"it holds letters of another script ({''.join(sorted(strange))[:8]})"


def language(body: str, lang: Lang, known: str) -> Iterable[str]:
    """Reasons against a text that is not in `lang` and its script throughout."""
    bare = PLACEHOLDER.sub(" ", body)
    cjk = len(re.findall(f"[{text.CJK}]", bare))
    latin = len(re.findall("[A-Za-z]", bare))
    wanted = LANGUAGE.get(lang, lang)
    if lang == "en":
        if cjk or not latin or text.detect(bare) != "en":
            yield f"it is not in {wanted}"
        return
    kana = len(re.findall("[ぁ-ゖァ-ヺ]", bare))
    han = len(re.findall(f"[{text.HAN}]", bare))
    chinese = lang.startswith("zh")
    if not cjk or (chinese and (kana or not han)) or text.detect(bare, lang) != lang:
        yield f"it is not in {wanted}"
    elif latin > 2 * cjk or _foreign_run(bare, known):
        yield f"part of it is not in {wanted}"


def _foreign_run(body: str, known: str) -> bool:
    runs = re.findall(
        rf"[A-Za-z][A-Za-z'’]*(?:[ ,.]+[A-Za-z][A-Za-z'’]*){{{FOREIGN_WORDS - 1},}}", body
    )
    return any(run not in known for run in runs)


def extent(rendered: str, limit: int) -> Iterable[str]:
    """Reasons against a text that is too long or says nothing."""
    columns = text.width(rendered)
    if columns > limit:
        yield f"it is too long: at most {limit // 2} characters of CJK or {limit} of Latin script"
    if columns < LEAST_WIDTH:
        yield "it says nothing"
    if rendered.endswith(("…", "...")):
        yield "it breaks off"
