"""A token bucket, as AWS counts requests."""
import threading
import time


class Bucket:
    """Tokens that come at a rate, up to a second's worth; a call takes one."""

    def __init__(self, per_second):
        self._rate = self._tokens = float(per_second)
        self._filled, self._lock = time.monotonic(), threading.Lock()

    def take(self):
        """Whether there was a token left."""
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._rate, self._tokens + (now - self._filled) * self._rate)
            self._filled = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
