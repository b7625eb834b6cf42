"""What the operator does: claim the bot, admit and refuse chats, look how it is doing."""

from datetime import timedelta

import pytest

from bot import phrases
from bot.app.commands.operators import (
    CLAIM_VALID,
    OPERATORS_KEY,
    offer_claim,
    operator_name,
)
from bot.app.notices import operator_channels
from bot.errors import FetchError
from bot.model import Channel
from tests.app.scene import GROUP, SOURCE, Scene
from tests.conftest import NOW
from tests.fakes import FakeLLM

BAD = phrases.say("en", "claim.bad")
DONE = phrases.say("en", "claim.done")
HOME = Channel(platform="telegram", chat_id="8")


async def test_the_code_makes_its_sender_the_operator_and_admits_the_chat(scene: Scene) -> None:
    await offer_claim(scene.store, "c0ffee", NOW)
    assert await scene.say("/claim c0ffee", role="member", channel=HOME, private=True) == [DONE]
    async with scene.store.read() as tx:
        assert await tx.settings.get(OPERATORS_KEY) == "telegram:8"
        workspace = await tx.workspaces.get("telegram:8")
        (entry,) = await tx.audit.list(10)
    assert workspace is not None
    assert workspace.access == "admitted"
    assert (entry.actor, entry.action) == ("8", "operator.claim")


async def test_a_code_works_once(scene: Scene) -> None:
    await offer_claim(scene.store, "c0ffee", NOW)
    assert await scene.say("/claim c0ffee", channel=HOME) == [DONE]
    assert await scene.say("/claim c0ffee", channel=HOME) == [BAD]
    assert await scene.say("/claim", channel=HOME) == [BAD]


@pytest.mark.parametrize("typed", ["/claim", "/claim nope", "/claim c0ffe", "/claim Ｃ０ＦＦＥＥ"])
async def test_a_wrong_code_does_nothing(scene: Scene, typed: str) -> None:
    await offer_claim(scene.store, "c0ffee", NOW)
    assert await scene.say(typed) == [BAD]
    async with scene.store.read() as tx:
        assert await tx.settings.get(OPERATORS_KEY) is None


async def test_a_code_expires(scene: Scene) -> None:
    await offer_claim(scene.store, "c0ffee", NOW)
    scene.clock.move(CLAIM_VALID)
    assert await scene.say("/claim c0ffee") == [BAD]


async def test_without_an_offer_there_is_nothing_to_claim(scene: Scene) -> None:
    assert await scene.say("/claim ") == [BAD]


async def test_an_admitted_chat_is_welcomed_where_it_asked(scene: Scene) -> None:
    await scene.say("/help", role="member")
    said = await scene.press("admit", "telegram:-100", role="operator", channel=HOME)
    assert set(said) == {
        phrases.say("en", "operator.admitted", chat="telegram:-100"),
        phrases.say("ja", "welcome.admitted"),
    }
    (welcome,) = [s for s in scene.chat.sent if s.key.startswith("welcome")]
    assert welcome.channel == GROUP
    assert len(await scene.say("/help", role="member")) == 1
    said = await scene.press("admit", "telegram:-100", role="operator", channel=HOME)
    assert said == [phrases.say("en", "operator.admitted", chat="telegram:-100")]


async def test_a_refused_chat_is_told_so_when_it_asks_again(scene: Scene) -> None:
    await scene.say("/help", role="member")
    said = await scene.press("refuse", "telegram:-100", role="operator", channel=HOME)
    assert said == [phrases.say("en", "operator.refused", chat="telegram:-100")]
    assert await scene.say("/help", role="member") == [phrases.say("en", "no.refused")]
    async with scene.store.read() as tx:
        (entry,) = await tx.audit.list(10)
    assert (entry.action, entry.workspace_id) == ("workspace.refused", "telegram:-100")


@pytest.mark.parametrize("verb", ["admit", "refuse"])
async def test_a_chat_that_is_not_there_cannot_be_decided_about(scene: Scene, verb: str) -> None:
    said = await scene.press(verb, "telegram:-404", role="operator", channel=HOME)
    assert said == ["There is no chat telegram:-404 to decide about."]
    async with scene.store.read() as tx:
        assert await tx.workspaces.get("telegram:-404") is None


async def test_operators_are_asked_at_home_on_each_platform(scene: Scene) -> None:
    await offer_claim(scene.store, "c0ffee", NOW)
    await scene.say("/claim c0ffee", channel=HOME, private=True)
    names = frozenset({"telegram:8", "slack:T1/U9", "icq:5"})
    async with scene.store.read() as tx:
        found = await operator_channels(tx, names)
    assert [str(channel) for channel in found] == ["telegram:8", "slack:U9"]


def test_an_operator_is_named_with_the_team_in_slack(scene: Scene) -> None:
    slack = Channel(platform="slack", chat_id="C1")
    inbound = scene.inbound(channel=slack, workspace_id="slack:T1", who="U9")
    assert operator_name(inbound) == "slack:T1/U9"


async def test_the_status_counts_sources_and_messages(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    (text,) = await scene.say("/status", role="operator")
    assert text.startswith("Sources: 1, failing: 0. Waiting to be sent: 0, uncertain: 0, failed: 0")
    assert "OPENAI_API_KEY" in text
    scene.fetch.pages[SOURCE.url] = FetchError("down")
    await scene.collect(SOURCE)
    scene.models(FakeLLM())
    scene.clock.move(timedelta(minutes=1))
    (text,) = await scene.say("/status", role="operator")
    assert "failing: 1" in text
    assert "OPENAI_API_KEY" not in text
