"""Proxies that make an S3 server look unwilling or forgetful."""

import socket
import threading
import urllib.parse


class UnwillingProxy:
    """Answers every n-th request on loopback with 503 and passes the others on to a port."""

    def __init__(self, port, every):
        self.upstream, self.every, self.refusals, self.count = port, every, 0, 0
        self.lock = threading.Lock()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def refusal(self, _head, _body):
        """The status line's end with which a request is refused, or None."""
        with self.lock:
            self.count += 1
            refused = self.every and self.count % self.every == 0
            self.refusals += bool(refused)
            return b"503 Slow Down" if refused else None

    def serve(self, client):
        with client, client.makefile("rb") as requests:
            while head := self.read_head(requests):
                body = requests.read(self.length(head))
                if refusal := self.refusal(head, body):
                    client.sendall(b"HTTP/1.1 " + refusal + b"\r\nContent-Length: 0\r\n\r\n")
                    continue
                with socket.create_connection(("127.0.0.1", self.upstream)) as server:
                    server.sendall(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + body)
                    while piece := server.recv(65536):
                        client.sendall(piece)
                return

    @staticmethod
    def read_head(stream):
        head = b""
        while line := stream.readline():
            head += line
            if line == b"\r\n":
                return head
        return None

    @staticmethod
    def length(head):
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                return int(line.split(b":")[1])
        return 0


class ForgetfulProxy(UnwillingProxy):
    """Refuses the first upload to every key and leaves a part of it there, without metadata: a server that dies."""

    def __init__(self, port, store):
        super().__init__(port, every=0)
        self.store, self.broken = store, set()

    def refusal(self, head, body):
        method, target = head.split(b" ")[:2]
        key = urllib.parse.unquote(target.decode()).split("/", 2)[2] if target.count(b"/") > 1 else ""
        with self.lock:
            if method != b"PUT" or key in self.broken:
                return None
            self.broken.add(key)
        self.store.put(key, body[:len(body) // 2])
        return b"403 Forbidden"
