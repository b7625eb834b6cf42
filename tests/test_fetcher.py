"""The fetcher against a loopback site that misbehaves in every way of tests/servers/news.py."""

import asyncio
import gzip
import json
import socket
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import FetchError
from bot.fetcher import Fetcher, StatusError, headers
from bot.fetcher.addresses import BlockedAddress, CheckedResolver, Policy, is_public, registrable
from bot.fetcher.body import unpack
from bot.model import Fetched
from tests.servers.news import FEED, NewsSite

CASES = Path(__file__).parent / "cases" / "feeds"
TARGETS = json.loads((CASES / "ssrf_targets.json").read_text())
NOW = datetime(2024, 7, 30, 12, tzinfo=UTC)
LOOPBACK = ("127.0.0.0/8",)
Make = Callable[..., Fetcher]


class FakeResolver(AbstractResolver):
    """Answers from a table, one answer after the other, the last one for ever."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self._answers = {name.replace("_", "."): list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answers = self._answers.get(host)
        if not answers:
            raise OSError(None, "no such host")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with NewsSite() as server:
        yield server


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Fetcher] = []

    def build(**options: object) -> Fetcher:
        given: dict[str, object] = {
            "clock": lambda: NOW,
            "user_agent": "digestbot-test (+https://bot.example/)",
            "allow_private": LOOPBACK,
            "spacing": timedelta(0),
            "total": timedelta(seconds=5),
            **options,
        }
        made.append(Fetcher(**given))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for fetcher in made:
        await fetcher.close()


async def failure(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as raised:
        await fetcher.fetch(url)
    return raised.value


# --- answers -----------------------------------------------------------------------------------


async def test_a_feed_comes_with_all_that_its_headers_say(site: NewsSite, make: Make) -> None:
    got = await make().fetch(site.url("/cached"))
    assert got == Fetched(
        url=site.url("/cached"),
        status=200,
        body=FEED,
        content_type="application/rss+xml",
        fetched_at=NOW,
        fresh_for=timedelta(minutes=30),
    )


async def test_the_request_names_the_bot_and_its_contact(site: NewsSite, make: Make) -> None:
    await make().fetch(site.url("/feed"))
    sent = site.requests[0].headers
    assert sent["user-agent"] == "digestbot-test (+https://bot.example/)"
    assert sent["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in sent


@pytest.mark.parametrize(
    ("path", "validator"),
    [
        ("/weak-etag", {"etag": 'W/"x"'}),
        ("/etag-gzip", {"etag": '"x-gzip"'}),
        ("/lm-only", {"last_modified": "Tue, 30 Jul 2024 00:00:00 GMT"}),
    ],
)
async def test_validators_are_sent_back_verbatim(
    site: NewsSite, make: Make, path: str, validator: dict[str, str]
) -> None:
    fetcher = make()
    first = await fetcher.fetch(site.url(path))
    assert {key: getattr(first, key) for key in validator} == validator
    again = await fetcher.fetch(site.url(path), etag=first.etag, last_modified=first.last_modified)
    assert (again.status, again.body) == (304, b"")
    assert {key: getattr(again, key) for key in validator} == validator


async def test_a_304_without_headers_keeps_the_validators(site: NewsSite, make: Make) -> None:
    got = await make().fetch(site.url("/304-always"), etag='"e"', last_modified="then")
    assert (got.status, got.etag, got.last_modified) == (304, '"e"', "then")


async def test_a_304_that_nobody_asked_for_is_asked_again_past_the_cache(
    site: NewsSite, make: Make
) -> None:
    error = await failure(make(), site.url("/304-unasked"))
    assert (error.code, error.transient) == ("fetch.broken", True)
    assert [r.headers.get("cache-control") for r in site.requests] == [None, "no-cache"]


async def test_link_headers_are_handed_on(site: NewsSite, make: Make) -> None:
    link = '<https://news.example/feed>; rel="alternate"; type="application/rss+xml"'
    url = site.publish("/page", "<html></html>", headers={"Link": link}, content_type="text/html")
    assert (await make().fetch(url)).links == link


# --- bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/gzip", "/deflate", "/deflate-raw", "/gzip-unlabelled", "/gzip-labelled-plain"]
)
async def test_compressed_bodies_are_unpacked(site: NewsSite, make: Make, path: str) -> None:
    assert (await make().fetch(site.url(path))).body == FEED


@pytest.mark.parametrize("path", ["/gzip-twice", "/br", "/zstd"])
async def test_codings_that_were_not_offered_are_refused(
    site: NewsSite, make: Make, path: str
) -> None:
    error = await failure(make(), site.url(path))
    assert (error.code, error.transient) == ("fetch.encoding", False)


@pytest.mark.parametrize(
    ("name", "coding"), [("bomb_64MB.xml.gz", "gzip"), ("bomb_64MB.deflate", "deflate")]
)
def test_a_bomb_stops_at_the_cap(name: str, coding: str) -> None:
    with pytest.raises(FetchError) as raised:
        unpack((CASES / name).read_bytes(), coding, most=15 * 1024 * 1024)
    assert raised.value.code == "fetch.too_large"


def test_three_layers_of_gzip_are_an_attack() -> None:
    twice = gzip.compress(gzip.compress(FEED))
    assert unpack(twice, "gzip", most=10_000) == FEED
    with pytest.raises(FetchError) as raised:
        unpack(gzip.compress(twice), "", most=10_000)
    assert raised.value.code == "fetch.encoding"


def test_a_cut_gzip_body_gives_what_came() -> None:
    packed = gzip.compress(bytes(range(256)) * 4000)
    assert unpack(packed[: len(packed) // 2], "gzip", most=10**7).startswith(b"\0\1\2")
    broken = packed[:-8] + b"\0" * 8  # a wrong checksum, found when most has come out
    assert unpack(broken, "gzip", most=10**7).startswith(b"\0\1\2")


async def test_a_port_that_is_no_number_is_a_bad_url(make: Make) -> None:
    assert (await failure(make(), "http://news.example:http/")).code == "fetch.bad_url"


def test_garbage_under_a_coding_is_a_clear_error() -> None:
    for raw, coding in ((b"\x1f\x8b" + b"\xff" * 20, "gzip"), (b"\xff" * 20, "deflate")):
        with pytest.raises(FetchError) as raised:
            unpack(raw, coding, most=1000)
        assert raised.value.code == "fetch.encoding"
    with pytest.raises(FetchError) as raised:
        unpack(zlib.compress(b"x" * 2000), "deflate", most=1000)
    assert raised.value.code == "fetch.too_large"


async def test_an_endless_body_is_cut_off(site: NewsSite, make: Make) -> None:
    error = await failure(make(most_bytes=100_000), site.url("/endless"))
    assert (error.code, error.transient) == ("fetch.too_large", False)


async def test_a_body_that_announces_too_much_is_not_read(site: NewsSite, make: Make) -> None:
    error = await failure(make(most_bytes=100), site.url("/feed"))
    assert error.code == "fetch.too_large"


async def test_a_short_body_is_kept_and_flagged(site: NewsSite, make: Make) -> None:
    got = await make().fetch(site.url("/short"))
    assert (got.body, got.complete) == (FEED, False)


@pytest.mark.parametrize("path", ["/reset", "/drip-headers"])
async def test_a_broken_answer_may_be_tried_again(site: NewsSite, make: Make, path: str) -> None:
    error = await failure(make(), site.url(path))
    assert (error.code, error.transient) == ("fetch.broken", True)


@pytest.mark.parametrize("path", ["/slowloris", "/never"])
async def test_slowness_ends_at_the_total_limit(site: NewsSite, make: Make, path: str) -> None:
    error = await failure(make(total=timedelta(seconds=0.3)), site.url(path))
    assert (error.code, error.transient) == ("fetch.timeout", True)


# --- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "moved"),
    [
        ("/moved-301", "/feed"),
        ("/moved-308", "/feed"),
        ("/temp-302", None),
        ("/temp-307", None),
        ("/mixed", "/mixed-2"),
        ("/moved-home", "/home"),
        ("/relative", None),
        ("/set-cookie", None),
        ("/chain/5", None),
    ],
)
async def test_redirects_are_followed_and_only_permanent_ones_are_told(
    site: NewsSite, make: Make, path: str, moved: str | None
) -> None:
    got = await make().fetch(site.url(path))
    assert got.status == 200
    assert got.moved_to == (site.url(moved) if moved else None)


@pytest.mark.parametrize("path", ["/loop-a", "/self", "/chain/6", "/no-location"])
async def test_endless_redirects_end(site: NewsSite, make: Make, path: str) -> None:
    error = await failure(make(), site.url(path))
    assert (error.code, error.transient) == ("fetch.redirects", False)
    assert len(site.requests) <= 6


async def test_a_cookie_lives_for_one_fetch_only(site: NewsSite, make: Make) -> None:
    fetcher = make()
    await fetcher.fetch(site.url("/set-cookie"))
    await fetcher.fetch(site.url("/feed"))
    assert [r.headers.get("cookie") for r in site.requests] == [None, "seen=1", None]


# --- errors of the server ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code", "status", "transient", "wait"),
    [
        ("/404", "fetch.http_4xx", 404, False, None),
        ("/401", "fetch.http_4xx", 401, False, None),
        ("/410", "fetch.gone", 410, False, None),
        ("/403-challenge", "fetch.challenge", 403, True, None),
        ("/500", "fetch.http_5xx", 500, True, None),
        ("/503-retry", "fetch.http_5xx", 503, True, timedelta(seconds=300)),
        ("/429-seconds", "fetch.http_4xx", 429, True, timedelta(seconds=120)),
        ("/429-date", "fetch.http_4xx", 429, True, timedelta(hours=1)),
        ("/429-huge", "fetch.http_4xx", 429, True, timedelta(days=1)),
        ("/429-bad", "fetch.http_4xx", 429, True, None),
        ("/429-negative", "fetch.http_4xx", 429, True, None),
    ],
)
async def test_an_error_of_the_server_says_what_and_for_how_long(
    site: NewsSite,
    make: Make,
    path: str,
    code: str,
    status: int,
    transient: bool,
    wait: timedelta | None,
) -> None:
    error = await failure(make(), site.url(path))
    assert isinstance(error, StatusError)
    assert (error.code, error.status, error.transient) == (code, status, transient)
    assert error.retry_after == wait


async def test_a_pause_holds_for_the_whole_domain(site: NewsSite, make: Make) -> None:
    now = [NOW]
    fetcher = make(
        clock=lambda: now[0],
        resolver=FakeResolver(
            a_t_example=[["127.0.0.1"]],
            b_t_example=[["127.0.0.1"]],
            t_other=[["127.0.0.1"]],
        ),
    )
    await failure(fetcher, site.url("/429-seconds", host="a.t.example"))
    error = await failure(fetcher, site.url("/feed", host="b.t.example"))
    assert (error.code, error.retry_after) == ("fetch.postponed", timedelta(seconds=120))
    assert (await fetcher.fetch(site.url("/feed", host="t.other"))).status == 200
    now[0] += timedelta(seconds=121)
    assert (await fetcher.fetch(site.url("/feed", host="b.t.example"))).status == 200
    assert len(site.requests) == 3


async def test_no_listener_no_name_and_no_tls_are_told_apart(site: NewsSite, make: Make) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    fetcher = make(resolver=FakeResolver())
    assert (await failure(fetcher, f"http://127.0.0.1:{port}/")).code == "fetch.refused"
    assert (await failure(fetcher, "http://nowhere.example/")).code == "fetch.dns"
    assert (await failure(fetcher, f"https://127.0.0.1:{site.port}/")).code == "fetch.tls"


# --- politeness --------------------------------------------------------------------------------


async def test_one_request_to_a_host_is_in_flight(site: NewsSite, make: Make) -> None:
    urls = [site.publish(f"/slow-{n}", FEED, delay=0.02) for n in range(5)]
    fetcher = make()
    await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    assert (len(site.requests), site.busiest) == (5, 1)


async def test_requests_to_one_host_keep_their_distance(site: NewsSite, make: Make) -> None:
    fetcher = make(spacing=timedelta(seconds=0.1))
    loop = asyncio.get_running_loop()
    started = loop.time()
    for _ in range(3):
        await fetcher.fetch(site.url("/feed"))
    assert loop.time() - started >= 0.2


async def test_a_redirect_to_another_host_takes_that_hosts_turn(make: Make) -> None:
    async with NewsSite("127.0.0.1") as first, NewsSite("127.0.0.2") as second:
        fetcher = make(spacing=timedelta(seconds=0.2))
        target = second.publish("/slow", FEED, delay=0.05)
        first.publish("/away", b"", status=301, headers={"Location": target})
        loop = asyncio.get_running_loop()
        started = loop.time()
        direct, led = await asyncio.gather(fetcher.fetch(target), fetcher.fetch(first.url("/away")))
        assert loop.time() - started >= 0.25
        assert second.busiest == 1
        assert (direct.moved_to, led.moved_to) == (None, target)


async def test_a_pause_also_holds_for_who_is_sent_there(site: NewsSite, make: Make) -> None:
    fetcher = make(resolver=FakeResolver(a_example=[["127.0.0.1"]], b_example=[["127.0.0.1"]]))
    target = site.url("/429-seconds", host="b.example")
    site.publish("/away", b"", status=302, headers={"Location": target})
    assert (await failure(fetcher, target)).code == "fetch.http_4xx"
    error = await failure(fetcher, site.url("/away", host="a.example"))
    assert (error.code, error.retry_after) == ("fetch.postponed", timedelta(seconds=120))
    assert len(site.seen("/429-seconds")) == 1


async def test_who_waits_for_a_turn_hears_of_a_pause_and_does_not_ask(
    site: NewsSite, make: Make
) -> None:
    fetcher = make()
    urls = [site.publish(f"/{n}", b"", status=429, headers={"Retry-After": "60"}) for n in "abc"]
    errors = await asyncio.gather(*(failure(fetcher, url) for url in urls))
    assert [e.code for e in errors] == ["fetch.http_4xx", "fetch.postponed", "fetch.postponed"]
    assert len(site.requests) == 1


async def test_hosts_are_not_remembered_for_ever(site: NewsSite, make: Make) -> None:
    from bot.fetcher import client

    memory: dict[str, int] = {}
    for number in range(client._MOST_HOSTS + 5):
        client._remember(memory, f"h{number}", number)
    assert len(memory) == client._MOST_HOSTS
    assert "h0" not in memory


async def test_the_fetcher_works_as_a_context_and_closes_twice(site: NewsSite) -> None:
    async with Fetcher(
        clock=lambda: NOW, user_agent="t", allow_private=LOOPBACK, spacing=timedelta(0)
    ) as fetcher:
        assert (await fetcher.fetch(site.url("/feed"))).status == 200
    await fetcher.close()


# --- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize("url", TARGETS["block"])
async def test_no_private_address_is_asked_directly(make: Make, url: str) -> None:
    # Names that the system resolves are given loopback, as an attacker's would be.
    names = {"news_example": [["93.184.216.34"]], "foo_localhost": [["127.0.0.1"]]}
    error = await failure(make(allow_private=(), resolver=FakeResolver(**names)), url)
    assert error.code in ("fetch.blocked_address", "fetch.bad_url", "fetch.dns")
    assert not error.transient or error.code == "fetch.dns"


@pytest.mark.parametrize("url", TARGETS["block"])
async def test_no_private_address_is_reached_by_a_redirect(
    site: NewsSite, make: Make, url: str
) -> None:
    # Only the site itself is opened, so that each target is judged as on the open internet.
    fetcher = make(allow_private=("127.0.0.1/32",), resolver=FakeResolver())
    target = url.replace("127.0.0.1", "127.0.0.2").replace("7f00:1", "7f00:2")
    first = site.publish("/go", b"", status=302, headers={"Location": target})
    error = await failure(fetcher, first)
    assert error.code in ("fetch.blocked_address", "fetch.bad_url", "fetch.dns", "fetch.redirects")
    assert len(site.requests) == 1


@pytest.mark.parametrize("name", list(TARGETS["block_if_dns_answers"]))
async def test_a_name_with_any_private_address_is_refused(make: Make, name: str) -> None:
    answers = TARGETS["block_if_dns_answers"][name][-1:]
    resolver = FakeResolver(**{name.replace(".", "_"): answers})
    error = await failure(make(allow_private=(), resolver=resolver), f"http://{name}/")
    assert (error.code, error.transient) == ("fetch.blocked_address", False)
    assert resolver.asked == [name]


@pytest.mark.parametrize("url", TARGETS["allow"])
def test_public_addresses_pass(url: str) -> None:
    assert Policy().checked(URL(url)) == URL(url)


def test_the_socket_is_checked_whatever_the_name_resolved_to() -> None:
    policy = Policy()
    for address, port in (("127.0.0.1", 80), ("10.0.0.1", 443), ("93.184.216.34", 22)):
        with pytest.raises(BlockedAddress):
            policy.socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)))
    for address in ("::1", "fe80::1%eth0", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"):
        with pytest.raises(BlockedAddress):
            policy.socket((socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 80, 0, 0)))
    policy.socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))).close()


async def test_a_name_that_is_rebound_after_the_check_does_not_connect(
    site: NewsSite, make: Make
) -> None:
    """The second answer is private: the check is made on each, and again on the socket."""
    resolver = FakeResolver(rebind_example=[["93.184.216.34"], ["127.0.0.1"]])
    policy = Policy(ports=[site.port])
    first = await resolver.resolve("rebind.example", site.port)
    assert is_public(ip_address(first[0]["host"]))
    fetcher = make(allow_private=(), allow_ports=[site.port], resolver=resolver)
    error = await failure(fetcher, site.url("/feed", host="rebind.example"))
    assert error.code == "fetch.blocked_address"
    with pytest.raises(BlockedAddress):
        policy.socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.port)))
    assert site.connections == 0


async def test_the_resolver_is_closed_with_its_wrapper() -> None:
    class Closing(FakeResolver):
        closed = False

        async def close(self) -> None:
            self.closed = True

    inner = Closing()
    await CheckedResolver(inner, Policy()).close()
    assert inner.closed


def test_an_opened_network_is_open_on_every_port() -> None:
    policy = Policy(allow_private=["10.1.0.0/16", "fd00::/8"], ports=[81])
    assert policy.checked(URL("http://10.1.2.3:3000/"))
    assert policy.checked(URL("http://[fd00::1]:9/"))
    assert policy.checked(URL("http://intranet.local:3000/"))  # its address is checked later
    for url in ("http://10.2.0.1/", "http://93.184.216.34:3000/"):
        with pytest.raises(FetchError):
            policy.checked(URL(url))
    assert Policy(ports=[81]).checked(URL("http://news.example:81/"))
    with pytest.raises(FetchError):
        Policy(ports=[81]).checked(URL("http://news.example:82/"))


async def test_a_proxy_gets_the_request(site: NewsSite, make: Make) -> None:
    site.publish("http://news.example/feed", FEED)
    fetcher = make(allow_private=(), proxy=site.url("").rstrip("/"))
    assert (await fetcher.fetch("http://news.example/feed")).body == FEED
    assert (await failure(fetcher, "http://10.0.0.1/")).code == "fetch.blocked_address"


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.t.example", "t.example"),
        ("news.co.jp", "news.co.jp"),
        ("www.news.co.jp", "news.co.jp"),
        ("x.com.cn.", "x.com.cn"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_a_domain_is_what_one_owner_has(host: str, domain: str) -> None:
    assert registrable(host) == domain


@pytest.mark.parametrize(
    ("given", "fresh"),
    [
        ({"Cache-Control": "max-age=60"}, timedelta(minutes=1)),
        ({"Cache-Control": "no-cache, max-age=60"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=99999999"}, timedelta(days=1)),
        ({"Expires": "Tue, 30 Jul 2024 13:00:00 GMT"}, timedelta(hours=1)),
        ({"Expires": "0"}, None),
        (
            {
                "Expires": "Tue, 30 Jul 2024 13:00:00 GMT",
                "Date": "Tue, 30 Jul 2024 12:59:00 -0000",
            },
            timedelta(minutes=1),
        ),
        ({}, None),
    ],
)
def test_freshness_is_read_from_the_headers(given: dict[str, str], fresh: timedelta | None) -> None:
    assert headers.fresh_for(given, NOW) == fresh
