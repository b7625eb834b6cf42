"""Who may do what in which chat, made from the table of commands itself; and what comes of
everything that is no command."""

import itertools
from dataclasses import replace
from datetime import datetime

import pytest

from bot import phrases
from bot.app.collect import Collected
from bot.app.commands import PRESSES, TABLE, Command, handle, listed, resolve
from bot.errors import StoreError
from bot.model import Channel, Fetched, Role, Source
from bot.store import Store
from tests.app.scene import FEED_URL, GROUP, NEWS, SOURCE, Scene, page, rss
from tests.conftest import NOW

ROLES: tuple[Role, ...] = ("member", "admin", "operator")
RANK = {role: rank for rank, role in enumerate(ROLES)}
NO = {
    key: phrases.say("en", f"no.{key}")
    for key in ("admin", "operator", "admitted", "refused", "failed")
}
HELLO = phrases.say("en", "start.hello")
OWN = replace(SOURCE, id="own", url="https://own.example/feed", title="Own")


def expected(command: Command, role: Role, access: str) -> str | None:
    """The refusal that a person must get, written down a second time from the design."""
    if command.anywhere or role == "operator":
        return None
    if access != "admitted":
        return NO["admitted"] if access == "pending" else NO["refused"]
    if RANK[role] >= RANK[command.who]:
        return None
    return NO["operator"] if command.who == "operator" else NO["admin"]


@pytest.mark.parametrize("access", ["admitted", "pending", "refused"])
async def test_every_command_is_for_its_role_in_an_admitted_chat_only(
    scene: Scene, access: str
) -> None:
    await scene.admitted(access=access)
    for command, role in itertools.product(TABLE, ROLES):
        said = await scene.say(f"/{command.name}", role=role)
        refused = [text for text in said if text in NO.values()]
        assert refused == [e for e in [expected(command, role, access)] if e], (command.name, role)


@pytest.mark.parametrize("access", ["admitted", "pending", "refused"])
async def test_every_button_is_for_its_role_whoever_forges_it(scene: Scene, access: str) -> None:
    await scene.admitted(access=access)
    other = Channel(platform="telegram", chat_id="-200")
    for command, role in itertools.product(PRESSES, ROLES):
        await scene.admitted(other, access="pending")
        said = await scene.press(command.name, "telegram:-200", role=role)
        refused = [text for text in said if text in NO.values()]
        assert refused == [e for e in [expected(command, role, access)] if e], (command.name, role)
        async with scene.store.read() as tx:
            found = await tx.workspaces.get("telegram:-200")
        assert found is not None
        assert (found.access == "pending") is (role != "operator")


async def test_in_private_everybody_manages_what_is_their_own(scene: Scene) -> None:
    here = Channel(platform="telegram", chat_id="8")
    await scene.admitted(here)
    for command in TABLE:
        said = await scene.say(f"/{command.name}", role="member", channel=here, private=True)
        refused = [text for text in said if text in NO.values()]
        assert bool(refused) is (command.who != "member" and not command.own), command.name


async def test_a_refused_command_changes_nothing(scene: Scene) -> None:
    await scene.admitted()
    await scene.subscribed()
    assert await scene.say("/unsubscribe", role="member") == [NO["admin"]]
    async with scene.store.read() as tx:
        assert len(await tx.subscriptions.all()) == 1


async def test_a_button_that_does_not_exist_is_ignored(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.press("format-disk", role="operator") == []


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "I do not know /dance."), ("ja", "/dance"), ("zh-Hans", "/dance")]
)
async def test_an_unknown_command_is_named(scene: Scene, lang: str, says: str) -> None:
    await scene.admitted()
    (text,) = await scene.say("/dance now", lang=lang)
    assert says in text
    assert text == phrases.say(lang, "no.unknown", name="dance")


async def test_a_very_long_unknown_command_is_cut(scene: Scene) -> None:
    await scene.admitted()
    (text,) = await scene.say("/" + "x" * 5000)
    assert len(text) < 100


async def test_a_bare_slash_is_no_command(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say("/") == [phrases.say("en", "no.unknown", name="")]


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ("/sources", "sources", ()),
        ("/sources remove 2", "sources remove", ("2",)),
        ("/SOURCES Add https://x.example", "sources add", ("https://x.example",)),
        ("/list", "sources", ()),
        ("/now chips", "digest", ("chips",)),
        ("/stop", "unsubscribe", ()),
    ],
)
def test_a_command_is_found_by_its_longest_name_and_by_its_other_names(
    typed: str, name: str, words: tuple[str, ...]
) -> None:
    command, rest = resolve(typed)
    assert command is not None
    assert (command.name, rest) == (name, words)


def test_every_command_that_the_help_shows_is_explained_in_every_language() -> None:
    for command, lang in itertools.product(listed("operator"), phrases.TABLES):
        assert f"help.{command.name}" in phrases.TABLES[lang]
    assert {c.name for c in listed("member")} < {c.name for c in listed("admin")}
    assert "status" not in [c.name for c in listed("admin")]


# --- what is no command ------------------------------------------------------------------------


async def test_the_same_message_twice_is_answered_once(scene: Scene) -> None:
    await scene.admitted()
    inbound = scene.inbound("/help")
    assert len(await scene.take(inbound)) == 1
    assert await scene.take(inbound) == []


