"""Every error of the contract: its status, its problem+json, and what it does to the upload document."""

import os

import pytest
from bson import ObjectId

from problems import check_problem
from service import API_KEY, as_json, multipart

UNREGISTERED = {"request_type": 1, "auto_anno_version": 97}


def check_refused(upload, code):
    """The upload shows the refusal, or nobody would see it."""
    document = upload.document
    assert document["status"] == 2
    assert document["errorMessage"]["error_code"] == code
    assert document["errorMessage"]["message"].strip()
    assert upload.tasks == []


@pytest.fixture
def upload(backend, videos):
    return backend.upload(videos.numbered("plain"))


# Fields that change and, for each, the fields that the answer must name.
BAD_FIELDS = [
    ({"frame_rate": 0}, {"frame_rate"}),
    ({"frame_rate": 241}, {"frame_rate"}),
    ({"frame_rate": "5.5"}, {"frame_rate"}),
    ({"frame_rate": "five"}, {"frame_rate"}),
    ({"frame_rate": None}, {"frame_rate"}),
    ({"frame_rate": ""}, {"frame_rate"}),
    ({"content_path": None}, {"content_path"}),
    ({"content_path": "../../../etc/passwd.mp4"}, {"content_path"}),
    ({"content_path": "/etc/hostname.mp4"}, {"content_path"}),
    ({"force_write": 2}, {"force_write"}),
    ({"auto_anno_version": -1}, {"auto_anno_version"}),
    ({"auto_anno_version": 1}, {"auto_anno_version"}),
    ({"request_type": 3}, {"request_type"}),
    ({"request_type": 1}, {"auto_anno_version"}),
    (UNREGISTERED, {"auto_anno_version"}),
    ({"request_type": 2, "auto_anno_version": 97}, {"auto_anno_version"}),
    ({"content_type": 3}, {"content_type"}),
    ({"project_id": "xyz"}, {"project_id"}),
    ({"project_id": None}, {"project_id"}),
    ({"frame_rate": -1, "force_write": "yes", "request_type": "x", "auto_anno_version": "1e3", "content_type": 0,
      "project_id": "6" * 23}, {"frame_rate", "force_write", "request_type", "auto_anno_version", "content_type",
                                "project_id"}),
]


@pytest.mark.parametrize("status", [0, 4])
@pytest.mark.parametrize("changes, bad", BAD_FIELDS, ids=lambda value: "+".join(sorted(value)))
def test_bad_fields_are_all_named_and_shown_on_the_upload(backend, videos, changes, bad, status):
    upload = backend.upload(videos.numbered("plain"), status=status)
    check_problem(upload.post(**changes), 400, bad)
    check_refused(upload, 400)


@pytest.mark.parametrize("upload_id", [None, "", "123", "z" * 24, "6" * 25])
def test_a_bad_upload_id_is_named_with_every_other_bad_field(backend, upload, upload_id):
    before = backend.everything()
    check_problem(upload.post(upload_id=upload_id, frame_rate="?"), 400, {"upload_id", "frame_rate"})
    assert backend.everything() == before


def test_an_empty_request_misses_every_field_without_a_default(backend):
    answer = backend.service.post({})
    check_problem(answer, 400, {
        "upload_id", "project_id", "frame_rate", "content_path", "force_write", "auto_anno_version", "request_type"})


def test_the_known_versions_are_named(make_backend, videos):
    backend = make_backend(settings={"AutoAnnotation.3": {"engine": "motion"}})
    upload = backend.upload(videos.numbered("plain"))
    [error] = check_problem(upload.post(**UNREGISTERED), 400, {"auto_anno_version"})["errors"]
    assert "3" in error["message"]
    assert backend.service.stop() == 0


def test_a_link_that_leads_outside_is_refused(backend, upload):
    outside = backend.service.folder / "outside.mp4"
    upload.path.rename(outside)
    upload.path.symlink_to(outside)
    check_problem(upload.post(), 400, {"content_path"})
    check_refused(upload, 400)


def test_a_linked_folder_that_leads_outside_is_refused(backend, upload):
    outside = backend.service.folder / f"outside-{upload.id}"
    upload.path.parent.rename(outside)
    upload.path.parent.symlink_to(outside)
    check_problem(upload.post(), 400, {"content_path"})
    check_refused(upload, 400)


def test_a_link_that_stays_inside_is_followed(backend, upload):
    stored = upload.path.with_name("stored.mp4")
    upload.path.rename(stored)
    upload.path.symlink_to(stored.name)
    upload.process()


@pytest.mark.parametrize("key, headers", [
    (None, {}), ("wrong", {}), ("", {}), (API_KEY + "x", {}), (API_KEY[:-1], {}),
    (None, {"Authorization": "Bearer wrong"}), (None, {"X-API-Key": "wrong"}), (None, {"Authorization": "Bearer "}),
    (None, {"Authorization": f"Basic {API_KEY}"}),
])
@pytest.mark.parametrize("changes", [{}, {"frame_rate": 0}])
def test_without_a_right_key_nothing_is_written_anywhere(backend, upload, key, headers, changes):
    before, jobs = backend.everything(), sorted(backend.database.list_collection_names())
    fields = upload.fields | changes | ({} if key is None else {"auth_key": key})
    check_problem(backend.service.post(fields, headers=headers, key=None), 401)
    assert backend.everything() == before
    assert sorted(backend.database.list_collection_names()) == jobs


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_jobs_need_a_key_too(backend, method):
    check_problem(backend.service.request(method, f"/api/jobs/{ObjectId()}"), 401)


