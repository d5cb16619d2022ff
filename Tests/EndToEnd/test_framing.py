"""What breaks the rules of HTTP is answered with 400, and what the rules offer is taken."""

import socket
import time

import pytest

from service import API_KEY

HEAD = ("POST /api/processContent HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + API_KEY + "\r\n"
        "Content-Type: application/json\r\n")
BROKEN = {
    "a chunk size that is no number": HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk longer than its size": HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}}}\r\n0\r\n\r\n",
    "a body shorter than promised": HEAD + "Content-Length: 1000\r\n\r\n{}",
    "two lengths": HEAD + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length that is no number": HEAD + "Content-Length: two\r\n\r\n{}",
    "a length and chunks": HEAD + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "a line that is no request": "hello\r\n\r\n",
    "a field name with a space": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nbad name: 1\r\n\r\n",
    "another protocol": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_framing_is_a_bad_request(backend, name):
    answer = exchange(backend, BROKEN[name].encode("latin-1"))
    assert answer.startswith(b"HTTP/1.1 400"), answer
    assert backend.service.get("/healthz").status == 200


def test_a_client_that_waits_for_100_gets_it_before_it_sends_the_body(backend):
    with socket.create_connection(("127.0.0.1", backend.service.port), timeout=10) as connection:
        connection.sendall((HEAD + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n").encode())
        began = time.monotonic()
        answer = connection.recv(1000)
        assert answer == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert time.monotonic() - began < 5
        connection.sendall(b"{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 "), "fields are missing"


def exchange(backend, request):
    """What comes back until the service closes the connection or is silent for some seconds."""
    with socket.create_connection(("127.0.0.1", backend.service.port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
        return answer
