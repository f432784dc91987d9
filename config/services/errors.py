"""What can go wrong with the embedded services."""


class ServicesError(RuntimeError):
    """A service cannot be started, reached or removed; the message says what to do."""
