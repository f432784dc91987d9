"""When a worker is deaf: alive, connected, and nothing comes in any more."""


class Vigil:
    """Counts looks in a row at which nothing had come in although the broker held a message for this worker.

    Looks are counted, not seconds: a machine that slept for an hour must not wake up to a verdict.
    """

    def __init__(self, *, idle_looks: int, looks: int) -> None:
        self._idle_looks, self._looks = idle_looks, looks
        self._silent = self._idle = 0

    def is_deaf(self, *, consumed: bool, busy: bool, probed: bool) -> bool:
        """The verdict after one more look.

        consumed: something came in since the last look. probed: the broker took our probe at the last look; without
        one silence proves nothing. busy: tasks run; they keep a worker from taking more, but not for longer than
        their time limit, which `looks` must exceed.
        """
        if consumed or not probed:
            self._silent = self._idle = 0
            return False
        self._silent += 1
        self._idle = 0 if busy else self._idle + 1
        return self._idle >= self._idle_looks or self._silent >= self._looks
