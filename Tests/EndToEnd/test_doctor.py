"""`content-processor doctor`: a healthy installation, and what it says when something is missing, stopped or wrong."""

import json
import resource
import shutil
import subprocess

import pytest
from bson import ObjectId

from servers import ROOT, TOOLS, Mongod, S3Server, free_port
from service import PATIENCE
from stores import S3Store

HEALTHY = ["configuration", "mongodb", "mongodb_writes", "mongodb_indexes", "object_store", "clock", "content_folder",
           "work_folder", "encoder", "annotator_1", "open_files"]


class Report:
    def __init__(self, result):
        self.exit_status, answer = result.returncode, json.loads(result.stdout)
        self.status, self.checks = answer["status"], {check["name"]: check for check in answer["checks"]}
        assert result.stderr == ""
        assert all((check["status"] == "ok") == ("advice" not in check) for check in self.checks.values())

    def not_ok(self):
        return {name: check["status"] for name, check in self.checks.items() if check["status"] != "ok"}

    def check_failed(self, name, seen, advice):
        """One thing failed, with these words, and nothing else suffered from it."""
        assert (self.exit_status, self.status, self.not_ok()) == (1, "failed", {name: "failed"})
        assert seen in self.checks[name]["seen"] and advice in self.checks[name]["advice"], self.checks[name]


def run(service, *arguments, prefix=(), **options):
    service.write_configuration()
    return subprocess.run(
        [*prefix, service.program, "doctor", "--config", service.configuration, *arguments], capture_output=True,
        text=True, cwd=service.folder, timeout=60 * PATIENCE, **options)


def doctor(service, **options):
    return Report(run(service, "--json", **options))


@pytest.fixture(scope="module")
def service(make_backend):
    """A service that was never started, over a directory."""
    return make_backend(start=False).service


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """A bucket on a server of its own, which tests stop."""
    with S3Server(tmp_path_factory.mktemp("doctor-s3")) as server:
        yield S3Store(server, "bucket")


@pytest.fixture
def changed(service):
    """Changes settings for a test."""
    before = {section: dict(keys) for section, keys in service.settings.items()}

    def change(section, **keys):
        service.settings.setdefault(section, {}).update(keys)
        return service

    yield change
    service.settings = before


def test_a_healthy_installation_is_told_line_by_line(make_backend, bucket):
    backend = make_backend(store=bucket, start=False)
    result = run(backend.service)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert [(status, name) for status, name, _ in lines] == [("ok", name) for name in HEALTHY]
    assert "→" not in result.stdout and "MongoDB 6.0.5" in result.stdout and "libavcodec 59." in result.stdout
    # What it wrote is gone, and what it made is what a start makes.
    assert backend.store.keys() == [] and list(backend.service.work.glob("doctor-*")) == []
    made = set(backend.database.list_collection_names())
    assert doctor(backend.service).checks["mongodb_indexes"]["seen"] == "all are there"
    backend.service.start()
    assert set(backend.database.list_collection_names()) >= made
    assert backend.service.stop() == 0


