"""Does somebody ask faster than people do? Counted without knowing who.

For each minute there is a fresh random key, and a count for each digest of an address under it. When
the minute is over, key and counts are thrown away. Nothing is written anywhere, and the address
itself is never kept. Behind a reverse proxy every request comes from this machine; then the proxy
keeps the pace (see ``ops/nginx.conf``) and nothing is counted here.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter

#: A whole house answering at once on one line: 20 people, a page every two seconds each.
MOST_A_MINUTE = 600
_OURSELVES = ("127.", "::1")


class Pace:
    """Counts of one minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = -1
        self._key = b""
        self._counts: Counter[bytes] = Counter()

    def is_too_fast(self, address: str) -> bool:
        """Count one more request from an address; say whether that is too many this minute."""
        if not address or address.startswith(_OURSELVES):
            return False
        minute = int(time.monotonic() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._key = minute, secrets.token_bytes(32)
                self._counts.clear()
            digest = hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()
            self._counts[digest] += 1
            return self._counts[digest] > MOST_A_MINUTE


pace = Pace()
