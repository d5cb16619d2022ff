"""Versions: registered, listed, removed, refused; remote engines; evaluation on the command line."""

import hashlib
import json
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

from servers import Server, free_port
from service import API_KEY
from test_annotation import CLIP, SAMPLES, SETTINGS, boxes_of

MODEL = SAMPLES / "detector" / "shapes.onnx"
DIGEST = hashlib.sha256(MODEL.read_bytes()).hexdigest()
ROUTE = "/api/autoAnnotationVersions"


class Inference:
    """An inference server, and the file that makes it misbehave."""

    def __init__(self, folder, plain=False):
        self.port, self.harm = free_port(), folder / "harm"
        self.url = f"http://127.0.0.1:{self.port}"
        kserve = Path(__file__).with_name("kserve.py")
        command = [sys.executable, kserve, str(self.port), MODEL, "--misbehave", self.harm]
        self.server = Server("the inference server", command + ["--plain"] * plain, folder / "kserve.log")
        self.server.wait_until(self.answers, 60)

    def answers(self):
        return subprocess.run(["curl", "-sf", self.url + "/v2"], stdout=subprocess.DEVNULL).returncode == 0


@pytest.fixture(scope="module")
def inference(tmp_path_factory):
    servers = [Inference(tmp_path_factory.mktemp("kserve"), plain) for plain in (False, True)]
    yield servers
    for server in servers:
        server.server.stop()


@pytest.fixture(scope="module")
def registering(make_backend, inference):
    remote = {"engine": "remote", "model": "shapes", "labels": "person,car,ball", "iou": 0.5}
    backend = make_backend(settings={
        **SETTINGS,
        "App": {"inference_servers": inference[0].url},
        "AutoAnnotation.4": {**remote, "url": inference[0].url},
        "AutoAnnotation.5": {**remote, "url": inference[1].url},
        "AutoAnnotation.6": {**remote, "url": f"http://127.0.0.1:{free_port()},{inference[0].url}"},
        "AutoAnnotation.7": {"engine": "onnx", "model": "shapes.onnx", "sha256": "0" * 64},
        "AutoAnnotation.8": {"engine": "onnx", "model": "absent.onnx"},
        "Worker": {"lease_seconds": 5, "attempts": 1},
    })
    yield backend
    assert backend.service.stop() == 0


def register(backend, fields, model=None):
    headers = {"X-API-Key": API_KEY}
    if model is None:
        body, headers["Content-Type"], path = json.dumps(fields).encode(), "application/json", ROUTE
    else:
        body, headers["Content-Type"] = model, "application/octet-stream"
        path = f"{ROUTE}?{urllib.parse.urlencode(fields)}"
    return backend.service.request("POST", path, body, headers)


def command(backend, *arguments):
    return subprocess.run(
        [backend.service.program, *map(str, arguments), "--config", backend.service.configuration],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)


@pytest.mark.parametrize("version", [4, 5, 6])
def test_a_remote_model_gives_the_boxes_of_the_local_one(registering, version):
    """With numbers in binary, in JSON, and with a server that is away before the one that answers."""
    local, remote = registering.upload(CLIP, frame_rate=2), registering.upload(CLIP, frame_rate=2)
    local.process(request_type=1, auto_anno_version=2)
    remote.process(request_type=1, auto_anno_version=version)
    assert sum(map(len, boxes_of(local))) > 20
    for mine, theirs in zip(boxes_of(local), boxes_of(remote), strict=True):
        assert [box["label"] for box in mine] == [box["label"] for box in theirs]
        for box, other in zip(mine, theirs):
            assert all(abs(box[side] - other[side]) < 0.2 for side in "xywh")


@pytest.mark.parametrize("harm, code", [("nonsense", 502), ("shape", 502), ("error", 503)])
def test_a_server_that_misbehaves_ends_the_job_with_one_clear_error(registering, inference, harm, code):
    upload = registering.upload(CLIP, frame_rate=1)
    upload.process()
    before = registering.everything()
    inference[0].harm.write_text(harm)
    try:
        assert upload.post(request_type=2, auto_anno_version=4).status == 202
        document = upload.wait_for_end()
        assert (document["status"], document["errorMessage"]["error_code"]) == (2, code)
        assert "inference server" in document["errorMessage"]["message"]
        frames = {key: value for key, value in before.items() if key[0] in ("AnnotationFrame", "AnnotationTask")}
        assert {key: registering.everything()[key] for key in frames} == frames, "the tasks stay as they were"
    finally:
        inference[0].harm.unlink()
    # The same request goes on where it stopped.
    answer = upload.post_and_wait(request_type=2, auto_anno_version=4)
    assert (answer.status, answer.json["tasks"]) == (200, 1)


@pytest.mark.parametrize("version, words", [(7, DIGEST), (8, "absent.onnx")])
def test_a_configured_model_that_is_wrong_ends_the_job_before_any_task(registering, version, words):
    upload = registering.upload(CLIP, frame_rate=1)
    assert upload.post(request_type=1, auto_anno_version=version).status == 202
    document = upload.wait_for_end()
    assert (document["status"], document["errorMessage"]["error_code"]) == (2, 422)
    assert words in document["errorMessage"]["message"] and not upload.tasks