def test_a_running_service_is_not_disturbed(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    before = backend.everything(), backend.store.keys()
    report = doctor(backend.service)
    assert report.not_ok() == {} and "object_folder" in report.checks
    assert (backend.everything(), backend.store.keys()) == before


def test_a_mongodb_that_is_stopped(make_backend, tmp_path):
    with Mongod(tmp_path) as mongod:
        backend = make_backend(mongo_uri=mongod.uri, start=False)
        assert doctor(backend.service).not_ok() == {}
    report = doctor(backend.service)
    report.checks.pop("clock", None)
    assert report.not_ok() == {"mongodb": "failed"} and report.exit_status == 1
    assert "start MongoDB" in report.checks["mongodb"]["advice"]
    assert report.checks["object_store"]["status"] == "ok" and "mongodb_indexes" not in report.checks


def test_an_s3_server_that_is_stopped(make_backend, tmp_path):
    with S3Server(tmp_path) as server:
        backend = make_backend(store=S3Store(server, "bucket"), start=False)
        assert doctor(backend.service).not_ok() == {}
    doctor(backend.service).check_failed("object_store", "bucket", "start the store, or correct [S3] endpoint")


@pytest.mark.parametrize("key, value", [("secret_access_key", "wrong"), ("bucket_name", "no-such-bucket")])
def test_s3_settings_that_are_wrong(make_backend, bucket, key, value):
    backend = make_backend(store=bucket, start=False)
    backend.service.settings["S3"][key] = value
    report = doctor(backend.service)
    assert report.not_ok() == {"object_store": "failed"}
    assert "[S3]" in report.checks["object_store"]["advice"]


def test_an_object_directory_that_is_none(service, changed):
    path = service.folder / "a file"
    path.write_text("")
    changed("S3", directory=path / "objects")
    report = doctor(service)
    assert {"object_store": "failed", "object_folder": "failed"}.items() <= report.not_ok().items()


def test_an_index_that_cannot_be_made(make_backend):
    backend = make_backend(start=False)
    run = {"uploadId": ObjectId(), "runNumber": 1}
    backend.database.ContentJob.insert_many([dict(run), dict(run)])
    doctor(backend.service).check_failed("mongodb_indexes", "ContentJob: one run of a number", "two documents share a key")


def test_folders_that_are_missing_or_none(service, changed):
    changed("Folders", content_base="nowhere")
    doctor(service).check_failed("content_folder", "nowhere is not here", "make or mount it")
    changed("S3", source_prefix="sources")
    report = doctor(service)
    assert (report.exit_status, report.not_ok()) == (0, {"content_folder": "warning"})
    blocked = service.folder / "no folder"
    blocked.write_text("")
    changed("Folders", content_base="contents", work=blocked)
    report = doctor(service)
    check = report.checks["work_folder"]
    assert check["status"] == "failed" and "[Folders] work" in check["advice"]


def test_models_and_what_they_need(service, changed):
    models = service.folder / "models"
    models.mkdir()
    changed("Folders", models=models, openvino=TOOLS / "openvino")
    changed("AutoAnnotation.2", engine="onnx", model="shapes.onnx")
    doctor(service).check_failed("annotator_2", "shapes.onnx", "[Folders] models")
    shutil.copy(ROOT / "samples" / "detector" / "shapes.onnx", models)
    assert doctor(service).not_ok() == {}
    changed("Folders", openvino=service.folder / "nothing")
    # Only who uses a model of this kind needs OpenVINO.
    doctor(service).check_failed("annotator_2", "OpenVINO", "[Folders] openvino")
    changed("AutoAnnotation.2", engine="remote", model="yolo", url=f"http://127.0.0.1:{free_port()}", labels="car")
    doctor(service).check_failed("annotator_2", "remote yolo", "start the inference server")


def test_a_configuration_that_cannot_be_read(service, changed):
    changed("Encoding", crf="ninety")
    report = doctor(service)
    assert list(report.checks) == ["configuration"]
    report.check_failed("configuration", "crf", "correct it")


@pytest.mark.parametrize("limit, status", [(300, "failed"), (1000, "warning")])
def test_a_small_limit_of_open_files(service, limit, status):
    report = doctor(service, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
    assert report.not_ok() == {"open_files": status} and "LimitNOFILE" in report.checks["open_files"]["advice"]


@pytest.mark.parametrize("shift, words", [("+60s", "ahead of"), ("-60s", "behind")])
def test_a_clock_that_is_wrong(make_backend, bucket, shift, words):
    service = make_backend(store=bucket, start=False).service
    report = doctor(service, prefix=["faketime", "-f", shift])
    assert (report.exit_status, report.not_ok()) == (0, {"clock": "warning"})
    assert report.checks["clock"]["seen"].count(words) == 2 and "NTP" in report.checks["clock"]["advice"]
