import os
import tempfile
import time

from config import services
from tests.benchmarks import __main__ as m


def pgcpu():
    t = 0
    for p in os.listdir("/proc"):
        if p.isdigit():
            try:
                c = open(f"/proc/{p}/cmdline").read()
                if "goodword_bench" in c or "goodword_app goodword_bench" in c:
                    f = open(f"/proc/{p}/stat").read().rsplit(")", 1)[1].split()
                    t += int(f[11]) + int(f[12])
            except OSError:
                pass
    return t / 100


with services.running(m._DATA) as endpoints, tempfile.TemporaryDirectory(prefix="goodword-bench-") as folder:
    os.environ.update(endpoints.environment() | {"GOODWORD_DATA": folder, "LOG_LEVEL": "WARNING"})
    m._create_database(endpoints.migration_database_url)
    m._start_django()
    from tests.benchmarks import _asks
    from tests.benchmarks import dispatch as d

    t = time.time()
    ws = _asks.make(6000)
    print("made", time.time() - t)
    from django.conf import settings

    from accounts.mail import dispatcher

    with d._sink() as port:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
        dispatcher.dispatch_all(most=1000, until=time.monotonic() + 100)
        import collections

        from django.db import connection

        tm = collections.defaultdict(lambda: [0, 0.0])

        def w(execute, sql, params, many, context):
            t = time.perf_counter()
            k = " ".join(sql.split())[:60]
            if (
                False
                and tm[" ".join(sql.split())[:110]][0] == 10
                and any(
                    k.startswith(x)
                    for x in ("WITH", "SELECT ask", "INSERT INTO accounts_event", "UPDATE accounts_message")
                )
            ):
                from django.db import transaction

                try:
                    with transaction.atomic():
                        with connection.cursor() as c:
                            c.cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql, params)
                            print("\n".join(r[0] for r in c.cursor.fetchall()))
                            print()
                        raise KeyError
                except KeyError:
                    pass
                t = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                e = tm[" ".join(sql.split())[:110]]
                e[0] += 1
                e[1] += time.perf_counter() - t

        c0 = time.process_time()
        w0 = time.time()
        g0 = pgcpu()
        with connection.execute_wrapper(w):
            dispatcher.dispatch_all(most=2000, until=time.monotonic() + 100)
        n = 2000
        print(
            "client us/mail",
            (time.process_time() - c0) / n * 1e6,
            "wall us",
            (time.time() - w0) / n * 1e6,
            "pg us",
            (pgcpu() - g0) / n * 1e6,
        )
        for k, (c, t) in sorted(tm.items(), key=lambda x: -x[1][1])[:25]:
            print(f"{t / n * 1e6:8.1f} us/mail {c:5d} {k}")
        c0 = time.process_time()
        d._BASELINE = 3000
        d._hand_over(port)
        print("smtplib client us/mail", (time.process_time() - c0) / 3000 * 1e6)
