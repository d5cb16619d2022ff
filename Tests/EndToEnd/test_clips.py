"""The right frames in the right clips: awkward videos, sizes, lengths and names."""

import pytest

import numbered
from clips import check_clip
from documents import check_task


# Expected: the displayed size, the clip's size with its pad, and how far the strip is stretched sideways.
@pytest.mark.parametrize("case, rate, displayed, padded, stretch", [
    ("variable", 7, (640, 360), (640, 360), 1),
    ("slow", 30, (640, 360), (640, 360), 1),
    ("rotated", 5, (640, 360), (640, 360), 1),
    ("odd_size", 4, (641, 361), (642, 362), 1),
    ("wide_pixels", 240, (853, 360), (854, 360), 853 / 640),
    ("transport_stream", 12, (640, 360), (640, 360), 1),
])
def test_awkward_videos_keep_the_right_frames(backend, videos, case, rate, displayed, padded, stretch):
    video = videos.numbered(case, 40)
    truth = videos.truth(video)
    upload = backend.upload(video, frame_rate=rate)
    upload.process()
    kept, tasks = truth.expect(rate), upload.tasks
    for number, task in enumerate(tasks):
        check_task(task, number, upload, truth, kept, per_task=10)
        clip = check_clip(backend.store.path(task["videoPath"]), rate, task["frameCount"])
        assert (task["videoResolutionWidth"], task["videoResolutionHeight"]) == displayed
        assert clip.size == (task["paddedWidth"], task["paddedHeight"]) == padded
    found = [number for task in tasks for number in numbered.read(backend.store.path(task["videoPath"]), stretch)]
    assert found == [truth.numbers[index] for index in kept]


def test_a_video_of_one_frame_is_one_task(backend, videos):
    video = videos.numbered("plain", 1)
    upload = backend.upload(video, frame_rate=3)
    upload.process()
    [task] = upload.tasks
    check_task(task, 0, upload, videos.truth(video), [0], per_task=10)
    check_clip(backend.store.path(task["videoPath"]), 3, 1)


def test_frames_per_task_of_the_document_wins(backend, videos):
    upload = backend.upload(videos.numbered("plain"), frame_rate=5, frames_per_task=4)
    upload.process()
    assert [task["frameCount"] for task in upload.tasks] == [4, 4, 2]
    assert upload.document["frames_per_task"] == 4


def test_the_video_name_ends_at_the_first_dot(backend, videos):
    upload = backend.upload(videos.numbered("plain"), name="gate 3.west.Morgen früh.mp4")
    upload.process()
    [task] = upload.tasks
    assert (task["videoName"], task["taskName"]) == ("gate 3", "task-0-gate 3")
    assert task["videoPath"] == f"contents/{upload.project}/task-0-gate 3/task-0-gate 3.mp4"
    check_clip(backend.store.path(task["videoPath"]), 5, 10)
