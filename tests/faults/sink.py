"""The mail server of a run, and its judge: it logs every mail it has taken, and can be told to misbehave.

A mail is taken when the server decides to keep it, before it says so: whoever does not hear that must not try again.
"""

import asyncio
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from config.services.state import is_free
from tests.faults.house import PORTS

_MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(rb"^RCPT TO:[ \t]*<([^>]*)>", re.IGNORECASE)
_HEADERS = 8000
_A_FEW_BYTES = 64
_LONGEST = 2**22
_END = b"\r\n.\r\n"
# In the order of a conversation; `taken` comes after the decision and before the reply.
STEPS = ("connected", "mail", "rcpt", "data", "inside", "content", "taken")


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail the server took: when, for whom, and under which Message-ID."""

    at: float
    recipient: str
    message_id: str


@dataclass(eq=False)
class Blow:
    """One misbehaviour at the next time a conversation comes to `step`.

    `act` is called first, in the server's thread, with the client's port.

    Then the server stays silent for `delay_s`; says `reply` instead of
    what it would have said; hangs up (`cut`); or drips its reply.
    """

    step: str
    act: Callable[[int], object] | None = None
    delay_s: float = 0
    reply: bytes = b""
    cut: bool = False
    drip: bool = False
    landed: threading.Event = field(default_factory=threading.Event)
    landed_at: float = 0


@dataclass(frozen=True, slots=True)
class _Letter:
    """How far a conversation about one mail has come."""

    begun: bool = False
    recipient: str = ""


class HungUp(Exception):
    """This conversation is over."""


class Sink:
    """`with Sink() as sink:` a server on `sink.url`, in a thread of its own; `sink.taken` is what it took."""

    def __init__(self) -> None:
        self.port = next(port for port in reversed(PORTS) if is_free(port))
        self.taken: list[Taken] = []
        self._blows: dict[str, deque[Blow]] = {step: deque() for step in STEPS}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sink", daemon=True)
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> "Sink":
        self._thread.start()
        self.come_back()
        return self

    def __exit__(self, *_error: object) -> None:
        self.go_away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def arm(self, blow: Blow) -> Blow:
        """Let the next conversation that comes to `blow.step` feel it."""
        self._blows[blow.step].append(blow)
        return blow

    def disarm(self, blow: Blow) -> bool:
        """Take it back; False where it has landed."""
        try:
            self._blows[blow.step].remove(blow)
        except ValueError:
            return False
        return True

    def go_away(self) -> None:
        """Nobody listens, and every conversation is broken off."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()

    def come_back(self) -> None:
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    async def _open(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, limit=_LONGEST, backlog=512)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._talks):
            writer.transport.abort()
        # One turn of the loop, so that the conversations hear of it.
        await asyncio.sleep(0)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talks.add(writer)
        try:
            await self._conversation(_Line(reader, writer))
        except (HungUp, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()
        finally:
            self._talks.discard(writer)
            writer.close()

    async def _conversation(self, line: "_Line") -> None:
        await self._say(line, "connected", b"220 sink ESMTP")
        letter = _Letter()
        while True:
            command = await line.reader.readuntil(b"\r\n")
            verb = command[:4].upper()
            if verb == b"QUIT":
                line.say(b"221 Bye")
                return
            if verb in (b"EHLO", b"HELO"):
                line.say(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000")
            elif verb in (b"MAIL", b"RCPT", b"DATA"):
                letter = await self._step(line, letter, verb, command)
            else:
                letter = _Letter()
                line.say(b"250 Yes")

    async def _step(self, line: "_Line", letter: "_Letter", verb: bytes, command: bytes) -> "_Letter":
        if verb == b"MAIL":
            return _Letter(begun=await self._say(line, "mail", b"250 Yes"))
        if verb == b"RCPT" and letter.begun:
            found = _RECIPIENT.match(command)
            accepted = await self._say(line, "rcpt", b"250 Yes")
            return _Letter(begun=True, recipient=found[1].decode("ascii", "replace") if found and accepted else "")
        if verb == b"DATA" and letter.recipient:
            if await self._say(line, "data", b"354 Go on"):
                await self._take(line, letter.recipient)
            return _Letter()
        line.say(b"503 One after the other")
        return letter

    async def _take(self, line: "_Line", recipient: str) -> None:
        start = b""
        if self._blows["inside"]:
            start = await line.reader.readexactly(_A_FEW_BYTES)
            await self._feel("inside", line)
        content = start + await line.reader.readuntil(_END)
        blow = await self._feel("content", line)
        if blow is not None and blow.reply:
            line.say(blow.reply)
            return
        found = _MESSAGE_ID.search(content, 0, _HEADERS)
        self.taken.append(Taken(time.time(), recipient, found[1].decode() if found else ""))
        await self._say(line, "taken", b"250 Taken")

    async def _say(self, line: "_Line", step: str, reply: bytes) -> bool:
        """Answer as usual, or as a blow has it; True where the answer was the usual one."""
        blow = await self._feel(step, line)
        if blow is None:
            line.say(reply)
            return True
        if blow.drip:
            await line.drip(reply)
            return True
        line.say(blow.reply or reply)
        return not blow.reply

    async def _feel(self, step: str, line: "_Line") -> Blow | None:
        """Raises HungUp."""
        if not self._blows[step]:
            return None
        blow = self._blows[step].popleft()
        if blow.act is not None:
            blow.act(line.port)
        blow.landed_at = time.time()
        blow.landed.set()
        if blow.delay_s:
            await asyncio.sleep(blow.delay_s)
        if blow.cut:
            raise HungUp
        return blow


class _Line:
    """What the server writes to one client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self._writer = reader, writer
        self.port: int = writer.get_extra_info("peername")[1]

    def say(self, reply: bytes) -> None:
        self._writer.write(reply + b"\r\n")

    async def drip(self, reply: bytes) -> None:
        for byte in reply + b"\r\n":
            self._writer.write(bytes([byte]))
            await asyncio.sleep(0.1)
