"""MongoDB and the object store go away while work is under way, and come back: the work ends right."""

import os
import signal
import time

from proxies import ForgetfulProxy
from servers import Mongod, S3Server
from service import SLOW, wait_until
from stores import S3Store


def begin(backend, videos):
    """Posts the long video and waits until the first of its clips are done."""
    upload = backend.upload(videos.long(), frame_rate=30)
    job = upload.post().json["job_id"]
    upload.wait_for_tasks(2)
    return upload, job


def check_whole(backend, upload):
    """Every frame of the 300 is there once, and so is every object."""
    document = upload.wait_for_end()
    assert (document["status"], document["progress"]) == (1, 100), document
    assert [number for task in upload.tasks for number in task["original_frames"]] == list(range(1, 301))
    assert all(len(upload.frames(task)) == task["frameCount"] for task in upload.tasks)
    assert backend.store.keys("contents/") == sorted(task["videoPath"] for task in upload.tasks)
    assert backend.service.stop() == 0


def test_work_waits_for_an_object_store_that_is_away(make_backend, videos, tmp_path):
    with S3Server(tmp_path) as server:
        backend = make_backend(store=S3Store(server, "bucket"), settings=SLOW)
        upload, job = begin(backend, videos)
    wait_until(lambda: backend.service.get("/readyz", key=None).status == 503, 60, "503 from /readyz")
    time.sleep(3)
    shown = backend.service.get(f"/api/jobs/{job}").json
    assert shown["state"] == "running" and upload.document["status"] == 0
    with S3Server(tmp_path, server.port):
        check_whole(backend, upload)


def test_what_a_dying_store_kept_of_a_clip_is_replaced(make_backend, videos, tmp_path):
    with S3Server(tmp_path) as server:
        store = S3Store(server, "bucket")
        backend = make_backend(store=store, settings=SLOW, start=False)
        with ForgetfulProxy(server.port, store) as proxy:
            backend.service.settings["S3"]["endpoint"] = f"http://127.0.0.1:{proxy.port}"
            backend.service.start()
            upload = backend.upload(videos.numbered("plain"), frame_rate=30)
            upload.post()
            assert upload.wait_for_end()["status"] == 1
            assert proxy.broken == {task["videoPath"] for task in upload.tasks}
            assert store.keys("contents/") == sorted(proxy.broken)


def test_work_waits_for_a_mongod_that_was_killed(make_backend, videos, tmp_path):
    server = Mongod(tmp_path)
    backend = make_backend(mongo_uri=server.uri, settings=SLOW)
    upload, _ = begin(backend, videos)
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    time.sleep(3)
    with Mongod(tmp_path, server.port):
        check_whole(backend, upload)
