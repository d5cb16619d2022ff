"""Liveness and readiness, and a MongoDB that goes away and comes back."""

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
