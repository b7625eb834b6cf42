"""Writing one digest: what is in it, what is stored with it, and who writes it at what cost."""

import asyncio
import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot import schedule
from bot.app.publish import LONGEST_WINDOW, publish
from bot.errors import BadReply, BudgetExceeded, ModelError
from bot.model import Channel, Digest, Message, Prompt
from tests.app.scene import BRIDGE, CHIPS, GROUP, NEWS, SOURCE, Scene, page, rss
from tests.conftest import NOW
from tests.fakes import Answer, FakeLLM

RUN = schedule.Run(at=NOW, date=date(2026, 3, 2), slot=time(7, 30))
ONE = NEWS[:1]

GOOD: dict[str, Any] = {
    "headline": {"en": "A lab trains its new model", "ja": "研究所が新しいモデルを学習"},
    "bullets": [
        {
            "sentences": ["S2"],
            "text": {
                "en": "The new model was trained on {F1} in {F2}.",
                "ja": "新しいモデルは{F1}を使い、{F2}で学習された。",
            },
        }
    ],
}
INVENTED = {
    "sentences": ["S2"],
    "text": {"en": "It was trained on 9,999 chips.", "ja": "9,999枚のチップで学習された。"},
}
SECOND = {
    "sentences": ["S3"],
    "text": {"en": "The training cost {F3}.", "ja": "学習の費用は{F3}だった。"},
}


def reply(*bullets: object) -> str:
    return json.dumps({**GOOD, "bullets": list(bullets)} if bullets else GOOD, ensure_ascii=False)


async def one_story(scene: Scene, *replies: Answer) -> tuple[Digest, FakeLLM]:
    """The digest that a model with these replies makes of one story."""
    await scene.admitted()
    await scene.news(ONE)
    llm = FakeLLM(replies)
    scene.models(llm)
    made = await scene.publish(await scene.subscribed())
    assert made is not None
    return made, llm


def writers(made: Digest | None) -> list[str]:
    assert made is not None
    return [item.written_by for item in made.items]


# --- what is stored ----------------------------------------------------------------------------


