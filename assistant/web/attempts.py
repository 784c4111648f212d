"""How often somebody may try to log in before they have to wait."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

MOST = 10
"""Attempts of one address within ``WINDOW`` seconds."""
WINDOW = 300.0
_ADDRESSES = 10_000


class Attempts:
    """Counts attempts by address, before it is known whether they fail."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the clock, in seconds."""
        self._clock = clock
        self._by_address: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, address: str) -> float:
        """Count an attempt, and return 0; or return how many seconds to wait with it."""
        now, key = self._clock(), _network(address)
        times = self._by_address.setdefault(key, deque(maxlen=MOST))
        self._by_address.move_to_end(key)
        if len(self._by_address) > _ADDRESSES:
            self._by_address.popitem(last=False)
        if len(times) == MOST and now - times[0] < WINDOW:
            return WINDOW - (now - times[0])
        times.append(now)
        return 0.0

    def succeeded(self, address: str) -> None:
        """Forget the attempt that was counted last: it was right."""
        times = self._by_address.get(_network(address))
        if times:
            times.pop()


def _network(address: str) -> str:
    """Return the address, or of one of version 6 the network, which is one customer's."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
