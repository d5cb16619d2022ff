"""Somebody who sends a byte now and then holds neither the service nor a connection."""

import socket
import time

from service import API_KEY


def test_a_body_that_does_not_arrive_is_given_up(backend):
    with socket.create_connection(("127.0.0.1", backend.service.port), timeout=60) as connection:
        head = ("POST /api/processContent HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + API_KEY + "\r\n"
                "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
        connection.sendall(head.encode())
        began, answer = time.monotonic(), b""
        while b"\r\n\r\n" not in answer and time.monotonic() - began < 50:
            if time.monotonic() - began < 19:
                connection.sendall(b" ")
                time.sleep(1)
            else:
                answer += connection.recv(1000)
        assert answer.startswith(b"HTTP/1.1 408"), answer
    assert backend.service.get("/healthz").status == 200