def test_a_model_in_the_request_is_kept_in_the_store_and_used(registering):
    fields = {"version": 20, "engine": "onnx", "labels": "car=Auto", "note": "uploaded", "confidence": 0.4}
    answer = register(registering, fields, MODEL.read_bytes())
    assert answer.status == 201, answer.body
    key = f"models/{DIGEST}.onnx"
    assert (answer.json["sha256"], answer.json["model"], answer.json["used"]) == (DIGEST, key, False)
    assert registering.store.bytes(key) == MODEL.read_bytes()
    upload = registering.upload(CLIP, frame_rate=2)
    upload.process(request_type=1, auto_anno_version=20)
    found = [box for frame in boxes_of(upload) for box in frame]
    assert {box["label"] for box in found} == {"Auto"} and min(box["confidence"] for box in found) >= 0.4

    # Boxes refer to it: the same again is fine, another meaning is not, and it stays.
    assert register(registering, fields, MODEL.read_bytes()).status == 201
    assert register(registering, {**fields, "confidence": 0.5}, MODEL.read_bytes()).status == 409
    assert registering.service.get(f"{ROUTE}/20").json["used"] is True
    removed = command(registering, "models", "remove", 20)
    assert removed.returncode == 1 and "stays" in removed.stderr


REFUSED = {
    "no model": ({"version": 30, "engine": "onnx"}, b"these bytes are no model", 422, "no ONNX model"),
    "another digest": ({"version": 30, "engine": "onnx", "sha256": "1" * 64}, MODEL.read_bytes(), 422, DIGEST),
    "a configured number": ({"version": 2, "engine": "motion"}, None, 409, "configuration"),
    "an absent file": ({"version": 30, "engine": "onnx", "model": "absent.onnx"}, None, 422, "absent.onnx"),
    "a way out": ({"version": 30, "engine": "onnx", "model": "../../etc/passwd"}, None, 422, "../../etc/passwd"),
    "a strange server": ({"version": 30, "engine": "remote", "model": "m", "url": "http://169.254.169.254",
                          "labels": "a"}, None, 422, "inference_servers"),
    "bad fields": ({"version": 0, "engine": "magic", "iou": 2}, None, 400, "version"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_registration_is_refused_with_one_clear_sentence(registering, name):
    fields, model, status, words = REFUSED[name]
    answer = register(registering, fields, model)
    assert answer.status == status and words in answer.json["message"], answer.body
    assert registering.service.get(f"{ROUTE}/30").status == 404


def test_a_registration_needs_a_key(registering):
    for path in (ROUTE, ROUTE + "?version=40&engine=onnx"):
        answer = registering.service.request(
            "POST", path, MODEL.read_bytes(), {"Content-Type": "application/octet-stream"})
        assert answer.status in (401, 413, 415)
    assert registering.service.get(f"{ROUTE}/40").status == 404


def test_the_command_line_adds_lists_shows_and_removes(registering):
    added = command(registering, "models", "add", 50, "--engine", "onnx", "--model", MODEL, "--track", "--note", "mine")
    assert added.returncode == 0, added.stderr
    listed = command(registering, "models", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()][:8] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    shown = json.loads(command(registering, "models", "show", 50).stdout)
    assert (shown["sha256"], shown["track"], shown["note"], shown["configured"]) == (DIGEST, True, "mine", False)
    assert command(registering, "models", "remove", 50).returncode == 0
    missing = command(registering, "models", "show", 50)
    assert missing.returncode == 1 and "registered: 1, 2, 3" in missing.stderr


def test_evaluate_gives_the_figures_of_the_reference(registering):
    truth = CLIP.with_suffix(".truth.jsonl")
    table = command(registering, "evaluate", "--version", 2, "--truth", truth)
    assert table.returncode == 0, table.stderr
    assert table.stdout.splitlines()[1].split() == ["2", "all", "1001", "0.904", "0.739", "0.910", "0.905"]
    answer = command(registering, "evaluate", "--version", 2, "--version", 3, "--truth", truth, "--json")
    first, second = json.loads(answer.stdout)
    assert (first["version"], second["version"]) == (2, 3)
    assert abs(first["quality"]["map50"] - 0.9036) < 0.0005
    assert second["quality"]["map50"] < first["quality"]["map50"], "version 3 renames persons and drops balls"


def test_evaluate_takes_what_people_accepted_for_the_truth(registering):
    upload = registering.upload(CLIP, frame_rate=3)
    upload.process(request_type=1, auto_anno_version=2)
    none = command(registering, "evaluate", "--version", 2, "--project", upload.project)
    assert none.returncode == 1 and "no task" in none.stderr
    registering.database.AnnotationTask.update_many({"uploadId": upload.id}, {"$set": {"auditStatus": 1}})
    answer = command(registering, "evaluate", "--version", 2, "--project", upload.project, "--json")
    [result] = json.loads(answer.stdout)
    assert result["quality"]["frames"] == 21 and result["quality"]["map50"] > 0.8


def test_without_openvino_the_job_says_what_to_install(make_backend, tmp_path):
    backend = make_backend(settings={**SETTINGS, "Folders": {"models": SAMPLES / "detector", "openvino": tmp_path}})
    upload = backend.upload(CLIP, frame_rate=1)
    assert upload.post(request_type=1, auto_anno_version=2).status == 202
    document = upload.wait_for_end()
    assert (document["status"], document["errorMessage"]["error_code"]) == (2, 501)
    assert "openvino==2026.4.1" in document["errorMessage"]["message"]
    assert backend.service.stop() == 0
