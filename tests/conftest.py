"""What all tests share: evaluation data, the network guard, a clock and the database servers."""

import os
import socket
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"

# The moment that tests live in: a Monday morning, so that weekdays and zones are easy to follow.
NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The evaluation data beside the checkout; a checkout alone is tested without it."""
    if not SHARED.is_dir():
        if os.environ.get("CI") and (ROOT.parent / "shared").exists():
            pytest.fail(f"{SHARED} is missing although its parent is there")
        pytest.skip("the evaluation data (shared/data beside the checkout) is not here")
    return SHARED


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any test that opens a socket to another machine, whatever library it uses."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = ip_address(str(address[0]).split("%")[0])
            assert host.is_loopback, f"a test tried to reach {host}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
