"""How requests may be written, and who may send them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from service import API_KEY, NEXT_API_KEY, as_json, multipart, urlencoded

POST = Path(__file__).with_name("post.mjs")


@pytest.mark.parametrize("encode", [multipart, urlencoded, as_json])
def test_every_encoding_is_understood(backend, videos, encode):
    upload = backend.upload(videos.numbered("plain"))
    assert backend.service.post(upload.fields, encode).status == 202
    assert upload.wait_for_end()["status"] == 1


def test_json_numbers_may_be_text(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    fields = {name: str(value) for name, value in upload.fields.items()}
    assert backend.service.post(fields, as_json).status == 202
    assert upload.wait_for_end()["status"] == 1
    assert upload.document["frame_rate"] == 5


def test_content_type_is_video_when_absent(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    upload.process(content_type=None)
    assert upload.document["content_type"] == 1


def test_content_path_may_be_absolute(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    upload.process(content_path=upload.path)
    [task] = upload.tasks
    assert task["videoPath"].startswith(f"contents/{upload.project}/")


@pytest.mark.parametrize("key", [API_KEY, NEXT_API_KEY])
@pytest.mark.parametrize("place", ["body", "bearer", "header"])
def test_two_keys_are_accepted_in_three_places(backend, videos, key, place):
    upload = backend.upload(videos.numbered("plain"))
    headers = {"bearer": {"Authorization": f"Bearer {key}"}, "header": {"X-API-Key": key}}.get(place, {})
    answer = backend.service.post(upload.fields, headers=headers, key=key if place == "body" else None)
    assert answer.status == 202
    assert upload.wait_for_end()["status"] == 1


def test_node_fetch_and_form_data(backend, videos):
    assert shutil.which("node"), "node is missing; scripts/setup installs it"
    upload = backend.upload(videos.numbered("plain"))
    fields = [f"{name}={value}" for name, value in {**upload.fields, "auth_key": API_KEY}.items()]
    url = f"http://127.0.0.1:{backend.service.port}/api/processContent"
    answer = subprocess.run(["node", POST, url, *fields], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("202 ")
    assert upload.wait_for_end()["status"] == 1