async def test_without_news_there_is_no_digest_and_nothing_to_send(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.publish(await scene.subscribed()) is None
    assert await scene.owed() == {}


async def test_a_digest_and_its_messages_are_stored_together(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    scene.chat.blocks = 1
    made = await scene.publish(await scene.subscribed())
    assert made is not None
    async with scene.store.read() as tx:
        assert await tx.digests.get(made.id) == made
        owed = await tx.outbox.list("pending", 50)
    assert [d.digest_id for d in owed] == [made.id] * len(owed)
    assert [d.follows for d in owed] == [None] + [owed[0].key] * (len(owed) - 1)
    assert {a.title for i in made.items for a in i.story.articles} == {t for t, _ in NEWS}


async def test_what_was_told_is_not_told_again_unless_it_changed(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    subscription = await scene.subscribed()
    assert await scene.publish(subscription) is not None
    scene.clock.move(timedelta(hours=1))
    assert await scene.publish(subscription) is None
    await scene.news([(NEWS[0][0], CHIPS.replace("8,192", "9,216")), NEWS[1]])
    again = await scene.publish(subscription)
    assert again is not None
    assert ["9,216" in i.story.articles[0].text for i in again.items] == [True]


async def test_a_slot_is_served_once_even_by_two_processes(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    subscription = await scene.subscribed()
    assert await scene.publish(subscription, runs=[RUN]) is not None
    async with scene.store.read() as tx:
        assert await tx.subscriptions.next_run("s1") == NOW + timedelta(minutes=30)
        before = await tx.outbox.counts()
    await scene.news([*NEWS, ("Third", "A third thing cost $7 million in Asterville.")])
    scene.clock.move(timedelta(minutes=5))
    assert await scene.publish(subscription, runs=[RUN]) is None
    async with scene.store.read() as tx:
        assert await tx.outbox.counts() == before


async def test_an_empty_slot_counts_as_served(scene: Scene) -> None:
    await scene.admitted()
    subscription = await scene.subscribed()
    assert await scene.publish(subscription, runs=[RUN]) is None
    async with scene.store.begin() as tx:
        assert not await tx.runs.claim("s1", RUN.date, RUN.slot, NOW)


async def test_a_crash_before_the_digest_is_stored_leaves_the_slot_free(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    subscription = await scene.subscribed()

    def crash(_channel: Channel, _message: Message) -> tuple[Message, ...]:
        raise MemoryError

    with pytest.raises(MemoryError):
        await publish(
            subscription,
            store=scene.store,
            writer=scene.writer,
            parts=crash,
            now=scene.clock(),
            runs=[RUN],
        )
    assert await scene.owed() == {}
    async with scene.store.read() as tx:
        assert await tx.digests.latest(GROUP) is None
    assert await scene.publish(subscription, runs=[RUN]) is not None


async def test_a_subscription_without_times_has_no_next_run(scene: Scene) -> None:
    await scene.admitted()
    subscription = await scene.subscribed(times=())
    await scene.publish(subscription, runs=[RUN])
    async with scene.store.read() as tx:
        assert await tx.subscriptions.next_run("s1") is None


async def test_a_subscription_of_some_sources_gets_only_theirs_and_only_visible_ones(
    scene: Scene,
) -> None:
    await scene.admitted()
    await scene.admitted(Channel(platform="telegram", chat_id="-200"))
    await scene.news(ONE)
    other = replace(SOURCE, id="other", url="https://other.example/feed")
    await scene.news([NEWS[1]], source=other)
    hidden = replace(SOURCE, id="hidden", url="https://hidden.example/feed")
    await scene.lists(hidden, workspace="telegram:-200")
    scene.fetch.pages[hidden.url] = page(hidden.url, rss(("Secret", BRIDGE)))
    await scene.collect(hidden)
    scene.clock.move(timedelta(minutes=1))
    made = await scene.publish(await scene.subscribed(source_ids=("other", "hidden")))
    assert made is not None
    assert {a.source_id for i in made.items for a in i.story.articles} == {"other"}


async def test_a_weekly_digest_tells_the_week_and_no_more(scene: Scene) -> None:
    await scene.admitted()
    await scene.news(ONE)
    subscription = await scene.subscribed(weekdays=(0,))
    first = await scene.publish(subscription)
    assert first is not None
    assert first.start == first.end - timedelta(hours=24)
    scene.clock.move(timedelta(days=2))
    await scene.news(NEWS)
    scene.clock.move(timedelta(days=5))
    second = await scene.publish(subscription)
    assert second is not None
    assert second.start == first.end
    assert [i.story.articles[0].title for i in second.items] == ["Aster bridge closes"]
    scene.clock.move(timedelta(days=60))
    await scene.news([*NEWS, ("Third", "A third thing cost $7 million in Asterville.")])
    third = await scene.publish(subscription)
    assert third is not None
    assert third.start == third.end - LONGEST_WINDOW


# --- who writes --------------------------------------------------------------------------------


async def test_a_model_writes_both_languages_with_the_figures_of_the_source(scene: Scene) -> None:
    made, llm = await one_story(scene, reply())
    assert writers(made) == ["fake"]
    (bullet,) = made.items[0].bullets
    assert bullet.text["en"] == "The new model was trained on 8,192 chips in 16 days."
    assert "8,192" in bullet.text["ja"]
    assert "16日" in bullet.text["ja"]
    assert len(llm.history) == 1
    await scene.deliver()
    assert "The new model was trained on 8,192 chips" in "\n".join(scene.chat.texts)


async def test_what_is_refused_is_repaired_once_and_joined_to_what_was_good(scene: Scene) -> None:
    made, llm = await one_story(scene, reply(INVENTED, GOOD["bullets"][0]), reply(SECOND))
    assert writers(made) == ["fake"]
    texts = [b.text["en"] for b in made.items[0].bullets]
    assert texts == [
        "The new model was trained on 8,192 chips in 16 days.",
        "The training cost $12 million.",
    ]
    assert len(llm.history) == 2
    assert llm.history[1] != llm.history[0]


async def test_a_repair_that_says_the_same_again_adds_nothing(scene: Scene) -> None:
    made, _ = await one_story(scene, reply(INVENTED, GOOD["bullets"][0]), reply())
    assert len(made.items[0].bullets) == 1


@pytest.mark.parametrize(
    "replies",
    [
        pytest.param([reply(INVENTED), reply(INVENTED)], id="invents figures twice"),
        pytest.param(["Sure! Here it is.", "No."], id="writes no JSON"),
        pytest.param([BadReply("refusal")], id="refuses"),
        pytest.param([reply(INVENTED), BadReply("cut")], id="gives up in the repair"),
    ],
)
async def test_a_reply_that_cannot_be_used_gives_the_sources_own_sentences(
    scene: Scene, replies: list[Answer]
) -> None:
    made, llm = await one_story(scene, *replies)
    assert writers(made) == ["extractive"]
    assert "8,192 chips" in made.items[0].bullets[0].text["en"]
    assert "9,999" not in str(made.items[0].bullets)
    calls = len(llm.history)
    second = await scene.publish(await scene.subscribed(2))
    assert writers(second) == ["extractive"]
    assert len(llm.history) == calls, "asking the same again would give the same"


@pytest.mark.parametrize("error", [ModelError("down"), BudgetExceeded("spent")])
async def test_a_model_that_is_out_of_reach_is_asked_again_later(
    scene: Scene, error: ModelError
) -> None:
    made, llm = await one_story(scene, error, reply())
    assert writers(made) == ["extractive"]
    assert writers(await scene.publish(await scene.subscribed(2))) == ["fake"]
    assert len(llm.history) == 2


async def test_a_second_reader_of_the_same_story_costs_no_call(scene: Scene) -> None:
    made, llm = await one_story(scene, reply())
    second = await scene.publish(await scene.subscribed(2, langs=("ja", "en")))
    assert second is not None
    assert second.items[0].bullets == made.items[0].bullets
    assert len(llm.history) == 1


async def test_another_language_pair_is_another_summary(scene: Scene) -> None:
    _, llm = await one_story(scene, reply(), ModelError("down"))
    await scene.publish(await scene.subscribed(2, langs=("en", "zh-Hans")))
    assert len(llm.history) == 2


async def test_a_changed_instruction_is_another_summary(scene: Scene) -> None:
    _, llm = await one_story(scene, reply(), reply())
    scene.writer = replace(scene.writer, template=scene.writer.template + "\nBe brief.\n")
    await scene.publish(await scene.subscribed(2))
    assert len(llm.history) == 2


async def test_stories_are_written_side_by_side_but_not_all_at_once(scene: Scene) -> None:
    await scene.admitted()
    things = ("harbour", "library", "orchard", "stadium", "airport", "theatre", "hospital")
    items = [
        (f"The {thing} opens", f"Workers finished the {thing} in {n + 21} months. It is new.")
        for n, thing in enumerate(things)
    ]
    await scene.news(items[:3])
    await scene.news(items)

    def refuse(_prompt: Prompt) -> str:
        raise ModelError("down")

    llm = FakeLLM([refuse], repeat=True, delay=0.01)
    scene.models(llm)
    await scene.publish(await scene.subscribed(max_stories=7))
    assert len(llm.history) == len(things)
    assert 1 < llm.peak <= 4


async def test_two_digests_at_the_same_time_bring_each_story_once(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    subscription = await scene.subscribed()
    made = await asyncio.gather(*(scene.publish(subscription) for _ in range(2)))
    assert sorted(m is None for m in made) == [False, True]
    await scene.deliver()
    assert len([t for t in scene.chat.texts if "Marlin" in t]) == 1
