"""What /metrics says is true, can be parsed, and is what the dashboard and the alert rules ask for."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest
import yaml

from exposition import PREFIX, Exposition
from service import SLOW, wait_until

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
FRAMES = 60


@pytest.fixture(scope="module")
def backend(make_backend):
    backend = make_backend(store="s3", settings={"Cores": {"cpu_cores": 1}})
    yield backend
    assert backend.service.stop() == 0


def wait_for(backend, condition):
    """The first exposition that satisfies the condition: what workers count arrives a little later."""
    def found():
        exposition = Exposition(backend.service)
        return exposition if condition(exposition) else None
    return wait_until(found, 20, "the figures in the metrics")


@pytest.fixture(scope="module")
def processed(backend, videos):
    """A backend that has made six clips of ten frames, with motion boxes, of every frame of a video."""
    upload = backend.upload(videos.numbered("plain", FRAMES), frame_rate=30)
    upload.process(request_type=1, auto_anno_version=1)
    wait_for(backend, lambda found: found.value("clips_total") == 6)
    return upload


def test_names_and_types_keep_prometheus_rules(processed, backend):
    exposition = Exposition(backend.service)
    for name, kind in exposition.types.items():
        assert re.fullmatch(r"(content_processor|process)_[a-z0-9_]+", name)
        assert name.endswith("_total") == (kind == "counter"), name
        if kind == "histogram":
            assert name.endswith("_seconds")
    assert exposition.types[PREFIX + "jobs"] == "gauge"
    assert exposition.types[PREFIX + "http_request_duration_seconds"] == "histogram"


def test_the_figures_of_an_upload_are_true(processed, backend):
    exposition = wait_for(
        backend, lambda found: found.value("jobs", kind="processContent", state="succeeded") == 1
        and found.sum("queue_units") == 0)
    assert exposition.value("frames_kept_total") == FRAMES
    # Every frame is kept, so every frame is decoded.
    # A worker that takes a clip from the middle of a group of pictures decodes what comes before it there, too.
    assert FRAMES <= exposition.value("frames_decoded_total") <= 2 * FRAMES
    for name in ("decode_cpu_seconds_total", "encode_cpu_seconds_total"):
        assert 0 < exposition.value(name) < 60, name
    assert exposition.value("annotation_seconds_total", version="1") > 0
    clip_bytes = sum(len(backend.store.bytes(key)) for key in backend.store.keys())
    assert exposition.value("s3_sent_bytes_total") >= clip_bytes > 0
    assert exposition.value("s3_requests_total") > 6 and exposition.value("s3_retries_total") == 0
    assert exposition.sum("jobs") == 1
    assert exposition.value("queue_age_seconds") == 0 and exposition.value("mongodb_up") == 1


def test_durations_are_by_route_and_not_by_path(processed, backend):
    before = Exposition(backend.service)
    jobs = [str(job["_id"]) for job in backend.database.ContentJob.find()] + ["0" * 24, "nonsense"]
    for job in jobs:
        backend.service.get(f"/api/jobs/{job}")
    backend.service.get("/nowhere")
    after = Exposition(backend.service)

    def rise(status, route):
        name, labels = "http_request_duration_seconds_count", {"method": "GET", "status": status, "route": route}
        return after.sum(name, **labels) - before.sum(name, **labels)

    assert rise("200", "/api/jobs/{id}") == 1 and rise("404", "/api/jobs/{id}") == 2
    assert rise("404", "none") == 1
    assert not any(job in after.text for job in jobs)


def test_counters_never_go_back_and_tell_of_killed_workers(make_backend, videos):
    backend = make_backend(settings={**SLOW, "Cores": {"cpu_cores": 1}})
    first = Exposition(backend.service)
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    upload.wait_for_tasks(2)
    [worker] = backend.service.workers()
    middle = wait_for(backend, lambda found: found.value("queue_units", state="running") == 1)
    assert middle.value("queue_age_seconds") > 0

    def is_stopped_with_a_lease():
        os.kill(worker, signal.SIGSTOP)
        time.sleep(0.2)
        if backend.database.ContentJobUnit.count_documents({"state": "running"}) == 1:
            return True
        os.kill(worker, signal.SIGCONT)
        return False
    # Between two clips it holds none, and none would be lost.
    wait_until(is_stopped_with_a_lease, 20, "a worker that holds a lease")
    os.kill(worker, signal.SIGKILL)
    assert upload.wait_for_end()["status"] == 1

    # One clip may be missing that was published and not yet counted when its worker was killed.
    last = wait_for(backend, lambda found: found.value("clips_total") >= 19
                    and found.value("worker_ends_total", reason="killed") == 1)
    assert last.value("clips_total") in (19, 20) and last.value("frames_kept_total") in (285, 300)
    assert last.value("lease_losses_total") == 1
    for before, after in ((first, middle), (middle, last)):
        for series, value in before.counters.items():
            assert after.counters[series] >= value, series
    # A new process goes on where the old one ended.
    assert backend.service.stop() == 0
    backend.service.start()
    assert Exposition(backend.service).value("clips_total") >= last.value("clips_total")
    assert backend.service.stop() == 0


def test_a_key_is_asked_for_where_it_is_wanted(make_backend):
    backend = make_backend(settings={"App": {"metrics_need_key": "true"}})
    assert backend.service.get("/metrics", key=None).status == 401
    assert backend.service.get("/metrics").status == 200
    assert backend.service.stop() == 0


def queries():
    """Every query of the dashboard, of the alert rules and of the scaler of workers."""
    dashboard = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"panel {panel['title']}", target["expr"]
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            assert {"alert", "expr", "labels", "annotations"} <= set(rule), rule
            yield f"alert {rule['alert']}", rule["expr"]
    scaler = yaml.safe_load((DEPLOY / "kubernetes" / "keda" / "scaledobject.yaml").read_text())
    for trigger in scaler["spec"]["triggers"]:
        yield "the scaler", trigger["metadata"]["query"]


def test_dashboard_and_alerts_ask_for_metrics_that_exist(processed, backend):
    names, asked = Exposition(backend.service).names, set()
    for place, query in queries():
        found = set(re.findall(r"\b(?:content_processor|process)_\w+", query))
        assert found and found <= names, (place, found - names)
        assert query.count("(") == query.count(")"), place
        asked |= found
    assert len(asked) > 15
