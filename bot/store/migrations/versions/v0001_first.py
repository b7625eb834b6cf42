"""The first tables.

Frozen: this file says what the tables were at this version, whatever tables.py says now.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Instant = DateTime(timezone=True)
Number = BigInteger().with_variant(Integer(), "sqlite")
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
SEARCH = {
    "sqlite": "CREATE VIRTUAL TABLE article_search USING fts5"
    " (tokens, content='', tokenize=\"unicode61 remove_diacritics 0\")",
    "postgresql": "CREATE TABLE article_search ("
    "number BIGINT PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,"
    " tokens TSVECTOR NOT NULL)",
}


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=False)
    op.execute(SEARCH[connection.dialect.name])
    if connection.dialect.name == "postgresql":
        # In the row: the planner does not count what lies outside, and would read it all.
        op.execute("ALTER TABLE article_search ALTER COLUMN tokens SET STORAGE MAIN")
        # Without the list of pending rows, which every search would have to read through.
        op.execute(
            "CREATE INDEX ix_article_search_tokens ON article_search"
            " USING gin (tokens) WITH (fastupdate = off)"
        )


Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lang", Text),
    Column("timezone", Text),
    Column("interval", BigInteger, nullable=False),
    Column("enabled", Boolean, nullable=False),
)

Table(
    "source_states",
    metadata,
    Column("source_id", Text, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("checked_at", Instant),
    Column("next_check_at", Instant, index=True),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("moved_to", Text),
    Column("moved_since", Instant),
)

Table(
    "workspaces",
    metadata,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("langs", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("access", Text, nullable=False),
)

Table(
    "listings",
    metadata,
    Column("number", Number, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id", ondelete="CASCADE")),
    Column("source_id", Text, ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("full_text", Boolean, nullable=False),
    Column("added_by", Text, nullable=False),
    UniqueConstraint("workspace_id", "source_id"),
    Index(
        "ix_listings_shared",
        "source_id",
        unique=True,
        sqlite_where=text("workspace_id IS NULL"),
        postgresql_where=text("workspace_id IS NULL"),
    ),
    Index("ix_listings_source_id", "source_id"),
)

Table(
    "articles",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("source_id", Text, ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("authors", Text, nullable=False),
    Column("guid", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("is_based_on", Text),
    Column("translated_from", Text),
    Index("ix_articles_source_id_fetched_at", "source_id", "fetched_at"),
)

Table(
    "figures",
    metadata,
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("figures", Text, nullable=False),
)

Table(
    "revisions",
    metadata,
    Column("number", Number, primary_key=True),
    Column(
        "article_id",
        Text,
        ForeignKey("articles.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("published_at", Instant),
)

Table(
    "identities",
    metadata,
    Column("source_id", Text, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("article_id", Text, ForeignKey("articles.id", ondelete="SET NULL"), index=True),
)

Table(
    "subscriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "workspace_id",
        Text,
        ForeignKey("workspaces.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("channel", Text, nullable=False, index=True),
    Column("langs", Text, nullable=False),
    Column("times", Text, nullable=False),
    Column("weekdays", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("source_ids", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("include", Text, nullable=False),
    Column("exclude", Text, nullable=False),
    Column("max_stories", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("next_run_at", Instant, index=True),
    Column("resting", Boolean, nullable=False),
)

Table(
    "subscription_sources",
    metadata,
    Column(
        "subscription_id",
        Text,
        ForeignKey("subscriptions.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("source_id", Text, primary_key=True, index=True),
)

Table(
    "runs",
    metadata,
    Column(
        "subscription_id",
        Text,
        ForeignKey("subscriptions.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("local_date", Date, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("claimed_at", Instant, nullable=False),
)

Table(
    "blobs",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("payload", Text, nullable=False),
)

Table(
    "digests",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("subscription_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("langs", Text, nullable=False),
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("items", Text, nullable=False),
    Index("ix_digests_channel_number", "channel", "number"),
)

Table(
    "digest_articles",
    metadata,
    Column("digest_id", Text, ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("content_hash", Text, nullable=False),
)

Table(
    "deliveries",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("message", Text, nullable=False),
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
    Column("error", Text),
    Column("message_id", Text),
    Column("sent_at", Instant),
    Index("ix_deliveries_due", "state", "priority", "next_attempt_at", "number"),
    Index("ix_deliveries_lane", "channel", "state", "priority", "seq", "number"),
)

Table(
    "threads",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("digest_id", Text, nullable=False),
    Column("root_message_id", Text, nullable=False),
    Index("ix_threads_channel_number", "channel", "number"),
)

Table(
    "messages",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column(
        "thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False, index=True
    ),
)

Table(
    "questions",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answer", Text),
    Index("ix_questions_thread_id_number", "thread_id", "number"),
)

Table(
    "summaries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("payload", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

Table(
    "usage",
    metadata,
    Column("number", Number, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("model", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("workspace_id", Text),
    Column("input", Integer, nullable=False),
    Column("output", Integer, nullable=False),
    Column("cached", Integer, nullable=False),
    Column("cost", BigInteger),
    Column("ok", Boolean, nullable=False),
)

Table(
    "inbound",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("workspace_id", Text),
    Index("ix_audit_workspace_id_number", "workspace_id", "number"),
)
