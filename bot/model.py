"""The nouns of the project: what every other module passes around.

All are frozen, slotted, keyword-only dataclasses. Times are aware and in UTC unless a field says
local. Offsets count code points and are half-open, always into `Article.text` as it stands.
Languages are BCP 47 tags; the bot writes ``en``, ``ja``, ``zh-Hans`` and ``zh-Hant``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from bot.facts import LANGS as LANGS
from bot.facts import Change as Change
from bot.facts import Conflict as Conflict
from bot.facts import ConflictKind as ConflictKind
from bot.facts import Figure as Figure
from bot.facts import Lang as Lang
from bot.facts import Qualifier as Qualifier
from bot.facts import Quote as Quote

Platform = Literal["telegram", "slack", "terminal"]
Role = Literal["operator", "admin", "member"]


# --- where news comes from ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that articles come from; fetched once per URL, whoever lists it."""

    id: str
    url: str
    title: str = ""
    kind: Literal["feed", "page", "sitemap"] = "feed"
    lang: Lang | None = None  # the declared language: a prior, not a proof
    timezone: str | None = None  # IANA name for the zoneless dates of this source
    interval: timedelta = timedelta(minutes=30)
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the last fetches of a source left behind (RFC 9110 validators, failures, next try)."""

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    checked_at: datetime | None = None
    next_check_at: datetime | None = None
    failures: int = 0
    error: str | None = None  # a stable error code, None when healthy
    moved_to: str | None = None  # where permanent redirects lead, until that is believed
    moved_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One HTTP answer. `url` is the final one after redirects; `body` is decompressed."""

    url: str
    status: int
    body: bytes
    content_type: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    retry_after: timedelta | None = None
    moved_to: str | None = None  # the end of the leading run of permanent redirects
    fresh_for: timedelta | None = None  # Cache-Control max-age, or Expires
    links: str = ""  # the Link header
    complete: bool = True  # False: the body is shorter than its Content-Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news article. `text` is all a reader sees, the headline as its first paragraph included,
    so that one offset space serves quotes, figures and sentences."""

    id: str
    source_id: str
    url: str
    title: str
    text: str
    lang: Lang
    fetched_at: datetime
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()
    guid: str = ""
    content_hash: str = ""
    partial: bool = False  # the feed's own excerpt, not the full text
    is_based_on: str | None = None  # URL of the work this one reports or reposts
    translated_from: Lang | None = None


# --- stories and digests ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles of one event, the primary one first, with their figures and conflicts."""

    id: str
    articles: tuple[Article, ...]
    figures: tuple[Figure, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """One statement, by language. A language is missing only where `original` names the language
    that the text was left in."""

    text: Mapping[Lang, str]
    quotes: tuple[Quote, ...]
    figures: tuple[Figure, ...] = ()
    original: Lang | None = None


WrittenBy = str  # "extractive" or the model's name


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    story: Story
    headline: Mapping[Lang, str]
    bullets: tuple[Bullet, ...]
    written_by: WrittenBy = "extractive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one subscription gets for the window from `start` to `end`."""

    id: str
    subscription_id: str
    langs: tuple[Lang, ...]
    start: datetime
    end: datetime
    items: tuple[DigestItem, ...]


# --- who reads it ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where messages go. `thread_id` is Telegram's message_thread_id or Slack's thread_ts."""

    platform: Platform
    chat_id: str
    thread_id: str | None = None

    def __str__(self) -> str:
        return ":".join(filter(None, (self.platform, self.chat_id, self.thread_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A tenant: one Slack team, or one Telegram chat. Nothing of one is visible to another."""

    id: str
    platform: Platform
    langs: tuple[Lang, ...] = ("ja", "en")
    timezone: str = "UTC"
    access: Literal["pending", "admitted", "refused"] = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A workspace lists a source. `workspace_id` None is the operator's shared catalogue."""

    workspace_id: str | None
    source_id: str
    title: str = ""
    tags: tuple[str, ...] = ()
    paused: bool = False
    full_text: bool = True
    added_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A channel's order for digests. `times` are local to `timezone`; `weekdays` are 0 (Monday)
    to 6; empty `source_ids` and `tags` mean all sources that the workspace sees."""

    id: str
    workspace_id: str
    channel: Channel
    langs: tuple[Lang, ...]
    times: tuple[time, ...] = (time(8, 0),)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    timezone: str = "UTC"
    source_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_stories: int = 5
    paused: bool = False


# --- messages, free of any platform's markup ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text in one style, perhaps a link."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str | None = None


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    runs: Runs
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`rows` are as wide as `header`; the first column names the row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An aside: a warning (the sources disagree), a quotation, or a footer."""

    kind: Literal["warning", "quote", "footer"]
    runs: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapsed:
    """Blocks behind a title that opens them: the second language of a story."""

    title: str
    blocks: "tuple[Heading | Paragraph | Bullets | Table | Note, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Blocks that belong together: a message is split between groups before it is split inside."""

    blocks: "tuple[Heading | Paragraph | Bullets | Table | Note | Collapsed, ...]"


Block = Heading | Paragraph | Bullets | Table | Note | Collapsed | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`verb` and `value` come back in an Inbound of kind press; with `url` it opens a page."""

    label: str
    verb: str = ""
    value: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a chat shows. `summary` is its plain first line (push previews, Slack's `text`)."""

    summary: str
    blocks: tuple[Block, ...]
    actions: tuple[tuple[Button, ...], ...] = ()  # rows of buttons


# --- what comes in and goes out ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    id: str
    name: str = ""
    lang: Lang | None = None
    role: Role = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Something that happened in a chat. `id` is the platform's own (update or event id), the key
    against double delivery. `workspace_id` says whose it is. `private` is true in a one-to-one
    chat. `reply_to` is the id of the message that this one answers, or of its thread's root."""

    id: str
    kind: Literal["text", "press", "form", "file", "membership", "migrated"]
    channel: Channel
    workspace_id: str
    author: Author
    message_id: str | None = None
    reply_to: str | None = None
    addressed: bool = False  # the bot was named, or the chat is private
    private: bool = False
    text: str = ""
    action: str = ""  # the verb of a press, the state of a membership, the id of a new chat
    values: Mapping[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    received_at: datetime


DeliveryState = Literal["pending", "sending", "sent", "uncertain", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message owed to one channel (transactional outbox). `key` is unique for ever.
    `follows` is the key of the delivery under which this one is posted (its thread root);
    `seq` orders the deliveries of a channel; a lower `priority` goes first."""

    id: str
    key: str
    channel: Channel
    message: Message
    digest_id: str | None = None
    reply_to: str | None = None
    follows: str | None = None
    seq: int = 0
    priority: int = 5
    state: DeliveryState = "pending"
    attempts: int = 0
    next_attempt_at: datetime
    lease_until: datetime | None = None
    epoch: int = 0  # fencing token: rises at each lease
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    delivery_id: str
    message_id: str
    sent_at: datetime


# --- questions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation about a digest, known by the message that started it."""

    id: str
    channel: Channel
    digest_id: str
    root_message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    id: str
    thread_id: str
    author_id: str
    text: str
    lang: Lang
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """No quotes means: the articles do not say."""

    question_id: str
    text: str
    lang: Lang
    quotes: tuple[Quote, ...] = ()
    figures: tuple[Figure, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    written_by: WrittenBy = "extractive"


# --- the language model ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One call of a model. `schema` is a JSON Schema that the reply must satisfy."""

    name: str
    version: str
    system: str
    user: str
    schema: Mapping[str, object] | None = None
    max_tokens: int = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call; `cached` is part of `input`. `cost` is in US dollars, None if unknown."""

    input: int = 0
    output: int = 0
    cached: int = 0
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str
    model: str
    usage: Usage = field(default_factory=Usage)
