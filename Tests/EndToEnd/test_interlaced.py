"""Interlaced uploads: all clips of a job are alike, whatever the configuration becomes meanwhile."""

import json
import subprocess

import pytest


@pytest.fixture(scope="module")
def fields(tmp_path_factory):
    path = tmp_path_factory.mktemp("fields") / "fields.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=50:d=16", "-vf",
         "tinterlace=mode=interleave_top,format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-flags",
         "+ilme+ildct", "-x264-params", "tff=1", path], check=True)
    return path


def field_orders(upload):
    orders = set()
    for task in upload.tasks:
        clip = upload.backend.store.path(task["videoPath"])
        probed = json.loads(subprocess.check_output(
            ["ffprobe", "-v", "error", "-show_entries", "stream=field_order", "-of", "json", clip]))
        orders.add(probed["streams"][0]["field_order"])
    return orders


@pytest.mark.parametrize("before, after, order", [("on", "off", "progressive"), ("off", "on", "tt")])
def test_a_job_keeps_the_setting_that_it_was_planned_with(make_backend, fields, before, after, order):
    backend = make_backend(settings={"Encoding": {"deinterlace": before}})
    upload = backend.upload(fields, frame_rate=25)
    upload.post()
    upload.wait_for_tasks(2)
    backend.service.kill()
    assert upload.document["status"] == 0, "the job was done before it was interrupted"
    backend.service.settings["Encoding"]["deinterlace"] = after
    backend.service.start()
    assert upload.wait_for_end()["status"] == 1
    assert len(upload.tasks) == 40 and field_orders(upload) == {order}
    # The next job has the new setting.
    assert upload.post(force_write=1).status == 202
    assert upload.wait_for_end()["status"] == 1
    assert field_orders(upload) == {"progressive", "tt"} - {order}
    assert backend.service.stop() == 0
