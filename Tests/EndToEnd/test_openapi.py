"""The OpenAPI document against the live service, by schemathesis, and what HTTP asks of every route."""

import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest
from bson import ObjectId

from events import PlantedJob
from problems import check_problem
from service import API_KEY

from servers import TOOLS

PYTHON, SCHEMATHESIS = (TOOLS / "schemas" / "bin" / name for name in ("python", "schemathesis"))
ORIGIN = "https://labels.example"


@pytest.fixture(scope="module")
def described(make_backend, videos):
    """A backend in which the document's examples exist."""
    backend = make_backend(settings={"App": {"cors_origins": ORIGIN}})
    document = backend.service.get("/openapi.json", key=None).json
    fields = document["paths"]["/api/processContent"]["post"]["requestBody"]["content"]["application/json"]["example"]
    job = document["paths"]["/api/jobs/{id}"]["get"]["parameters"][0]["example"]
    project, upload = ObjectId(fields["project_id"]), ObjectId(fields["upload_id"])
    backend.project(_id=project)
    backend.place(videos.numbered("plain"), project, "cam.mp4")
    backend.database.AnnotationContentUpload.insert_one({
        "_id": upload, "projectId": project, "createdAt": datetime.now(timezone.utc), "status": 0, "progress": 0,
        "errorMessage": {}})
    PlantedJob(backend, _id=ObjectId(job), state="failed")
    content = document["paths"]["/api/createDataSet"]["post"]["requestBody"]["content"]
    backend.database.AnnotationDatasetVersion.insert_one({
        "_id": ObjectId(content["application/json"]["example"]["data_version_id"]), "dataSetGroupId": ObjectId(),
        "versionNo": "1.0.1", "taskList": [], "labelAttributeList": [], "augmentationTypes": {}, "splitCount": []})
    yield backend
    assert backend.service.stop() == 0


def test_the_document_is_openapi_and_its_examples_fit(described):
    check = Path(__file__).with_name("openapi_check.py")
    document = described.service.get("/openapi.json", key=None)
    done = subprocess.run([PYTHON, check], input=document.body, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) > 100


def test_schemathesis_finds_nothing(described):
    """Examples, edge cases and random requests, right and wrong, with a fixed seed."""
    assert SCHEMATHESIS.is_file(), "schemathesis is missing; scripts/setup tests installs it"
    url = f"http://127.0.0.1:{described.service.port}/openapi.json"
    done = subprocess.run(
        [SCHEMATHESIS, "run", url, "-H", f"X-API-Key: {API_KEY}", "--seed", "7", "--max-examples", "12",
         "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all",
         # Rules between fields are more than a schema can say; and DELETE ends a job's work, not the job.
         "--exclude-checks", "positive_data_acceptance,use_after_free",
         # Random keys would end nearly every request at once.
         "--generation-with-security-parameters", "false",
         "--generation-database", "none", "--request-timeout", "60", "--no-color"],
        capture_output=True, text=True, timeout=180, cwd=described.service.folder)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    tested = re.search(r"(\d+) generated", done.stdout)
    assert tested and int(tested[1]) > 200, done.stdout[-1000:]


@pytest.mark.parametrize("method, path, allowed", [
    ("POST", "/healthz", "GET, HEAD"), ("PUT", "/api/processContent", "POST"), ("GET", "/api/createDataSet", "POST"),
    ("PATCH", "/api/jobs/" + "6" * 24, "DELETE, GET, HEAD"), ("DELETE", "/api/jobs", "GET, HEAD"),
    ("OPTIONS", "/api/autoAnnotationVersions", "GET, HEAD, POST"),
])
def test_a_method_that_a_route_lacks_is_named_with_those_that_it_has(described, method, path, allowed):
    answer = described.service.request(method, path)
    check_problem(answer, 405)
    assert answer.headers["Allow"] == allowed


def test_head_is_get_without_a_body(described):
    for path in ("/healthz", "/openapi.json", "/api/jobs"):
        answer = described.service.request("HEAD", path, headers={"X-API-Key": API_KEY})
        assert (answer.status, answer.body) == (200, b"")


def test_a_parameter_given_twice_is_refused(described):
    check_problem(described.service.get("/api/jobs?state=failed&state=queued"), 400, {"state"})


def test_fields_where_nobody_reads_them_are_refused(described):
    answer = described.service.request(
        "POST", "/api/autoAnnotationVersions?engine=onnx", b'{"version": 30, "engine": "motion"}',
        {"X-API-Key": API_KEY, "Content-Type": "application/json"})
    check_problem(answer, 400, {"engine"})


@pytest.mark.parametrize("origin, allowed", [(ORIGIN, ORIGIN), ("https://other.example", None)])
def test_pages_of_the_configured_origins_may_call(described, origin, allowed):
    preflight = described.service.request(
        "OPTIONS", "/api/processContent", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert preflight.status == (204 if allowed else 405)
    assert ("X-API-Key" in preflight.headers.get("Access-Control-Allow-Headers", "")) == bool(allowed)
    # Errors must be readable, too.
    for path in ("/healthz", "/api/jobs"):
        answer = described.service.request("GET", path, headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed
