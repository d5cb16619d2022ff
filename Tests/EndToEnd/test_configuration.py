"""config.cfg, its overrides, the first key, and how the process ends."""

import re
import time
from pathlib import Path

import pytest

from service import API_KEY


def ended(service, seconds=30):
    """The exit status and the output of a service that should refuse to start."""
    try:
        status = service.server.process.wait(seconds)
    finally:
        service.server.stop()
    service.server = None
    return status, service.log.read_text()


@pytest.mark.parametrize("settings, named", [
    ({"App": {"prot": 8081}}, "prot"),
    ({"Apps": {"port": 8081}}, "Apps"),
    ({"App": {"port": "eighty"}}, "port"),
    ({"App": {"port": 70000}}, "port"),
    ({"Content": {"frames_per_task": 0}}, "frames_per_task"),
    ({"Content": {"force_write_discards_human_work": "perhaps"}}, "force_write_discards_human_work"),
    ({"Encoding": {"crf": 99}}, "crf"),
    ({"Worker": {"lease_seconds": -1}}, "lease_seconds"),
])
def test_an_unknown_key_or_a_bad_value_stops_the_start_with_one_line(make_backend, settings, named):
    service = make_backend(settings=settings, start=False).service.spawn()
    status, output = ended(service)
    assert status != 0
    [line] = output.strip().splitlines()
    assert named in line


def test_a_missing_configuration_file_stops_the_start(make_backend):
    service = make_backend(start=False).service
    service.configuration = service.folder / "missing.cfg"
    service.write_configuration = lambda: None
    status, output = ended(service.spawn())
    assert status != 0
    [line] = output.strip().splitlines()
    assert "missing.cfg" in line


def test_the_environment_overrides_the_file(make_backend, videos):
    backend = make_backend(start=False, settings={"Content": {"frames_per_task": 10}})
    backend.service.start({"CONTENT_FRAMES_PER_TASK": "3"})
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    assert [task["frameCount"] for task in upload.tasks] == [3, 3, 3, 1]
    assert backend.service.stop() == 0


def test_a_bad_value_of_the_environment_is_named(make_backend):
    status, output = ended(make_backend(start=False).service.spawn({"APP_PORT": "eighty"}))
    assert status != 0
    [line] = output.strip().splitlines()
    assert "port" in line.lower()


def test_the_first_start_makes_a_key_and_says_where_it_is(make_backend, videos):
    backend = make_backend(start=False, settings={"App": {"api_key": None, "api_key_next": None}})
    service = backend.service.start()
    named = [Path(path) for path in re.findall(r"/[^\s\"',;]+", service.log.read_text())]
    kept = [path.read_text().strip() for path in named if path.is_file() and path.is_relative_to(service.folder)]
    [key] = {text for text in kept if re.fullmatch(r"[\w+/=-]{16,}", text)}
    assert key not in service.log.read_text()
    upload = backend.upload(videos.numbered("plain"))
    assert service.post(upload.fields, key=API_KEY).status == 401
    assert service.post(upload.fields, key=key).status == 202
    upload.wait_for_end()
    assert service.stop() == 0
    service.start()
    assert service.post(upload.fields, key=key).status == 200, "a restart made another key"
    assert service.stop() == 0


def test_keys_may_be_configured_by_their_hash(make_backend, videos):
    hashed = "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    backend = make_backend(settings={"App": {"api_key": hashed, "api_key_next": None}})
    upload = backend.upload(videos.numbered("plain"))
    assert backend.service.post(upload.fields, key=hashed).status == 401
    assert backend.service.post(upload.fields, key="secret").status == 202
    upload.wait_for_end()
    assert backend.service.stop() == 0


def test_sigterm_ends_an_idle_service_at_once(make_backend):
    service = make_backend().service
    began = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - began < 10


def test_a_password_of_the_uri_never_reaches_the_log(make_backend):
    service = make_backend(start=False, mongo_uri="mongodb://annotator:Verb0rgen@127.0.0.1:1").service.spawn()
    time.sleep(5)
    service.stop()
    assert "Verb0rgen" not in service.log.read_text()
