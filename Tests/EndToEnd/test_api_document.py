"""docs/api.md word for word: each block is run against a service with real uploads."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from events import PlantedJob
from service import API_KEY

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "api.md"
BLOCKS = re.findall(r"```(bash|js)\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
PROGRAMS = {"bash": ["bash", "-euo", "pipefail", "-c"], "js": ["node", "--input-type=module", "-e"]}


@pytest.fixture(scope="module")
def upload(backend, videos):
    return backend.upload(videos.numbered("plain"))


def run(upload, language, words, job=None):
    """The output of the one block in that language that holds these words."""
    [block] = [text for kind, text in BLOCKS if kind == language and words in text]
    environment = {
        **os.environ, "ADDRESS": f"http://127.0.0.1:{upload.backend.service.port}", "API_KEY": API_KEY,
        "PROJECT_ID": str(upload.project), "UPLOAD_ID": str(upload.id), "CONTENT_PATH": upload.fields["content_path"],
        "JOB_ID": str(job)}
    done = subprocess.run([*PROGRAMS[language], block], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_block_is_run_here():
    assert [kind for kind, _ in BLOCKS] == ["bash"] * 5 + ["js", "bash"]


def test_curl_posts_waits_and_sees(upload):
    accepted = json.loads(run(upload, "bash", "-F upload_id"))
    assert accepted["upload_id"] == str(upload.id)
    tasks = json.loads(run(upload, "bash", "Prefer: wait"))
    assert [task["taskName"] for task in tasks] == [task["taskName"] for task in upload.tasks] != []
    # Two answers, one behind the other.
    shown = run(upload, "bash", "state=succeeded", accepted["job_id"])
    listed, end = json.JSONDecoder().raw_decode(shown)
    assert accepted["job_id"] in [job["job_id"] for job in listed]
    assert json.loads(shown[end:])["state"] == "succeeded"


def test_curl_cancels(upload):
    job = PlantedJob(upload.backend)
    assert json.loads(run(upload, "bash", "-X DELETE", job.id))["state"] == "cancelled"


def test_curl_watches(upload):
    job = PlantedJob(upload.backend, state="failed")
    blocks = run(upload, "bash", "-sSN", job.id).split("\n\n")
    assert [block.split(":")[0] for block in blocks] == ["retry", "id", "event", ""]


def test_curl_shows_every_bad_field(upload):
    problem = json.loads(run(upload, "bash", "frame_rate=500"))
    assert problem["status"] == 400
    assert {"frame_rate", "upload_id"} < {error["field"] for error in problem["errors"]}


def test_node_posts_watches_and_shows_errors(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    lines = run(upload, "js", "async function* watch").splitlines()
    assert "succeeded 100% frames 10/10" in lines
    progress = [int(found[1]) for line in lines if (found := re.search(r" (\d+)% frames", line))]
    assert progress == sorted(progress)
    assert lines[lines.index("succeeded 100% frames 10/10") + 1].startswith("400 [")
    assert run(upload, "js", "async function* watch").startswith("done before: 1 tasks\n")
