"""Live progress: server-sent events of a job, for clients of every kind."""

import contextlib
import json
import re
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from bson import ObjectId

import browser
from events import KEY, PlantedJob, Stream
from problems import check_problem
from service import SLOW, Answer, Service, wait_until

from servers import free_port

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "api.md"
LIMIT, PAGE_PORT = 16, free_port()


@pytest.fixture(scope="module")
def watched(make_backend):
    app = {"event_streams": LIMIT, "cors_origins": f"http://127.0.0.1:{PAGE_PORT}"}
    backend = make_backend(settings={**SLOW, "App": app})
    yield backend
    # Whatever is still open must not keep the service from stopping.
    with Stream(backend.service, PlantedJob(backend).path, KEY) as stream:
        assert stream.message()["data"]["state"] == "running"
        began = time.monotonic()
        assert backend.service.stop() == 0
        assert time.monotonic() - began < 10
        assert stream.message() is None, "a stream that the service ended is not the job's end"


def refused(service, path, headers=()):
    with Stream(service, path, headers) as stream:
        return Answer(stream.status, stream.answer.headers, stream.answer.read())


def test_a_stream_tells_of_each_change_until_the_end(watched):
    job = PlantedJob(watched)
    with Stream(watched.service, job.path, KEY) as stream:
        assert stream.status == 200
        assert stream.answer.headers["Content-Type"] == "text/event-stream"
        assert stream.answer.headers["Cache-Control"] == "no-store"
        assert stream.block() == {"retry": "3000"}
        first = stream.message()
        shown = watched.service.get(f"/api/jobs/{job.id}").json
        assert first["data"].keys() == shown.keys()
        same = shown.keys() - {"links"}
        assert {name: first["data"][name] for name in same} == {name: shown[name] for name in same}
        job.advance(30)
        second = stream.message()
        assert (second["data"]["progress"], second["data"]["frames_done"]) == (30, 30)
        assert second["data"]["eta_seconds"] >= 0 and second["id"] != first["id"]
        # The clip's worker died, and another begins it again: the count stays, the trouble is told.
        job.advance(10, lease={"until": datetime.now(timezone.utc)}, troubledSince=datetime.now(timezone.utc),
                    error={"error_code": 503, "message": "The store is away."})
        third = stream.message()["data"]
        assert (third["progress"], third["last_error"]["message"]) == (30, "The store is away.")
        job.end("failed")
        assert stream.message()["data"]["state"] == "failed"
        assert stream.message() == {"event": "end", "data": {"state": "failed"}}
        assert stream.block() is None


def test_a_client_that_comes_back_is_told_what_is_newer(watched):
    job = PlantedJob(watched)
    job.advance(20)
    with Stream(watched.service, job.path, KEY) as stream:
        known = stream.message()["id"]
    with Stream(watched.service, job.path, {**KEY, "Last-Event-ID": known}) as stream:
        assert stream.block() == {"retry": "3000"}
        # Two looks pass in silence; the next message is the next change.
        time.sleep(1.2)
        job.advance(21)
        assert stream.message()["data"]["frames_done"] == 21
    with Stream(watched.service, job.path, {**KEY, "Last-Event-ID": known}) as stream:
        last = stream.message()
        assert last["data"]["frames_done"] == 21, "what is newer comes at once"
    job.end()
    with Stream(watched.service, job.path, {**KEY, "Last-Event-ID": last["id"]}) as stream:
        last = stream.message()
        assert (last["data"]["state"], last["data"]["progress"]) == ("succeeded", 100)
        assert stream.message()["event"] == "end" and stream.message() is None
    with Stream(watched.service, job.path, {**KEY, "Last-Event-ID": last["id"]}) as stream:
        assert (stream.status, stream.answer.read()) == (204, b"")


def test_the_link_opens_one_job_without_a_key(watched):
    job, other = PlantedJob(watched), PlantedJob(watched)
    link = watched.service.get(f"/api/jobs/{job.id}").json["links"]["events"]
    with Stream(watched.service, link) as stream:
        assert stream.message()["data"]["job_id"] == str(job.id)
    token = link.partition("?token=")[2]
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    later = str(int(token.split(".")[0]) + 1) + "." + token.split(".")[1]
    for path in (job.path, f"{job.path}?token=", f"{job.path}?token={forged}", f"{job.path}?token={later}",
                 f"{other.path}?token={token}", f"/api/jobs/nonsense/events?token={token}"):
        check_problem(refused(watched.service, path), 401)
    check_problem(refused(watched.service, link + "&token=x"), 400, {"token"})
    # The token is for the events alone.
    check_problem(watched.service.request("GET", f"/api/jobs/{job.id}?token={token}"), 401)
    check_problem(refused(watched.service, job.path, {"X-API-Key": "wrong"}), 401)
    check_problem(refused(watched.service, f"/api/jobs/{ObjectId()}/events", KEY), 404)
    job.end()


def test_any_process_of_the_service_tells_of_the_work_of_any_other(watched, program, mongod, tmp_path):
    other = Service(program, tmp_path, mongod.uri, watched.database.name, watched.store.settings).start()
    job = PlantedJob(watched)
    link = watched.service.get(f"/api/jobs/{job.id}").json["links"]["events"]
    with Stream(other, link) as stream:
        assert stream.message()["data"]["state"] == "running"
        assert watched.service.delete(f"/api/jobs/{job.id}").status == 200
        last = stream.message()
        assert (last["data"]["state"], last["data"]["error"]["error_code"]) == ("cancelled", 499)
    with Stream(watched.service, link, {"Last-Event-ID": last["id"]}) as stream:
        assert stream.status == 204
    assert other.stop() == 0


def test_many_streams_cost_as_many_reads_as_one(watched):
    """Ten clients at two jobs: each look is a read of jobs and two of units, twice a second."""
    jobs = [PlantedJob(watched), PlantedJob(watched)]
    watched.database.command("profile", 2)
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(Stream(watched.service, job.path, KEY)) for job in jobs for _ in range(5)]
        assert all(stream.message()["data"]["frames_done"] == 0 for stream in streams)
        began = datetime.now(timezone.utc)
        time.sleep(2)
        reads = [
            read for read in watched.database["system.profile"].find(
                {"ts": {"$gt": began}, "ns": f"{watched.database.name}.ContentJob", "op": "query"})
            if jobs[0].id in read["command"]["filter"].get("_id", {}).get("$in", [])]
        assert 2 <= len(reads) <= 6, reads
        for job in jobs:
            job.advance(50)
        assert [stream.message()["data"]["progress"] for stream in streams] == [50] * 10
        for job in jobs:
            job.end("cancelled")
        assert [stream.message()["data"]["state"] for stream in streams] == ["cancelled"] * 10
    watched.database.command("profile", 0)


def test_streams_are_limited_and_a_client_that_is_gone_makes_room(watched):
    job = PlantedJob(watched)
    with contextlib.ExitStack() as stack:
        quiet = stack.enter_context(Stream(watched.service, job.path, KEY))
        assert quiet.message()

        # Streams of the tests before may still be open for some seconds, so it is not known how many there is room for.
        more = [stack.enter_context(Stream(watched.service, job.path, KEY)) for _ in range(LIMIT)]
        assert more[0].status == 200
        last = Answer(more[-1].status, more[-1].answer.headers, more[-1].answer.read())
        check_problem(last, 503)
        assert int(last.headers["Retry-After"]) > 0
        for stream in more:
            stream.close()
        assert quiet.block() == {"": "still here"}, "a comment keeps a quiet stream open"

        def opens():
            with Stream(watched.service, job.path, KEY) as stream:
                return stream.status == 200

        wait_until(opens, 30, "room for a stream")
        job.end()


def test_a_page_watches_an_upload_to_its_end(make_backend, videos, tmp_path):
    """With the page's part of docs/api.md, word for word, on another origin than the service's."""
    # A service of its own: streams of the tests before may still be open for some seconds in the other, and one refused
    # stream of the two would end this test early.
    watched = make_backend(settings={**SLOW, "App": {"cors_origins": f"http://127.0.0.1:{PAGE_PORT}"}})
    part, = re.findall(r"```html\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    upload = watched.upload(videos.long(), frame_rate=30)
    answer = upload.post()
    assert answer.status == 202
    link = f"http://127.0.0.1:{watched.service.port}{answer.json['links']['events']}"
    page = f"""<!DOCTYPE html><meta charset="utf-8"><title>job</title><body>{part}
<script>
  const shown = [];
  const tell = answer => fetch("/answer", {{method: "POST", body: JSON.stringify(answer)}});
  watch({json.dumps(link)}, job => job ? shown.push(job) : tell({{error: "the stream was refused"}}));
  // Beside it one that does not close itself: the service must stop it.
  const other = new EventSource({json.dumps(link)}), ids = [];
  other.onmessage = event => ids.push(event.lastEventId);
  other.onerror = () => other.readyState === EventSource.CLOSED && tell({{shown, ids}});
</script>"""
    told = browser.visit({"/": ("text/html", page.encode())}, tmp_path, PAGE_PORT)
    assert told["shown"], "the page's own stream told nothing"
    progress = [job["progress"] for job in told["shown"]]
    assert progress == sorted(progress) and progress[-1] == 100 and len(set(progress)) > 3, progress
    frames = [job["frames_done"] for job in told["shown"]]
    assert frames == sorted(frames) and frames[-1] == 300
    assert told["shown"][-1]["state"] == "succeeded"
    assert len(told["ids"]) == len(set(told["ids"])), "a message came twice"
    assert upload.wait_for_end()["status"] == 1
