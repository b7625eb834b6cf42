"""A story to a prompt, and a model's reply to bullets that may be published.

The reply is untrusted: each statement is accepted by itself (bot.digest.acceptance). What fails
comes back as problems, for one repair and no more. Replies to a prompt and to its repair can be
joined: `accept(first + "\\n" + second, ...)` gives the bullets of both.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from bot.digest import acceptance, evidence, replies
from bot.digest import template as templates
from bot.digest.acceptance import Objection, Source
from bot.digest.evidence import Evidence
from bot.digest.form import BULLET_WIDTH, HEADLINE_WIDTH, LANGUAGE
from bot.digest.glossary import Glossary
from bot.digest.placeholders import tidy, used
from bot.model import LANGS, Bullet, Lang, Prompt, Story

__all__ = ["Glossary", "Problem", "Verdict", "accept", "prompt", "repair", "schema"]

MOST_BULLETS = 5
MOST_CITED = 8  # sentences of one bullet
MOST_PROBLEMS = 12  # that a repair lists
DRAFT_LENGTH = 800  # characters of a refused part that a repair quotes

_SENTENCE = re.compile(r"(?<![A-Za-z0-9])[SＳ]\s*\d{1,4}(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a reply that was refused (`where`: "reply", "headline" or "bullet"), why, in a
    sentence for the model, and the part as JSON. `code` is stable: shape, cut, ids, pair, surface,
    language, names, numbers, grounds, length."""

    where: str
    code: str
    reason: str
    lang: Lang | None = None
    draft: str = ""


class Verdict(NamedTuple):
    """What of a reply may be published, and what not. Without bullets nothing may."""

    headline: Mapping[Lang, str]
    bullets: tuple[Bullet, ...]
    problems: tuple[Problem, ...]


# --- asking ------------------------------------------------------------------------------------


def prompt(
    story: Story,
    langs: Sequence[Lang],
    *,
    template: str,
    glossary: Glossary | None = None,
    problems: Sequence[Problem] = (),
) -> Prompt:
    """The call that has a model write `story` in `langs` (one or two, in any order: the prompt is
    the same); with the `problems` of its reply, the call for their repair. `template` is the text
    of prompts/summarize.md; ConfigError when it is not usable."""
    parsed = templates.parse(template)
    shown = _shown(story)
    wanted = _ordered(langs)
    values = {
        "articles": evidence.block(shown, story.articles),
        "terms": _agreed(story, wanted, glossary or Glossary()),
        "languages": " and ".join(f"{LANGUAGE.get(lang, lang)} ({lang})" for lang in wanted),
        "keys": ", ".join(f'"{lang}"' for lang in wanted),
    }
    asked = Prompt(
        name=parsed.name,
        version=parsed.version,
        system=parsed.system,
        user=parsed.fill(values),
        schema=schema(wanted),
        max_tokens=parsed.max_tokens,
    )
    return repair(asked, problems) if problems else asked


def repair(asked: Prompt, problems: Iterable[Problem]) -> Prompt:
    """The one call that has the model write the refused parts anew; it begins as `asked` did, so
    that a provider's cache serves it."""
    listed = list(problems)[:MOST_PROBLEMS]
    lines = [
        f"- {p.where}{f' ({p.lang})' if p.lang else ''}: {p.reason}"
        + (f"\n  refused: {evidence.defused(p.draft)}" if p.draft else "")
        for p in listed
    ]
    whole = any(p.where == "reply" for p in listed)
    ask = (
        "Write the reply anew, whole."
        if whole
        else "Write only the refused parts anew: put the refused bullets, corrected, into "
        "`bullets`, and a headline that obeys the rules into `headline`. Leave out what the "
        "articles do not support."
    )
    note = "Your reply was checked against the articles. These parts were refused:"
    return replace(
        asked,
        name=f"{asked.name}-repair",
        user="\n".join([asked.user, "", note, *lines, "", ask]),
    )


def schema(langs: Sequence[Lang]) -> Mapping[str, Any]:
    """The JSON Schema of a reply, strict: all fields required, none besides, no references."""
    raw = _shape(_ordered(langs)).model_json_schema(by_alias=True)
    flat: Mapping[str, Any] = _inlined(raw, raw.get("$defs", {}))
    return flat


