"""A real worker with an impatient watchdog, run with: seconds between two looks, what befalls it (or "nothing"), and
a file that is made when it has befallen, so that the worker's successor is spared."""

import sys
import time
from pathlib import Path

import django

django.setup()

from celery import signals  # noqa: E402 -- only after the set-up
from celery.__main__ import main  # noqa: E402
from kombu.transport.redis import Channel  # noqa: E402

from accounts.workers import watchdog  # noqa: E402
from config.celery import app  # noqa: E402

LOOK_S, FATE, DONE = float(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
watchdog.LOOK_S, watchdog.LAST_GASP_S = LOOK_S, 1.0


@app.task(name="tests.echo")
def echo(*, word, seconds=0):
    sys.stdout.write(f"echo {word}\n")
    sys.stdout.flush()
    time.sleep(seconds)


def befall(sender, **kwargs):
    DONE.touch()
    if FATE == "deaf":
        # Connected, its event loop turns, and it asks the broker for nothing any more.
        Channel._brpop_start = lambda self, timeout=None: None
    elif FATE == "hung":
        sender.hub.call_later(0.1, time.sleep, 600)


if FATE != "nothing" and not DONE.exists():
    signals.worker_ready.connect(befall)
sys.argv = ["celery", "--quiet", "-A", "config", "worker", "-Q", "default", "--concurrency", "1", "-n", "watched@test"]
sys.exit(main())
