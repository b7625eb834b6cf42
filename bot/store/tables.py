"""The tables. Columns bear the names of the nouns' fields; `number` is the order of arrival.

`blobs` holds JSON that many rows share (the stories of a digest, the text of a message) once, under
its hash: what is stored grows with what was written, not with how many read it. The search index is
no part of the metadata: it differs by engine (see search).
"""

from datetime import time

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.model import Answer, Figure
from bot.store.columns import Address, Coded, Instant, Number, Span, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Strings = tuple[str, ...]


def _of(target: str) -> ForeignKey:
    return ForeignKey(target, ondelete="CASCADE")


sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Words, nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lang", Text),
    Column("timezone", Text),
    Column("interval", Span, nullable=False),
    Column("enabled", Boolean, nullable=False),
)

source_states = Table(
    "source_states",
    metadata,
    Column("source_id", Text, _of("sources.id"), primary_key=True),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_hash", Text),
    Column("checked_at", Instant),
    Column("next_check_at", Instant, index=True),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("moved_to", Words),
    Column("moved_since", Instant),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("langs", Coded(Strings), nullable=False),
    Column("timezone", Text, nullable=False),
    Column("access", Text, nullable=False),
)

listings = Table(
    "listings",
    metadata,
    Column("number", Number, primary_key=True),
    Column("workspace_id", Text, _of("workspaces.id")),
    Column("source_id", Text, _of("sources.id"), nullable=False),
    Column("title", Words, nullable=False),
    Column("tags", Coded(Strings), nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("full_text", Boolean, nullable=False),
    Column("added_by", Words, nullable=False),
    UniqueConstraint("workspace_id", "source_id"),
)
SHARED = listings.c.workspace_id.is_(None)
Index(
    "ix_listings_shared",
    listings.c.source_id,
    unique=True,
    sqlite_where=text("workspace_id IS NULL"),
    postgresql_where=text("workspace_id IS NULL"),
)
Index("ix_listings_source_id", listings.c.source_id)

articles = Table(
    "articles",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("source_id", Text, _of("sources.id"), nullable=False),
    Column("url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("lang", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("authors", Coded(Strings), nullable=False),
    Column("guid", Words, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("is_based_on", Words),
    Column("translated_from", Text),
    Index("ix_articles_source_id_fetched_at", "source_id", "fetched_at"),
)

figures = Table(
    "figures",
    metadata,
    Column("article_id", Text, _of("articles.id"), primary_key=True),
    Column("figures", Coded(tuple[Figure, ...]), nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("number", Number, primary_key=True),
    Column("article_id", Text, _of("articles.id"), nullable=False, index=True),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("lang", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("figures", Coded(tuple[Figure, ...])),  # None in those of the first version
)

identities = Table(
    "identities",
    metadata,
    Column("source_id", Text, _of("sources.id"), primary_key=True),
    Column("key", Words, primary_key=True),
    # A pruned article leaves its keys: what was seen once is never news again.
    Column("article_id", Text, ForeignKey("articles.id", ondelete="SET NULL"), index=True),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, _of("workspaces.id"), nullable=False, index=True),
    Column("channel", Address, nullable=False, index=True),
    Column("langs", Coded(Strings), nullable=False),
    Column("times", Coded(tuple[time, ...]), nullable=False),
    Column("weekdays", Coded(tuple[int, ...]), nullable=False),
    Column("timezone", Text, nullable=False),
    Column("source_ids", Coded(Strings), nullable=False),
    Column("tags", Coded(Strings), nullable=False),
    Column("include", Coded(Strings), nullable=False),
    Column("exclude", Coded(Strings), nullable=False),
    Column("max_stories", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("next_run_at", Instant, index=True),
    Column("resting", Boolean, nullable=False),  # the channel is gone; not what a person paused
)

# Which sources a subscription names, for the join that finds what is due.
subscription_sources = Table(
    "subscription_sources",
    metadata,
    Column("subscription_id", Text, _of("subscriptions.id"), primary_key=True),
    Column("source_id", Text, primary_key=True, index=True),
)

runs = Table(
    "runs",
    metadata,
    Column("subscription_id", Text, _of("subscriptions.id"), primary_key=True),
    Column("local_date", Date, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("claimed_at", Instant, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("payload", Text, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("subscription_id", Text, nullable=False),
    Column("channel", Address, nullable=False),
    Column("langs", Coded(Strings), nullable=False),
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("items", Coded(Strings), nullable=False),  # the hashes of their blobs
    Index("ix_digests_channel_number", "channel", "number"),
)

digest_articles = Table(
    "digest_articles",
    metadata,
    Column("digest_id", Text, _of("digests.id"), primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("content_hash", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Address, nullable=False),
    Column("platform", Text, nullable=False),  # the channel's
    Column("message", Text, nullable=False),  # the hash of its blob
    Column("digest_id", Text),
    Column("reply_to", Text),
    Column("follows", Text),
    Column("seq", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("epoch", Integer, nullable=False),
    Column("error", Words),
    Column("message_id", Text),  # with sent_at: the receipt
    Column("sent_at", Instant),
    Index("ix_deliveries_due", "state", "priority", "next_attempt_at", "number"),
    Index("ix_deliveries_lane", "channel", "state", "priority", "seq", "number"),
)

threads = Table(
    "threads",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("channel", Address, nullable=False),
    Column("digest_id", Text, nullable=False),
    Column("root_message_id", Text, nullable=False),
    Index("ix_threads_channel_number", "channel", "number"),
)

# A platform numbers messages by chat; the thread a message stands in is no part of its name.
messages = Table(
    "messages",
    metadata,
    Column("chat", Address, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("thread_id", Text, _of("threads.id"), nullable=False, index=True),
)

questions = Table(
    "questions",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("thread_id", Text, _of("threads.id"), nullable=False),
    Column("author_id", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("lang", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answer", Coded(Answer)),
    Index("ix_questions_thread_id_number", "thread_id", "number"),
)

summaries = Table(
    "summaries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("payload", Coded(object), nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

usage = Table(
    "usage",
    metadata,
    Column("number", Number, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("model", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    # No foreign key: what was spent stays spent when the workspace goes.
    Column("workspace_id", Text),
    Column("input", Integer, nullable=False),
    Column("output", Integer, nullable=False),
    Column("cached", Integer, nullable=False),
    Column("cost", BigInteger),  # in 1e-12 US dollars, so that sums are exact on both engines
    Column("ok", Boolean, nullable=False),
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Words, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Words, nullable=False),
    Column("workspace_id", Text),
    Index("ix_audit_workspace_id_number", "workspace_id", "number"),
)
