"""The log: one line for each event, whatever names and videos come in, and what FFmpeg says where it belongs."""

import http.client
import json
import re

import pytest

from problems import check_problem
from service import wait_until

JSON_LOG = {"Log": {"format": "json", "level": "debug"}, "Cores": {"cpu_cores": 1}}
HOSTILE_NAME = "a \"quoted\" \\ = \u2028\u202e é🎬.mp4"
CONTROLS = "./contents/a\x1b[31mred\r\n.mp4"


def events(service):
    """Every line of the log, each of which must be one JSON object."""
    lines = service.log.read_text().splitlines()
    parsed = [json.loads(line) for line in lines]
    for event in parsed:
        assert {"time", "level", "source", "message"} <= set(event)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
        assert all(isinstance(value, str) for value in event.values())
    return parsed


@pytest.fixture(scope="module")
def backend(make_backend):
    backend = make_backend(settings=JSON_LOG)
    yield backend
    assert backend.service.stop() == 0


@pytest.fixture(scope="module")
def damaged(videos, tmp_path_factory):
    """A video with a wrong byte in every other hundred or so."""
    path = tmp_path_factory.mktemp("damaged") / "damaged.mp4"
    data = bytearray(videos.numbered("b_pyramid", 300).read_bytes())
    start = data.index(b"mdat") + 5000
    for position in range(start, len(data) - 30_000, 211):
        data[position] ^= 0xA5
    path.write_bytes(data)
    return path


def test_hostile_names_leave_every_line_whole(backend, videos):
    upload = backend.upload(videos.numbered("plain"), name=HOSTILE_NAME)
    request_id = upload.post().headers["X-Request-Id"]
    assert upload.wait_for_end()["status"] == 1
    assert upload.post(content_path=CONTROLS).status == 400
    with_controls = http.client.HTTPConnection("127.0.0.1", backend.service.port)
    with_controls.request("GET", "/%0a%22%1b?x=%0d%0a")
    with_controls.getresponse().read()
    with_controls.close()
    found = events(backend.service)
    [accepted] = [event for event in found if event["message"] == "job accepted" and event["request"] == request_id]
    assert accepted["upload"] == str(upload.id)
    assert len(accepted["job"]) == 24
    answers = [event for event in found if event["message"] == "answered"]
    assert {"POST", "GET"} <= {event["method"] for event in answers}


def test_what_ffmpeg_says_stands_under_its_clip_and_does_not_flood(backend, damaged):
    upload = backend.upload(damaged, frame_rate=30)
    assert upload.post().status == 202
    upload.wait_for_end()
    job = str(backend.database.ContentJob.find_one({"uploadId": upload.id})["_id"])

    def said():
        return [event for event in events(backend.service) if "ffmpeg" in event]
    wait_until(lambda: any("clip" in event for event in said()), 20, "FFmpeg's messages")
    clips = {}
    for event in said():
        assert event["job"] == job and event["upload"] == str(upload.id), event
        assert "0x" not in event["ffmpeg"] and "\n" not in event["ffmpeg"]
        clips.setdefault(event.get("clip", event.get("work")), []).append(event)
    for own in clips.values():
        shown = [event["ffmpeg"] for event in own if "times" not in event]
        assert len(shown) <= 10 and len(set(shown)) == len(shown)
        assert len(own) <= 21
    assert sum(int(event.get("times", 0)) for event in said()) > 20, "the rest is counted"


def test_every_answer_carries_a_request_id(backend, videos):
    service = backend.service
    ids = [service.get(path).headers["X-Request-Id"] for path in ("/healthz", "/healthz", "/api/jobs", "/nowhere")]
    assert len(set(ids)) == 4 and all(re.fullmatch(r"[0-9a-f]{16}", found) for found in ids)
    answer = service.request("GET", "/api/jobs", headers={"X-Request-Id": "client-7_a.B"})
    problem = check_problem(answer, 401)
    assert problem["request_id"] == answer.headers["X-Request-Id"] == "client-7_a.B"
    assert any(event.get("request") == "client-7_a.B" and event.get("status") == "401" for event in events(service))


@pytest.mark.parametrize("hostile", ["x" * 65, "a b", "a\"b", "", "é".encode()])
def test_a_hostile_request_id_is_replaced(backend, hostile):
    answer = backend.service.request("GET", "/healthz", headers={"X-Request-Id": hostile})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_lines_of_text_are_the_default(make_backend, videos):
    backend = make_backend()
    backend.upload(videos.numbered("plain"), name=HOSTILE_NAME).process()
    assert backend.service.stop() == 0
    lines = backend.service.log.read_text().split("\n")[:-1]
    assert all(re.match(r"\d{4}-\d\d-\d\dT\S+Z (info|notice|warning|error) (serve|work): \S", line) for line in lines), lines
    assert any("work item done clip=0 job=" in line for line in lines)
    assert not any(ord(letter) < 32 for line in lines for letter in line)
