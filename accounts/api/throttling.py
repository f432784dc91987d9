"""Requests a minute, per key."""

import logging
import time
from typing import Any

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)
DEFAULT_PER_MINUTE = 600
_WINDOW_S = 60

_client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


class KeyThrottle(BaseThrottle):
    """A fixed window of one minute. Without Redis requests pass: a queue may be lost, the API may not."""

    wait_s = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        if request.auth is None:
            return True
        limit = request.workspace.limit("api_requests_per_minute", DEFAULT_PER_MINUTE)
        now = int(time.time())
        used = _count(f"goodword:rate:{request.auth.pk}:{now // _WINDOW_S}")
        self.wait_s = _WINDOW_S - now % _WINDOW_S
        request._request.rate_limit = (limit, max(0, limit - used), self.wait_s)
        return used <= limit

    def wait(self) -> float:
        return self.wait_s


def _count(name: str) -> int:
    try:
        with _client.pipeline(transaction=False) as pipe:
            pipe.incr(name)
            pipe.expire(name, 2 * _WINDOW_S)
            return int(pipe.execute()[0])
    except redis.RedisError:
        log.warning("rate limits are off: Redis does not answer", exc_info=True)
        return 0
