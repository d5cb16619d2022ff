"""Liveness and readiness, and a MongoDB that goes away and comes back."""

import socket

from problems import check_problem
from service import wait_until

from servers import Mongod


def test_a_running_service_is_alive_and_ready_without_a_key(backend):
    assert backend.service.get("/healthz", key=None).status == 200
    assert backend.service.get("/readyz", key=None).status == 200


def test_without_mongodb_the_service_is_alive_but_not_ready(make_backend, videos, tmp_path):
    with Mongod(tmp_path) as mongod:
        backend = make_backend(mongo_uri=mongod.uri)
        upload = backend.upload(videos.numbered("plain"))
    wait_until(lambda: backend.service.get("/readyz", key=None).status == 503, 60, "503 from /readyz")
    assert backend.service.get("/healthz", key=None).status == 200
    check_problem(upload.post(), 503)
    with Mongod(tmp_path, mongod.port):
        wait_until(lambda: backend.service.get("/readyz", key=None).status == 200, 60, "200 from /readyz")
        upload.process()
        assert backend.service.stop() == 0


def test_an_object_store_that_is_away_is_seen(make_backend):
    backend = make_backend()
    aside = backend.store.directory.rename(backend.store.directory.with_name("aside"))
    backend.store.directory.write_text("no directory")
    wait_until(lambda: backend.service.get("/readyz", key=None).status == 503, 60, "503 from /readyz")
    backend.store.directory.unlink()
    aside.rename(backend.store.directory)
    wait_until(lambda: backend.service.get("/readyz", key=None).status == 200, 60, "200 from /readyz")
    assert backend.service.stop() == 0


def test_an_offer_of_another_protocol_is_answered_in_plain_http(backend):
    # As curl --http2 and Java's client send it; the second request must not wait for an answer that never comes.
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", backend.service.port), timeout=10) as connection:
            connection.sendall(
                b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                b"HTTP2-Settings: AAMAAABk\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(4096), b"")).lower()
            assert answer.startswith(b"http/1.1 200") and b"connection: close" in answer


def test_an_unknown_route_is_a_problem(backend):
    check_problem(backend.service.get("/nowhere"), 404)
