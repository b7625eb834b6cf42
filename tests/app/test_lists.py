"""Many sources at once: import with a word on each, export in private, the starter catalogue."""

from datetime import timedelta

import pytest

from bot import phrases
from bot.app import catalogue
from bot.app.commands import lists
from bot.app.notices import STARTER
from bot.chat.base import plain
from bot.errors import FetchError
from bot.ingest import opml
from bot.model import Channel, File, Listing
from tests.app.scene import FEED_URL, GROUP, NEWS, SOURCE, Scene, page, rss
from tests.app.test_sources import OWN, listed

SECRET = "https://own.example/feed?token=hush-hush-1"
OPML = f"""<?xml version="1.0"?><opml version="2.0"><body>
<outline text="Chips"><outline type="rss" text="The Wire" xmlUrl="{FEED_URL}" language="ja"/>
<outline type="rss" text="Own" xmlUrl="{SECRET}"/></outline>
<outline type="rss" text="Dead" xmlUrl="https://dead.example/feed"/>
<outline type="rss" text="Inner" xmlUrl="http://10.0.0.1/feed"/>
<outline type="rss" text="Odd" xmlUrl="mailto:a@b.example"/></body></opml>"""


def say(key: str, **args: object) -> str:
    return phrases.say("en", key, **args)


def serve(scene: Scene, *urls: str) -> None:
    for url in urls:
        scene.fetch.pages[url] = page(url, rss(*NEWS, title=""))


def file(body: str, name: str = "mine.opml") -> tuple[File, ...]:
    return (File(name=name, content_type="text/xml", body=body.encode()),)


async def test_an_opml_file_is_imported_with_a_word_on_each_address(scene: Scene) -> None:
    await scene.admitted()
    serve(scene, FEED_URL, SECRET)
    (text,) = await scene.say("/sources import", kind="file", files=file(OPML))
    assert text.splitlines() == [
        say("import.done", added=2, known=0, refused=3),
        "",
        "• ✅ The Wire",
        "• ✅ Own",
        "• ⚠️ Dead — its name is not known",
        "• ⚠️ http://10.0.0.1/feed — its address is not public",
        "• ⚠️ mailto:a@b.example — that is not an http or https address",
    ]
    async with scene.store.read() as tx:
        found = {s.url: (entry, s) for entry, s in await tx.listings.of("telegram:-100")}
    wire, source = found[FEED_URL]
    assert (wire.tags, wire.added_by, source.lang) == (("Chips",), "8", "ja")
    (text,) = await scene.say("/sources import", kind="file", files=file(OPML))
    assert say("import.done", added=0, known=2, refused=3) in text


async def test_an_opml_file_without_a_word_is_an_import_for_admins(scene: Scene) -> None:
    await scene.admitted()
    serve(scene, FEED_URL, SECRET)
    said = await scene.say("", kind="file", files=file(OPML), role="member")
    assert said == [say("no.admin")]
    (text,) = await scene.say("", kind="file", files=file(OPML, "MINE.OPML"))
    assert say("import.done", added=2, known=0, refused=3) in text


async def test_a_flat_list_of_addresses_is_imported(scene: Scene) -> None:
    await scene.admitted()
    serve(scene, FEED_URL, OWN.url)
    (text,) = await scene.say(f"/sources import {FEED_URL} {OWN.url}")
    assert say("import.done", added=2, known=0, refused=0) in text
    assert sorted(await listed(scene)) == [FEED_URL, OWN.url]


async def test_an_import_is_capped_and_says_so(scene: Scene) -> None:
    await scene.admitted()
    urls = [f"https://n{n}.example/feed" for n in range(lists.MOST + 7)]
    serve(scene, *urls)
    (text,) = await scene.say("/sources import " + " ".join(urls))
    assert say("import.left", most=lists.MOST, left=7) in text
    assert len(await listed(scene)) == lists.MOST


