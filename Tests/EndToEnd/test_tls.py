"""TLS with an authority of one's own: the right one is trusted, any other is refused, for MongoDB and for S3."""

import pytest

from certificates import Authority
from servers import Mongod, S3Server
from service import wait_until
from stores import S3Store


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "Somebody Else")


@pytest.fixture(scope="module")
def tls_mongod(authority, tmp_path_factory):
    with Mongod(tmp_path_factory.mktemp("tls-mongod"), certificate=authority.sign("mongod")) as server:
        yield server


@pytest.fixture(scope="module")
def tls_s3(authority, tmp_path_factory):
    with S3Server(tmp_path_factory.mktemp("tls-s3"), certificate=authority.sign("s3")) as server:
        yield server


def mongo_uri(server, authority):
    """As the test itself connects; the service gets the file by its own key."""
    return f"{server.uri}/?tls=true&tlsCAFile={authority.ca_file}"


def test_mongodb_and_s3_are_reached_with_the_right_authority(make_backend, videos, authority, tls_mongod, tls_s3):
    store = S3Store(tls_s3, "right")
    store.settings["ca_file"] = authority.ca_file
    settings = {"MongoDB": {"uri": tls_mongod.uri, "tls_ca_file": authority.ca_file}}
    backend = make_backend(store=store, mongo_uri=mongo_uri(tls_mongod, authority), settings=settings)
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    assert store.keys() == sorted(task["videoPath"] for task in upload.tasks)
    assert backend.service.stop() == 0


def test_single_keys_speak_tls_too(make_backend, authority, tls_mongod):
    """`server_ip` and `port` instead of a whole string."""
    keys = {"uri": None, "server_ip": "127.0.0.1", "port": tls_mongod.port, "tls_ca_file": authority.ca_file}
    backend = make_backend(mongo_uri=mongo_uri(tls_mongod, authority), settings={"MongoDB": keys})
    assert backend.service.stop() == 0


@pytest.mark.parametrize("trusted", ["stranger", None])
def test_a_mongodb_of_another_authority_is_not_trusted(make_backend, request, tls_mongod, authority, trusted):
    """The service waits for it as for one that is away, and says why."""
    file = request.getfixturevalue(trusted).ca_file if trusted else None
    uri = tls_mongod.uri + ("" if trusted else "/?tls=true")
    backend = make_backend(start=False, mongo_uri=mongo_uri(tls_mongod, authority),
                           settings={"MongoDB": {"uri": uri, "tls_ca_file": file}})
    service = backend.service.spawn()
    wait_until(lambda: answers(service), 30, "an answer of /readyz")
    assert service.request("GET", "/readyz").status == 503
    wait_until(lambda: "certificate" in service.log.read_text(), 30, "a line about the certificate")
    assert service.stop() == 0


@pytest.mark.parametrize("trusted", ["stranger", None])
def test_an_s3_server_of_another_authority_is_not_trusted(make_backend, request, videos, tls_s3, trusted):
    store = S3Store(tls_s3, f"wrong-{trusted}".lower())
    store.settings["ca_file"] = request.getfixturevalue(trusted).ca_file if trusted else None
    backend = make_backend(store=store, start=False)
    service = backend.service.spawn()
    wait_until(lambda: answers(service), 30, "an answer of /readyz")
    assert service.request("GET", "/readyz").status == 503
    assert "certificate" in service.request("GET", "/readyz").body.decode() + service.log.read_text()
    assert store.keys() == []
    assert service.stop() == 0


@pytest.mark.parametrize("section, key", [("MongoDB", "tls_ca_file"), ("S3", "ca_file")])
def test_a_missing_authority_file_is_named_at_start(make_backend, s3_server, section, key):
    store = S3Store(s3_server, f"missing-{section.lower()}")
    service = make_backend(
        store=store, start=False, settings={section: {key: "/nowhere/authority.pem"}}).service.spawn()
    assert service.server.process.wait(30) == 78
    service.server = None
    [line] = service.log.read_text().strip().splitlines()
    assert f"[{section}] {key} names /nowhere/authority.pem" in line


def answers(service):
    try:
        return service.request("GET", "/healthz").status == 200
    except OSError:
        return False