def _inlined(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    return {
        key: (
            {name: _inlined(part, definitions) for name, part in value.items()}
            if key == "properties"
            else _inlined(value, definitions)
        )
        for key, value in node.items()
        if key not in ("$defs", "title")
    }


def _shown(story: Story) -> Evidence:
    return evidence.number(story.articles, story.figures)


def _ordered(langs: Sequence[Lang]) -> tuple[Lang, ...]:
    known = [lang for lang in LANGS if lang in langs]
    return tuple(dict.fromkeys([*known, *langs]))


def _agreed(story: Story, langs: Sequence[Lang], glossary: Glossary) -> str:
    """The glossary's entries that the story mentions, a line each; "none" when there are none."""
    body = "\n".join(article.text for article in story.articles)
    rows = [
        "- " + " | ".join(f"{lang}: {term.agreed(lang)}" for lang in _ordered(("en", *langs)))
        for term in glossary.found(body).values()
    ]
    return "\n".join(rows) or "none"


# --- the shape of a reply ----------------------------------------------------------------------


def _as_labels(value: object) -> object:
    """Ids as a list of strings: some models write "S1, S2", or the numbers alone."""
    items = value if isinstance(value, list) else [value]
    if all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        return [f"S{item}" for item in items]
    if isinstance(value, str):
        return _SENTENCE.findall(value)
    return value


_STRICT = ConfigDict(extra="forbid", populate_by_name=True)
_Labels = Annotated[list[str], BeforeValidator(_as_labels)]


@lru_cache(maxsize=32)
def _shape(langs: tuple[Lang, ...]) -> type[BaseModel]:
    """The pydantic model of a reply in these languages."""
    fields: dict[str, Any] = {
        lang.replace("-", "_"): (str, Field(alias=lang, min_length=1)) for lang in langs
    }
    texts = create_model("Texts", __config__=_STRICT, **fields)
    bullet = create_model(
        "BulletDraft", __config__=_STRICT, sentences=(_Labels, ...), text=(texts, ...)
    )
    shapes: dict[str, Any] = {
        "headline": (texts, ...),
        "bullets": (list[bullet], ...),  # type: ignore[valid-type] # made at run time
        "last": (str, Field(description="id of the last sentence of the articles")),
    }
    return create_model("ReplyDraft", __config__=_STRICT, **shapes)


def _part(langs: tuple[Lang, ...], name: str) -> type[BaseModel]:
    """The model of one bullet or of the headline, to judge each part by itself."""
    annotation: Any = _shape(langs).model_fields[name].annotation
    part: type[BaseModel] = annotation.__args__[0] if name == "bullets" else annotation
    return part


@dataclass(frozen=True, slots=True)
class _Drafts:
    headlines: list[object]
    bullets: list[object]
    lasts: list[object]


def _drafts(reply: str) -> _Drafts:
    """The parts of a reply, or of several joined: a broken one gives what is whole inside it."""
    found = _Drafts([], [], [])
    for value in replies.values(reply):
        if isinstance(value, list):
            found.bullets.extend(value)
        elif isinstance(value, dict) and ("bullets" in value or "headline" in value):
            bullets = value.get("bullets", [])
            found.bullets.extend(bullets if isinstance(bullets, list) else [bullets])
            found.headlines.append(value.get("headline"))
            found.lasts.append(value.get("last"))
        elif isinstance(value, dict) and "text" in value:
            found.bullets.append(value)
    return found


# --- believing ---------------------------------------------------------------------------------


def accept(
    reply: str, story: Story, langs: Sequence[Lang], *, glossary: Glossary | None = None
) -> Verdict:
    """The headline and the bullets of a reply that hold against the story, and the problems of
    the others. A refused headline is replaced by the first bullet."""
    wanted, shown = _ordered(langs), _shown(story)
    judge = _Judge(story=story, langs=wanted, shown=shown, glossary=glossary or Glossary())
    drafts = _drafts(reply)
    if not (drafts.headlines or drafts.bullets):
        reason = "it is not one JSON object of the given schema"
        return Verdict({}, (), (Problem(where="reply", code="shape", reason=reason),))
    bullets: list[Bullet] = []
    problems = _cut(drafts.lasts, shown)
    for draft in drafts.bullets:
        bullet, refused = judge.bullet(draft)
        problems += refused
        if bullet is not None and len(bullets) < MOST_BULLETS and not _repeats(bullet, bullets):
            bullets.append(bullet)
    headline, refused = judge.headline(drafts.headlines)
    problems += refused
    if not bullets and not problems:
        problems = [Problem(where="reply", code="shape", reason="it has no bullets")]
    return Verdict(
        (headline or bullets[0].text) if bullets else {}, tuple(bullets), tuple(problems)
    )


def _cut(lasts: Sequence[object], shown: Evidence) -> list[Problem]:
    """Whether the model saw the articles to their end: it names their last sentence."""
    said = [shown.sentence(last) for last in lasts if isinstance(last, str)]
    if not said or len(shown.sentences) - 1 in said:
        return []
    reason = f"`last` is the id of the last sentence of the articles, S{len(shown.sentences)}"
    return [Problem(where="reply", code="cut", reason=reason)]


def _repeats(bullet: Bullet, others: Iterable[Bullet]) -> bool:
    return any(bullet.text == other.text for other in others)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    story: Story
    langs: tuple[Lang, ...]
    shown: Evidence
    glossary: Glossary

    def bullet(self, draft: object) -> tuple[Bullet | None, list[Problem]]:
        written = _validated(_part(self.langs, "bullets"), draft)
        if isinstance(written, str):
            return None, [_problem("bullet", Objection(code="shape", reason=written), draft)]
        labels: list[str] = written["sentences"]
        texts = {lang: tidy(body) for lang, body in written["text"].items()}
        cited = {index for label in labels if (index := self.shown.sentence(label)) is not None}
        wrong = [label for label in labels if self.shown.sentence(label) is None]
        objections = []
        if wrong or not cited or len(cited) > MOST_CITED:
            reason = (
                f"there is no sentence {wrong[0]}"
                if wrong
                else f"it cites between one and {MOST_CITED} sentences"
            )
            objections.append(Objection(code="ids", reason=reason))
        source = self._source(cited | self._neighbours(cited, texts))
        rendered, figures, more = acceptance.judge(texts, source, BULLET_WIDTH)
        objections += more
        if objections:
            return None, [_problem("bullet", o, draft) for o in objections]
        return Bullet(text=rendered, quotes=source.quotes, figures=figures), []

    def headline(self, drafts: Sequence[object]) -> tuple[Mapping[Lang, str], list[Problem]]:
        """The first headline that holds; the problems of all where none does."""
        problems: list[Problem] = []
        for draft in drafts or [None]:
            written = _validated(_part(self.langs, "headline"), draft)
            if isinstance(written, str):
                objections = [Objection(code="shape", reason=written)]
                rendered: Mapping[Lang, str] = {}
            else:
                texts = {lang: tidy(body) for lang, body in written.items()}
                source = self._source(set(range(len(self.shown.sentences))))
                rendered, _, objections = acceptance.judge(texts, source, HEADLINE_WIDTH)
            if not objections:
                return rendered, []
            problems += [_problem("headline", o, draft) for o in objections]
        return {}, problems

    def _source(self, cited: set[int]) -> Source:
        return Source(
            evidence=self.shown,
            articles=self.story.articles,
            cited=frozenset(cited),
            glossary=self.glossary,
        )

    def _neighbours(self, cited: set[int], texts: Mapping[Lang, str]) -> set[int]:
        """The sentences of used figures that stand right beside a cited one: cited by use."""
        indices = {self.shown.figure(label) for body in texts.values() for label in used(body)}
        homes = {self.shown.home[index] for index in indices if index is not None}
        at = self.shown.sentences
        return {
            home
            for home in homes - cited
            if any(
                abs(home - other) == 1 and at[home].article_id == at[other].article_id
                for other in cited
            )
        }


def _validated(shape: type[BaseModel], draft: object) -> dict[str, Any] | str:
    """The draft's fields by their keys in the schema, or what is wrong with its shape."""
    try:
        return shape.model_validate(draft).model_dump(by_alias=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the part"
        return f"{place}: {first['msg']}"


def _problem(where: str, objection: Objection, draft: object) -> Problem:
    return Problem(
        where=where,
        code=objection.code,
        reason=objection.reason,
        lang=objection.lang,
        draft=json.dumps(draft, ensure_ascii=False)[:DRAFT_LENGTH],
    )
