"""The broker: there, and told to forget nothing."""

from collections.abc import Iterator

from redis import Redis, RedisError

from accounts.operations import queries
from accounts.operations.findings import Finding, ok, unknown, wrong


def check() -> Iterator[Finding]:
    with queries.broker() as client:
        try:
            client.ping()
        except (RedisError, OSError) as error:
            yield wrong(
                f"The broker does not answer: {error}",
                "Start Redis or Valkey, or correct REDIS_URL. Until then mail waits for it; nothing is lost.",
            )
            return
        yield ok("The broker answers.")
        yield _policy(client)


def _policy(client: Redis) -> Finding:
    try:
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "")
    except RedisError:
        return unknown(
            "The broker does not say what it does when its memory is full.", "Make sure that it is noeviction."
        )
    if policy != "noeviction":
        return wrong(
            f"When its memory is full the broker throws messages away ({policy}).",
            "Set maxmemory-policy to noeviction, and keep caches elsewhere.",
        )
    return ok("The broker throws nothing away.")
