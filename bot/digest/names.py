"""Names that a text uses and its source does not: what a model made up or took from elsewhere.

A name of the glossary is looked for under all its forms. Another is looked for as it stands where
source and text share a script, else by its sound. Only a name shown absent is reported: a name
written in Han characters cannot be told from other words, nor its reading be known.
"""

import re
import unicodedata
from collections.abc import Iterator

from bot import text
from bot.digest.glossary import Glossary
from bot.digest.transliteration import sounds_in
from bot.model import Lang

_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-zÀ-ɏ0-9]*(?:[-'’&.][A-Za-zÀ-ɏ0-9]+)*")
_BRAND = re.compile(r"(?<![A-Za-z0-9])[a-z]+[A-Z][A-Za-z0-9]*")  # iPhone, xAI
_PERSON = re.compile(
    "[ァ-ヺー]+(?:・[ァ-ヺー]+)+|[ァ-ヺー]{2,}(?=氏|さん|社長|会長|首相|大統領|議長)"
)
_KANJI_PERSON = re.compile(f"[{text.HAN}]{{1,4}}(?=氏)")
_STARTS = re.compile(r"(?:^|[.!?:;][\"”’')]*\s+|[\"“‘(]|[-–—•]\s+)$")
_TITLE_CASE = 0.7  # share of capitalised words from which capitals tell nothing

# Capitals that name nothing: calendar, titles, and abbreviations that any business text uses.
_NAMELESS = frozenset(
    (
        "i a ai agi api app arpu ceo cfo coo cto cio cpi cpu gpu tpu npu asic dram nand hbm ssd "
        "ebitda eps etf esg ev evs fy gdp gw gwh hd ipo iot ip it kw kwh led llm llms lng ltd "
        "co inc corp plc m&a mou mw mwh nm ok oled os pc pcs pe pmi ppi pr q1 q2 q3 q4 h1 h2 "
        "r&d roe s&p saas sec sms sns sku tb gb mb tv twh ui usb us u.s uk u.k eu un vat vc vr "
        "ar xr yoy qoq wifi web jr mr mrs ms dr am pm gmt utc est jst edt pdt cet monday "
        "tuesday wednesday thursday friday saturday sunday january february march april may "
        "june july august september october november december mon tue wed thu fri sat sun jan "
        "feb mar apr jun jul aug sep sept oct nov dec english japanese chinese president "
        "chairman chairwoman chair minister premier governor mayor senator director chief "
        "executive officer professor"
    ).split()
)
# Words that a name translated into English is made of, and that open English sentences.
_ENGLISH = frozenset(
    (
        "the an and of for in on at by to from with without as after before since during over "
        "under about its their his her our it they he she we this that these those there both "
        "all some many most more less each other another any no not nor but or if while when "
        "where which who how what why one two three four five six seven eight nine ten new old "
        "first second third last next early late annual quarterly monthly weekly daily north "
        "south east west northern southern eastern western central upper lower great big high "
        "low global international national federal regional local general united public private "
        "state royal imperial people republic kingdom union association administration agency "
        "authority board bureau cabinet center centre chamber city college commission committee "
        "company congress corporation council county court department district embassy exchange "
        "foundation fund group holdings hospital house institute laboratory lab labs league "
        "library market ministry museum network office organization parliament park party "
        "police port power prefecture press province research reserve school senate service "
        "services society station street supreme system town treasury tribunal trust university "
        "village ward air airline airlines airport airways aerospace auto automotive bank "
        "banking bio biotech broadcasting building capital car cargo chemical chemicals chip "
        "chips cloud coal communications computer computing construction consumer data defense "
        "defence design development digital drug electric electronics energy engineering "
        "entertainment environment equipment estate farm finance financial fire fishing food "
        "foods foreign forest gas glass gold health healthcare heavy home hotel hotels housing "
        "industrial industries industry information infrastructure innovation insurance "
        "investment iron island islands labor labour lake land life light line lines logistics "
        "machinery marine material materials media medical medicine metal micro mining mobile "
        "motor motors mountain natural nuclear ocean oil optical paper pension pharma "
        "pharmaceutical pharmaceuticals phone plant platform precision product products "
        "property rail railway real resource resources retail river road robot robotics robots "
        "rubber sea security semiconductor semiconductors shipbuilding shipping smart social "
        "software solar solutions space steel store stores supply tech technologies technology "
        "telecom textile theater tire tools tourism toy trade trading transport transportation "
        "travel trucks ventures video vision water welfare wind wood works world analysts "
        "batteries battery buyers children customers demand dividends earnings employees "
        "engineers exports factories growth guidance households imports income inflation "
        "investors jobs loans losses makers margin margins net operating orders output "
        "passengers patients plans prices production profit profits revenue records rent sales "
        "savings scientists shares shipments spending staff stocks students subsidies tax taxes "
        "tokens tourists traffic turnover unemployment units users visitors wages workers "
        "yields yen dollar euro yuan work time deliveries cash cost costs deposits half nearly "
        "almost around only even however meanwhile also then still despite instead amid against "
        "among between through until because so such year day week month update ascend magnitude"
    ).split()
)
_SUFFIX = re.compile(
    r"(ing|tion|sion|ment|ity|ics|ware|tech|ology|ance|ence|ship|ness|ous|ive|able|ical|ally|ers?|ies|ism|ists?|ary|ory"
    r"|ure|ed|ly|al|an|ese|ish|ful|less)$"
)
_MAGNITUDE = re.compile(r"m\d(\.\d)?$")  # of earthquakes: a figure, not a name
# Syllables of romanised Japanese and Chinese: a word made of them may be a name read from Han.
_SYLLABLES = re.compile(
    r"(?:(?:[kgsztdnhbpmrfj]|ky|gy|sh|ch|ts|j|ny|hy|by|py|my|ry|y|w)?[aiueo]{1,2}|n(?![aiueo])|[kpst](?=[kpst]|sh|ch))+"
    r"|(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsrwy])?(?:[iu]?a(?:i|o|ng?)?|[iuü]?e(?:i|ng?|r)?|i(?:ng?|u|ong)?|[io]?ong|u[io]?|un"
    r"|ou|uo|o|ü))+"
)


def absent(body: str, lang: Lang, *, source: str, glossary: Glossary) -> tuple[str, ...]:
    """The names in `body`, a text in `lang` without its figures, that `source` is shown not to
    mention, in order. Both may hold any scripts."""
    written = " ".join(unicodedata.normalize("NFKC", body).split())
    known = text.fold(source)
    missing, rest = _agreed(written, known, glossary)
    latin_source = len(re.findall("[A-Za-z]", source)) > 2 * len(
        re.findall(f"[{text.CJK}]", source)
    )
    finder = _english if lang == "en" else _east_asian
    missing += [
        name
        for name in finder(rest)
        if not _mentioned(name, source, known, latin_source=latin_source, english=lang == "en")
    ]
    return tuple(dict.fromkeys(missing))


def _agreed(written: str, known: str, glossary: Glossary) -> tuple[list[str], str]:
    """Names of the glossary that the source lacks, and the text with all its terms blanked."""
    present = {key for _, _, key in glossary.spans(known)}
    folded = written.lower()
    missing, rest = [], list(written)
    for start, end, key in glossary.spans(folded) if len(folded) == len(written) else []:
        form = written[start:end]
        if form.isascii() and form == form.lower():
            continue  # "arm", "meta": a word, not the name
        if folded[start:end] in glossary.aliases and key not in present:
            missing.append(form)
        rest[start:end] = " " * (end - start)
    return missing, "".join(rest)


def _english(rest: str) -> Iterator[str]:
    words = re.findall(r"[A-Za-z]{4,}", rest)
    titled = len(words) >= 5 and sum(w[0].isupper() for w in words) > _TITLE_CASE * len(words)
    for match in _LATIN_NAME.finditer(rest):
        marked = bool(re.search("[A-Z0-9]", match.group()[1:]))
        opens = bool(_STARTS.search(rest[: match.start()]))
        if marked or not (titled or (opens and _plain_word(match.group()))):
            yield match.group()
    yield from _BRAND.findall(rest)


def _east_asian(rest: str) -> Iterator[str]:
    yield from _LATIN_NAME.findall(rest)
    yield from _BRAND.findall(rest)
    for match in _PERSON.finditer(rest):
        yield from (part for part in match.group().split("・") if len(part) > 1)
    yield from _KANJI_PERSON.findall(rest)


def _plain_word(word: str) -> bool:
    lower = word.lower()
    return lower in _ENGLISH or bool(_SUFFIX.search(lower)) or lower.removesuffix("s") in _ENGLISH


def _mentioned(name: str, source: str, known: str, *, latin_source: bool, english: bool) -> bool:
    folded = re.sub(r"['’]s?$", "", text.fold(name))
    if folded in _NAMELESS or folded in known or len(folded) == 1 or _MAGNITUDE.match(folded):
        return True
    if re.match(f"[{text.HAN}]", name):
        return not _shares_kanji(name, source)
    if re.match("[ァ-ヺー]", name):
        return _kana_unclear(name, source) or sounds_in(name, source)
    parts = re.split(r"[-&.]", folded)
    if len(parts) > 1 and all(p in known or p in _ENGLISH for p in parts):
        return True
    if any(char.isdigit() for char in folded):
        return False
    if latin_source:
        return _inflected(folded, known) or (english and folded in _ENGLISH and len(folded) < 5)
    return sounds_in(name, source) or (
        english and (_plain_word(folded) or bool(_SYLLABLES.fullmatch(folded)))
    )


def _inflected(folded: str, known: str) -> bool:
    """Whether a source word has the same beginning: Chinese for China, Japan's for Japan."""
    stem = folded[: max(4, len(folded) - 3)]
    return len(folded) >= 4 and re.search(rf"(?<![a-z0-9]){re.escape(stem)}", known) is not None


def _shares_kanji(name: str, source: str) -> bool:
    """Whether a source is Japanese, and would hold a Japanese person's name as it is written."""
    return text.detect(source) == "ja"


def _kana_unclear(name: str, source: str) -> bool:
    """A Chinese source may write a name by its sense, or with characters of no known reading."""
    return text.detect(source).startswith("zh")
