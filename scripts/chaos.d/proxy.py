"""A TCP proxy on loopback that treats the server behind it badly, or not at all."""

import contextlib
import enum
import random
import select
import socket
import threading
import time

SLOW_DOWN = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"


class Mood(enum.Enum):
    """What happens to connections; it holds for those that are open, too."""

    KIND = "passes everything"
    AWAY = "closes at once"
    CUTTING = "resets within the first bytes of a transfer"
    SLOW = "passes 20 kB a second"
    SILENT = "takes bytes and passes none"
    BUSY = "answers 503"


class Proxy:
    """Passes connections to `port`; `mood` may change at any time, from any thread."""

    CHUNK = 16384

    def __init__(self, port, seed=0):
        self.target, self.mood, self._random = port, Mood.KIND, random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.cut_count = 0
        """Transfers that were cut, answered 503 or turned away."""
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, contextlib.suppress(OSError):
            if self.mood is Mood.AWAY:
                self.cut_count += 1
                return
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                self._pass(client, server)

    def _pass(self, client, server):
        """Both directions, until one side closes or the mood ends it."""
        left = self._random.randrange(1, 200_000)
        while True:
            mood = self.mood
            if mood is Mood.AWAY:
                return self._reset(client)
            if mood is Mood.SILENT:
                time.sleep(0.1)
                continue
            for source in select.select([client, server], [], [], 0.2)[0]:
                if self.mood is Mood.BUSY and source is client:
                    return self._refuse(client)
                size = 2000 if self.mood is Mood.SLOW else self.CHUNK
                if not (data := source.recv(size)):
                    return None
                if self.mood is Mood.CUTTING:
                    left -= len(data)
                    if left < 0:
                        return self._reset(client)
                if self.mood is Mood.SLOW:
                    time.sleep(len(data) / 20_000)
                (server if source is client else client).sendall(data)

    def _reset(self, client):
        """Closes with RST, as a router does that forgot the connection."""
        self.cut_count += 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def _refuse(self, client):
        self.cut_count += 1
        client.recv(self.CHUNK)
        head = "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n"
        client.sendall(head.encode() + b"Content-Length: %d\r\n\r\n%s" % (len(SLOW_DOWN), SLOW_DOWN))
