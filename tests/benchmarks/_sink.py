"""A mail server that costs little: it counts what it takes. `python -m tests.benchmarks._sink` prints its port.

It offers PIPELINING as every mail server in use does. `XSTAT` answers how many mails it took, and when the first and
the last of them came, in seconds of the machine's clock; `XLOG` a line for each mail to a watched address, and when.
"""

import asyncio
import sys
import time

WATCHED = "@watched.example"


class Sink:
    """What all connections have taken."""

    def __init__(self) -> None:
        self.taken, self.first, self.last = 0, 0.0, 0.0
        self.watched: list[tuple[str, float]] = []

    def take(self, recipient: bytes) -> None:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.taken += 1
        if recipient.endswith(_WATCHED):
            self.watched.append((recipient[9:-1].decode(), self.last))


_WATCHED = WATCHED.encode() + b">"


class Conversation(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink, self._rest, self._in_content, self._to = sink, b"", False, b""

    def connection_made(self, transport):
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data):
        self._rest += data
        answers: list[bytes] = []
        while self._in_content or b"\r\n" in self._rest:
            if self._in_content:
                _head, end, rest = self._rest.partition(b"\r\n.\r\n")
                if not end:
                    break
                self._in_content, self._rest = False, rest
                self._sink.take(self._to)
                answers.append(b"250 2.0.0 Taken\r\n")
            else:
                line, _, self._rest = self._rest.partition(b"\r\n")
                answers.append(self._answer(line[:4].upper(), line))
        self._transport.write(b"".join(answers))

    def _answer(self, command: bytes, line: bytes) -> bytes:
        if command == b"RCPT":
            self._to = line
        if command == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        if command == b"DATA":
            self._in_content = True
            return b"354 Go on\r\n"
        if command == b"XSTA":
            return f"250 {self._sink.taken} {self._sink.first} {self._sink.last}\r\n".encode()
        if command == b"XLOG":
            lines = [f"250-{address} {at}\r\n" for address, at in self._sink.watched]
            return ("".join(lines) + "250 that is all\r\n").encode()
        return b"221 Bye\r\n" if command == b"QUIT" else b"250 2.1.0 Ok\r\n"


async def main() -> None:
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(sink), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
