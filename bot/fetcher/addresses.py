"""Which addresses and ports a stranger's URL may reach.

The host's text proves nothing: ``2130706433``, ``①②⑦.①`` and a name with a changing record all
end at loopback. So the policy looks at addresses twice: at every one that a name resolves to (one
bad address refuses the name), and at the one that a socket is about to be connected to.
"""

import socket
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import FetchError

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

PORTS = frozenset((80, 443, 8080, 8443))
SCHEMES = frozenset(("http", "https"))
LONGEST_URL = 2048

# IANA special-purpose registries (RFC 6890 and updates), multicast and reserved space, and cloud
# metadata services that sit on addresses which look public.
_CLOSED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32",
        "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
        "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# IPv6 is open only where IANA has given out global unicast space. Everything else (loopback,
# mapped and compatible forms, NAT64, unique and link local, site local, multicast) is closed.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(net)
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_CLOSED_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa", "onion")


class BlockedAddress(OSError):
    """A socket was about to be opened to an address that is not allowed."""


class Policy:
    """What may be reached: public addresses on the usual ports, and what an operator opened.

    In an opened network every port may be used; elsewhere only PORTS and `ports`.
    """

    def __init__(
        self, *, allow_private: Iterable[str | Network] = (), ports: Iterable[int] = ()
    ) -> None:
        self._opened = tuple(ip_network(str(net)) for net in allow_private)
        self._ports = PORTS | frozenset(ports)

    def is_allowed(self, address: Address) -> bool:
        """Whether an address may be connected to; IPv4 in IPv6 counts as the IPv4 within."""
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return self.is_opened(address) or is_public(address)

    def is_opened(self, address: Address) -> bool:
        return any(address in net for net in self._opened)

    def checked(self, url: URL) -> URL:
        """The URL, if its scheme, port and host may be asked for at all.

        Raises FetchError (``fetch.bad_url``, ``fetch.blocked_address``).
        """
        if url.scheme not in SCHEMES or not url.raw_host or len(str(url)) > LONGEST_URL:
            raise FetchError("not an http(s) URL", code="fetch.bad_url", transient=False)
        if url.user is not None or url.password is not None:
            raise FetchError("a URL with credentials", code="fetch.bad_url", transient=False)
        literal = _literal(url.raw_host)
        if literal is not None and not self.is_allowed(literal):
            raise _blocked()
        if url.port not in self._ports and not self._may_be_opened(literal):
            raise FetchError(f"port {url.port}", code="fetch.blocked_address", transient=False)
        if literal is None and not self._opened and _is_closed_name(url.raw_host):
            raise _blocked()
        return url

    def _may_be_opened(self, literal: Address | None) -> bool:
        return bool(self._opened) if literal is None else self.is_opened(literal)

    def socket(
        self, info: tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]
    ) -> socket.socket:
        """A socket for an address about to be connected to (aiohttp's socket_factory)."""
        family, kind, proto, _, where = info
        address = ip_address(where[0].partition("%")[0])
        if not self.is_allowed(address):
            raise BlockedAddress("the address is not allowed")
        if where[1] not in self._ports and not self.is_opened(address):
            raise BlockedAddress("the port is not allowed")
        return socket.socket(family=family, type=kind, proto=proto)


class CheckedResolver(AbstractResolver):
    """A resolver that refuses a name when any of its addresses is closed: a mixed answer is an
    attack or a mistake, and neither deserves a try."""

    def __init__(self, inner: AbstractResolver, policy: Policy) -> None:
        self._inner = inner
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        # A final dot keeps search domains out: `intranet` must not become a company's host.
        found = await self._inner.resolve(host, port, family=family)
        for result in found:
            if not self._policy.is_allowed(ip_address(result["host"].partition("%")[0])):
                raise BlockedAddress("the name has an address that is not allowed")
        return found

    async def close(self) -> None:
        await self._inner.close()


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _CLOSED_V4)
    return address in _OPEN_V6 and not any(address in net for net in _CLOSED_V6)


def _blocked() -> FetchError:
    return FetchError("the address is not public", code="fetch.blocked_address", transient=False)


def _is_closed_name(host: str) -> bool:
    name = host.rstrip(".").lower()
    return any(name == closed or name.endswith(f".{closed}") for closed in _CLOSED_NAMES)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.rstrip("."))
    except ValueError:
        return None


def registrable(host: str) -> str:
    """The part of a host name that one owner has, by rule of thumb: the last two labels, three
    under a country's ``co``, ``com``, ``ac`` and the like; an address as it is."""
    if _literal(host) is not None:
        return host
    labels = host.lower().rstrip(".").split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if deep else -2 :])


_SECOND_LEVEL: Sequence[str] = ("co", "com", "net", "org", "ne", "or", "ac", "go", "gov", "edu")
