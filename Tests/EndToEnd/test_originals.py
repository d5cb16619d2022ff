"""Images of uploads are kept as they were uploaded, and datasets show these and not the clip."""

import random
import shutil
import subprocess
import time
import zipfile

import numpy
import pytest

from datasets import Processor, Version, box
from service import wait_until
from test_images import ffmpeg, place, with_orientation

SIZES = {"big.jpg": (2600, 1300), "cut.jpg": (640, 480), "graphic.png": (801, 601), "photo.webp": (300, 200),
         "turned.jpg": (480, 640)}
KINDS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@pytest.fixture(scope="module", params=["directory", "s3"])
def keeping(request, make_backend):
    backend = make_backend(store=request.param, settings={"Content": {"frames_per_task": 10}})
    yield backend
    assert backend.service.stop() == 0


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    folder = tmp_path_factory.mktemp("album") / "album"
    folder.mkdir()
    picture = "testsrc2=s=2800x1400,format=rgb24,crop={}:{}:0:0:exact=1"
    for name, (width, height) in SIZES.items():
        if name == "turned.jpg":
            width, height = height, width
        extra = ["-lossless", "1"] if name.endswith("webp") else []
        ffmpeg("-f", "lavfi", "-i", picture.format(width, height), "-frames:v", "1", "-q:v", "2", *extra, folder / name)
    with_orientation(folder / "turned.jpg", 6)
    data = (folder / "cut.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[:len(data) // 2])
    return folder


def pixels(data, width, height):
    """The picture as it is stored, not turned."""
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-noautorotate", "-f", "image2pipe", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24",
         "-"], input=data, check=True, stdout=subprocess.PIPE).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(height, width, 3).astype(int)


def dataset_pictures(version, task):
    return {number: version.backend.store.bytes(f"dataset/{version.group}/{task}/{number}/{number}.jpg")
            for number in range(1, len(SIZES) + 1)}


def kept(task):
    return [image["original"]["key"] for image in task["images"] if "original" in image]


def check_store(backend, upload):
    """Below the project's folder lies what the tasks name, and nothing else."""
    named = {key for task in upload.tasks for key in [task["videoPath"], *kept(task)]}
    prefix = f"contents/{upload.project}/"
    wait_until(lambda: set(backend.store.keys(prefix)) == named, 20, "the end of surplus objects")


def check_dataset(version, task, album):
    """Every picture of the dataset has the size and the pixels of the uploaded one."""
    names = [image["name"] for image in task["images"]]
    assert names == sorted(SIZES)
    for number, data in dataset_pictures(version, task["_id"]).items():
        name = names[number - 1]
        width, height = SIZES[name]
        shown = pixels(data, width, height)
        uploaded = (album / name).read_bytes()
        if name == "big.jpg":
            assert data == uploaded
        elif name == "turned.jpg":
            assert abs(shown - numpy.rot90(pixels(uploaded, height, width), -1)).mean() < 2
        elif name == "cut.jpg":
            assert shown.std() > 20, "a damaged picture is shown as in the clip"
        else:
            # JPEG at quality 92 with a colour for every pixel.
            assert abs(shown - pixels(uploaded, width, height)).mean() < 2, name


def test_datasets_show_images_as_they_were_uploaded(keeping, album, dataset_program, tmp_path):
    upload = place(keeping, album)
    upload.process()
    (task,) = upload.tasks
    assert [bool(image.get("original")) for image in task["images"]] == [True, False, True, True, True]
    for number, image in enumerate(task["images"], start=1):
        if "original" not in image:
            continue
        key, ending = image["original"]["key"], image["name"].rpartition(".")[2]
        assert key == f"{task['videoPath'].rpartition('/')[0]}/originals/{number}.{ending}"
        assert keeping.store.bytes(key) == (album / image["name"]).read_bytes()
        assert keeping.store.content_type(key) == KINDS[ending]
    check_store(keeping, upload)

    # The upper left quarter of the big picture, in pixels of the clip.
    place_of = task["images"][0]
    x, y, scale = place_of["x"], place_of["y"], place_of["scale"]
    assert scale < 1
    boxes = [[box("car", x, y, 1300 * scale, 650 * scale)], [], [], [], []]
    version = Version(keeping, tmp_path)
    version.take(task, boxes)
    version.insert(augmentations={"FLIP_HORIZONTAL": [True]})
    shutil.rmtree(upload.path)
    Processor(dataset_program, keeping.service).run("-v", version.id)
    check_dataset(version, task, album)
    (line,) = version.labels(task["_id"], 1)
    assert line == pytest.approx([0, 0.25, 0.25, 0.5, 0.5], abs=1e-3)
    flipped = [key for key in keeping.store.keys(f"dataset/{version.group}/") if "flip-horizontal" in key]
    assert len(flipped) == 3
    # What is there is left alone.
    before = version.everything()
    Processor(dataset_program, keeping.service).run("-v", version.id)
    assert version.everything() == before


