"""How a request that claims to be Slack's is refused."""


class NoSuchHook(Exception):
    """Nobody gave out this address."""


class Forged(Exception):
    """The request is not Slack's, or too old."""


class Unreadable(Exception):
    """The request is not in Slack's form."""