async def test_a_command_is_not_done_again_because_its_text_was_mended(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say("/help", values={"edited": "true"}) == []
    asked = await scene.say("How many chips?", values={"edited": "true"})
    assert asked == [phrases.say("en", "qa.no_digest")]


async def test_talk_that_is_not_meant_for_the_bot_is_left_alone(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say("lunch at noon?", addressed=False) == []
    assert await scene.say("   ", addressed=True) == []
    assert await scene.take(scene.inbound(kind="file")) == []


async def test_a_message_to_the_bot_is_a_question(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say("How many chips?") == [phrases.say("en", "qa.no_digest")]


async def test_an_answer_in_a_group_stands_under_the_message_and_in_private_it_does_not(
    scene: Scene,
) -> None:
    await scene.admitted()
    await scene.say("/help", message_id="77")
    await scene.say("/help", message_id="78", private=True)
    assert [sent.reply_to for sent in scene.chat.sent] == ["77", None]


async def test_a_long_reply_goes_out_in_order_in_parts(scene: Scene) -> None:
    await scene.admitted()
    scene.chat.blocks = 1
    said = await scene.say("/help")
    assert len(said) == 3
    assert said[0] == phrases.say("en", "help.title")


async def test_a_fault_of_ours_becomes_one_sentence_and_no_detail(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))

    async def broken(source: Source, got: Fetched | None = None) -> Collected:
        raise StoreError("disk full at /var/lib/x", code="store.full")

    tools = replace(scene.tools, collect=broken)
    await handle(scene.inbound(f"/sources add {FEED_URL}"), tools)
    await scene.deliver()
    assert scene.chat.texts == [NO["failed"]]


async def test_the_language_is_the_persons_and_else_the_chats(scene: Scene) -> None:
    await scene.admitted(langs=("ja", "en"))
    assert await scene.say("/start", lang="en") != await scene.say("/start", lang="ja")
    said = await scene.say("/start", lang=None)
    assert said[0].startswith(phrases.say("ja", "start.hello"))


# --- coming and going --------------------------------------------------------------------------


async def test_a_new_chat_waits_for_the_operator_who_is_asked_once(scene: Scene) -> None:
    said = await scene.say("/help", role="member")
    asked = "Hana (telegram:-100) would like to use the bot. Admit it?"
    assert sorted(said) == sorted([asked, NO["admitted"]])
    assert await scene.say("/help", role="member") == [NO["admitted"]]
    (request,) = [s for s in scene.chat.sent if s.channel.chat_id == "1"]
    assert [(b.verb, b.value) for row in request.message.actions for b in row] == [
        ("admit", "telegram:-100"),
        ("refuse", "telegram:-100"),
    ]


async def test_with_open_access_a_new_chat_may_begin_at_once(scene: Scene) -> None:
    scene.open_access = True
    (hello,) = await scene.say("/start")
    assert hello.startswith(HELLO)


async def test_the_terminal_needs_no_admission(scene: Scene) -> None:
    here = Channel(platform="terminal", chat_id="local")
    await scene.say("/start", channel=here, workspace_id="terminal:local")
    async with scene.store.read() as tx:
        found = await tx.workspaces.get("terminal:local")
    assert found is not None
    assert found.access == "admitted"


async def test_added_to_a_chat_the_bot_says_hello_and_takes_up_its_subscriptions(
    scene: Scene,
) -> None:
    await scene.admitted()
    made = await scene.subscribed()
    async with scene.store.begin() as tx:
        await tx.subscriptions.set_next_run(made.id, NOW)
    assert await scene.take(scene.inbound(kind="membership", action="removed")) == []
    assert await due(scene.store, scene.clock()) == 0
    (hello,) = await scene.take(scene.inbound(kind="membership", action="added"))
    assert hello.startswith(HELLO)
    assert await due(scene.store, scene.clock()) == 1


async def test_who_unblocks_the_bot_is_not_greeted_twice(scene: Scene) -> None:
    here = Channel(platform="telegram", chat_id="8")
    await scene.admitted(here)
    joined = scene.inbound(kind="membership", action="added", channel=here, private=True)
    assert await scene.take(joined) == []


async def due(store: Store, now: datetime) -> int:
    async with store.read() as tx:
        return len(await tx.subscriptions.due(now))


async def test_a_group_that_becomes_a_supergroup_keeps_everything(scene: Scene) -> None:
    """The id of the chat changes, and in Telegram with it the workspace."""
    await scene.admitted()
    await scene.news()
    await scene.lists(OWN, workspace="telegram:-100")
    await scene.say("/subscribe")
    moved = scene.inbound(kind="migrated", action="-100777")
    assert await scene.take(moved) == []
    assert await scene.take(replace(moved, id="again")) == []
    there = replace(GROUP, chat_id="-100777")
    (again,) = await scene.say("/subscribe", channel=there)
    assert "subscribed already" in again
    (shown,) = await scene.say("/sources", channel=there)
    assert "Own" in shown
    assert "Wire" in shown
    async with scene.store.read() as tx:
        assert await tx.subscriptions.of_channel(GROUP) == []
        (subscription,) = await tx.subscriptions.of_channel(there)
    assert subscription.workspace_id == "telegram:-100777"
    (nothing,) = await scene.say("/digest", channel=there)
    assert nothing == phrases.say("en", "digest.empty"), "what was told before is not told again"


async def test_a_chat_that_nobody_admitted_moves_as_it_is(scene: Scene) -> None:
    await scene.take(scene.inbound(kind="migrated", action="-100777"))
    async with scene.store.read() as tx:
        found = await tx.workspaces.get("telegram:-100777")
    assert found is not None
    assert found.access == "pending"