def test_a_missing_image_is_named(keeping, album, dataset_program, tmp_path):
    upload = place(keeping, album)
    upload.process()
    (task,) = upload.tasks
    keeping.store.remove(kept(task)[1])
    version = Version(keeping, tmp_path)
    version.take(task, [[]] * len(SIZES))
    version.insert()
    done = Processor(dataset_program, keeping.service).run("-v", version.id, status=1)
    assert kept(task)[1] in done.stdout + done.stderr


def test_images_that_a_new_run_does_not_have_go_with_the_old_one(keeping, album, tmp_path):
    path = tmp_path / "album.zip"

    def pack(names):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.write(album / name, name)

    pack(SIZES)
    upload = keeping.upload(path)
    upload.process(content_type=2)
    check_store(keeping, upload)
    assert len(kept(upload.tasks[0])) == 4
    pack(["photo.webp", "turned.jpg"])
    shutil.copy(path, upload.path)
    assert upload.post(force_write=1, content_type=2).status == 202
    assert upload.wait_for_end()["status"] == 1
    (task,) = upload.tasks
    assert [key.rpartition("/")[2] for key in kept(task)] == ["1.webp", "2.jpg"]
    check_store(keeping, upload)
    assert keeping.store.bytes(kept(task)[0]) == (album / "photo.webp").read_bytes()


def test_a_key_of_others_is_left_alone(keeping, album):
    upload = place(keeping, album)
    foreign = f"contents/{upload.project}/task-0-album/originals/3.png"
    keeping.store.put(foreign, b"of someone else")
    assert upload.post().status == 202
    document = upload.wait_for_end()
    assert (document["status"], document["errorMessage"]["error_code"]) == (2, 409)
    assert foreign in document["errorMessage"]["message"] and upload.tasks == []
    wait_until(lambda: keeping.store.keys(f"contents/{upload.project}/") == [foreign], 30, "nothing but it")
    assert keeping.store.bytes(foreign) == b"of someone else"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A folder with 60 large images: clips of ten, each with ten more objects."""
    folder = tmp_path_factory.mktemp("many") / "many"
    folder.mkdir()
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=1600x900:r=60:d=1", "-q:v", "2", folder / "image%02d.jpg")
    return folder


def check_many(backend, upload, many):
    check_store(backend, upload)
    keys = [key for task in upload.tasks for key in kept(task)]
    assert len(keys) == len(set(keys)) == 60
    names = [image["name"] for task in upload.tasks for image in task["images"]]
    assert all(backend.store.bytes(key) == (many / name).read_bytes() for key, name in zip(keys, names))


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_services_lose_no_image_and_leave_none_over(keeping, many, seed):
    chance = random.Random(seed)
    upload = place(keeping, many)
    assert upload.post().status == 202
    for _ in range(4):
        time.sleep(chance.uniform(0.2, 1.5))
        keeping.service.kill()
        keeping.service.start()
    assert upload.wait_for_end()["status"] == 1
    check_many(keeping, upload, many)


def test_a_cancelled_job_leaves_only_images_of_whole_tasks(keeping, many):
    upload = place(keeping, many)
    job = upload.post().json["job_id"]
    upload.wait_for_tasks(1)
    assert keeping.service.delete(f"/api/jobs/{job}").status in (200, 202, 204)
    assert upload.wait_for_end()["status"] == 2
    check_store(keeping, upload)
    assert 1 <= len(upload.tasks) < 6
    # The same request goes on where it stopped.
    assert upload.post().status == 202
    assert upload.wait_for_end()["status"] == 1
    check_many(keeping, upload, many)
