"""What must be written down although the database is away: a crash of the server is over in seconds."""

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

# Much shorter than a lease and than a worker's patience with one task.
_PATIENCE_S, _PAUSE_S = 45.0, 0.5


def patiently(write: Callable[[], None]) -> None:
    """Call `write` until the database takes it; it must not mind being repeated. Outside any transaction.

    Raises OperationalError or InterfaceError when the database stays away.
    """
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            write()
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            logger.warning("The database does not take what became of the mails; trying again.", exc_info=True)
            connection.close()
            time.sleep(_PAUSE_S)
        else:
            return
