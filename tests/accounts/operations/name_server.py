"""A name server for the tests: real questions over UDP, answers from a dictionary."""

import socket
import threading
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


@contextmanager
def serving(texts):
    """Yield a resolver that asks a server which knows only `texts`: {name: [TXT, ...]}."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer, args=(server, texts))
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        try:
            yield resolver
        finally:
            server.sendto(b"", server.getsockname())
            thread.join()


def _answer(server, texts):
    while True:
        packet, sender = server.recvfrom(4096)
        if not packet:
            return
        question = dns.message.from_wire(packet)
        reply = dns.message.make_response(question)
        name = question.question[0].name
        found = texts.get(name.to_text(omit_final_dot=True))
        if found:
            quoted = [f'"{text}"' for text in found]
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *quoted))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(reply.to_wire(), sender)