async def test_what_is_no_list_is_refused_in_plain_words(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say("/sources import") == [say("import.usage", most=lists.MOST)]
    said = await scene.say("/sources import nothing here")
    assert said == [say("import.bad", reason=say("reason.opml.not_opml"))]


async def test_one_person_imports_so_often_in_an_hour(scene: Scene) -> None:
    await scene.admitted()
    for _ in range(lists.IMPORTS):
        assert "refused: 1" in (await scene.say("/sources import https://no.example/"))[0]
    said = await scene.say("/sources import https://no.example/")
    assert said == [say("sources.slower", count=lists.IMPORTS)]
    scene.clock.move(timedelta(hours=1))
    assert "refused: 1" in (await scene.say("/sources import https://no.example/"))[0]


async def test_an_export_goes_to_the_admin_alone_and_comes_back_as_it_was(scene: Scene) -> None:
    await scene.admitted()
    serve(scene, FEED_URL, SECRET)
    await scene.say("/sources import", kind="file", files=file(OPML))
    before = len(scene.chat.sent)
    await scene.say("/sources export")
    public, private = sorted(scene.chat.sent[before:], key=lambda s: s.channel.chat_id)
    assert public.channel == GROUP
    assert plain(public.message) == say("export.private")
    assert private.channel == Channel(platform="telegram", chat_id="8")
    text = plain(private.message).partition("\n\n")[2]
    assert SECRET in text
    given = opml.read(text.encode()).outlines
    assert [(o.url, o.title, o.folders) for o in sorted(given, key=lambda o: o.title)] == [
        (SECRET, "Own", ("Chips",)),
        (FEED_URL, "The Wire", ("Chips",)),
    ]


async def test_members_get_no_export_and_see_no_secret(scene: Scene) -> None:
    await scene.admitted()
    nameless = OWN.__class__(id="own", url=SECRET)
    await scene.lists(nameless, workspace="telegram:-100")
    assert await scene.say("/sources export", role="member") == [say("no.admin")]
    (text,) = await scene.say("/sources", role="member")
    assert "hush" not in text
    assert "https://own.example/feed?token=***" in text


async def test_the_operators_own_addresses_are_in_nobodys_export(scene: Scene) -> None:
    private = Channel(platform="telegram", chat_id="8")
    await scene.admitted(private)
    await scene.lists()
    said = await scene.say("/sources export", channel=private, private=True)
    assert said == [say("sources.none")]
    await scene.lists(OWN, workspace="telegram:8")
    (text,) = await scene.say("/sources export", channel=private, private=True)
    assert OWN.url in text
    assert FEED_URL not in text
    async with scene.store.read() as tx:
        assert [o.url for o in await catalogue.outlines(tx, None)] == [FEED_URL]


async def test_the_starter_catalogue_is_shown_by_topic(scene: Scene) -> None:
    await scene.admitted()
    (text,) = await scene.say("/sources starter")
    assert "AI — 10 (en ja zh-Hans zh-Hant)" in text
    assert say("starter.usage") in text
    assert await scene.say("/sources starter nonsense") == [text]
    assert scene.fetch.asked == []


@pytest.mark.parametrize(
    ("words", "count"), [("ai", 10), ("AI ja", 3), ("chips zh", 2), ("all ja", 11)]
)
async def test_a_topic_of_the_starter_catalogue_is_added_without_the_dead(
    scene: Scene, words: str, count: int
) -> None:
    await scene.admitted()
    topics = catalogue.starter()
    serve(scene, *(o.url for found in topics.values() for o in found))
    dead = "https://rss.itmedia.co.jp/rss/2.0/aiplus.xml"
    scene.fetch.pages[dead] = FetchError("gone", code="fetch.gone")
    (text,) = await scene.say(f"/sources starter {words}")
    refused = int("zh" not in words)
    assert say("import.done", added=count - refused, known=0, refused=refused) in text
    async with scene.store.read() as tx:
        found = await tx.listings.of("telegram:-100")
    assert {entry.added_by for entry, _ in found} == {STARTER}
    assert dead not in [s.url for _, s in found]


async def test_a_title_of_the_list_counts_for_its_own_address_only(scene: Scene) -> None:
    await scene.admitted()
    site = "https://news.example/"
    scene.fetch.pages[site] = page(
        site, b'<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>'
    )
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    await scene.say("/sources import", kind="file", files=file(f"{site} The site\n", "a.txt"))
    assert await listed(scene) == [FEED_URL]
    async with scene.store.read() as tx:
        ((entry, source),) = await tx.listings.of("telegram:-100")
    assert (entry.title, source.title) == ("Wire", "Wire")
    assert entry == Listing(
        workspace_id="telegram:-100", source_id=source.id, title="Wire", added_by="8"
    )
    assert SOURCE.title == "Wire"