def test_an_unknown_upload_is_not_found(backend, upload):
    before = backend.everything()
    check_problem(upload.post(upload_id=ObjectId()), 404)
    assert backend.everything() == before


@pytest.mark.parametrize("whose", ["nobody's", "another upload's"])
def test_a_project_that_is_not_the_uploads_is_not_found(backend, upload, whose):
    project = backend.project() if whose == "another upload's" else ObjectId()
    before = backend.everything()
    check_problem(upload.post(project_id=project), 404)
    assert backend.everything() == before


def test_a_deleted_project_is_not_found(backend, upload):
    backend.database.AnnotationProject.delete_one({"_id": upload.project})
    check_problem(upload.post(), 404)
    assert upload.document["status"] == 0


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_64_kib_is_too_large(backend, upload, chunked):
    before = backend.everything()
    kind, body = multipart(upload.fields | {"auth_key": API_KEY, "note": "x" * 70_000})
    body = iter([body[:40_000], body[40_000:]]) if chunked else body
    check_problem(backend.service.request(
        "POST", "/api/processContent", body, {"Content-Type": kind, "X-API-Key": API_KEY}), 413)
    assert backend.everything() == before


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/octet-stream"])
def test_other_encodings_are_unsupported(backend, upload, kind):
    _, body = as_json(upload.fields | {"auth_key": API_KEY})
    answer = backend.service.request(
        "POST", "/api/processContent", body, {"Content-Type": kind, "X-API-Key": API_KEY})
    check_problem(answer, 415)


@pytest.mark.parametrize("kind, body", [
    ("application/json", b"{"), ("application/json", b"[1]"), ("multipart/form-data", b"--x--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"upload_id\"\r\n\r\n12"),
])
def test_a_body_that_cannot_be_read_is_a_bad_request(backend, kind, body):
    check_problem(backend.service.request(
        "POST", "/api/processContent", body, {"Content-Type": kind, "X-API-Key": API_KEY}), 400)


def remove(path):
    path.unlink()


def make_directory(path):
    path.unlink()
    path.mkdir()


def make_fifo(path):
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("spoil", [remove, make_directory, make_fifo])
def test_content_that_is_no_file_is_refused(backend, upload, spoil):
    spoil(upload.path)
    check_problem(upload.post(), 422)
    check_refused(upload, 422)


@pytest.mark.parametrize("name", ["video.txt", "video", "video.mp4.exe"])
def test_other_extensions_are_refused(backend, videos, name):
    upload = backend.upload(videos.numbered("plain"), name=name)
    check_problem(upload.post(), 422)
    check_refused(upload, 422)


def test_names_too_long_for_a_task_are_refused_at_once(backend, videos):
    upload = backend.upload(videos.numbered("plain"), name="x" * 220 + ".mp4")
    check_problem(upload.post(), 422)
    check_refused(upload, 422)
    backend.upload(videos.numbered("plain"), name="x" * 190 + ".mp4").process()


def test_extensions_are_compared_without_case(backend, videos):
    backend.upload(videos.numbered("plain"), name="VIDEO.MP4").process()


def test_a_file_over_the_limit_is_refused(make_backend, videos):
    backend = make_backend(settings={"Content": {"max_file_size_gb": 1}})
    upload = backend.upload(videos.numbered("plain"))
    os.truncate(upload.path, 2 * 1024**3)
    check_problem(upload.post(), 422)
    check_refused(upload, 422)
    assert backend.service.stop() == 0


@pytest.mark.parametrize("content", [b"This is no video.\n" * 50, b"", bytes(5000)])
def test_what_only_decoding_can_tell_ends_the_job(backend, upload, content):
    upload.path.write_bytes(content)
    assert upload.post().status in (202, 422)
    assert upload.wait_for_end()["status"] == 2
    check_refused(upload, 422)


def test_no_refusal_touches_a_completed_upload(backend, upload):
    upload.process()
    before = backend.everything()
    check_problem(upload.post(frame_rate=0), 400, {"frame_rate"})
    check_problem(upload.post(frame_rate=6), 409)
    assert upload.post(content_path="./contents/uploads/none.mp4").status in (409, 422)
    assert backend.everything() == before


def test_no_refusal_touches_a_running_upload(slow_backend, videos):
    upload = slow_backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    check_problem(upload.post(frame_rate=0), 400, {"frame_rate"})
    check_problem(upload.post(frame_rate=6), 409)
    assert upload.post(content_path="./contents/uploads/none.mp4").status in (409, 422)
    document = upload.document
    assert (document["status"], document["errorMessage"], document["frame_rate"]) == (0, {}, 30)
    assert upload.wait_for_end()["status"] == 1
