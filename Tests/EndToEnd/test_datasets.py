"""`dataset_processor` and createDataSet: planted versions become the objects and documents of the contract."""

import hashlib
import json
import os
import random
import signal
import subprocess
import time
import urllib.request
import zipfile
from datetime import datetime, timedelta, timezone

import pytest
from bson import ObjectId

from datasets import Processor, Version, box
from proxies import UnwillingProxy
from servers import Mongod, S3Server
from service import wait_until
from stores import S3Store


@pytest.fixture(scope="module")
def backend(make_backend):
    """A database and a directory of objects; no service runs."""
    return make_backend(start=False)


@pytest.fixture
def s3_store(tmp_path):
    """A bucket on a server of its own: rclone remembers for minutes what it has seen in a folder."""
    with S3Server(tmp_path / "s3") as server:
        yield S3Store(server, "datasets")


@pytest.fixture
def version(backend, tmp_path):
    return Version(backend, tmp_path)


@pytest.fixture(scope="module")
def processor(dataset_program, backend):
    return Processor(dataset_program, backend.service)


CARS = [[box("car", 10, 20, 50, 40)], [], [box("car", 100, 20, 30, 30), box("person", 0, 0, 10, 90)]]
EVERYTHING = {"FLIP_HORIZONTAL": [True], "ROTATION": [-15, 15], "CROP": [5, 20], "HUE_ADD": [20, 60],
              "GAUSSIAN_NOISE": [5, 15]}


def test_labels_follow_the_contract(version, processor):
    red, blue = {"colour": "red"}, {"colour": "blue"}
    entries = [
        {"mainLabel": "bus", "label": ["bus"], "attributes": {}, "isEnabled": False},
        {"mainLabel": "car", "label": ["car"], "attributes": red, "isEnabled": True},
        {"mainLabel": "person", "label": ["person"], "attributes": {}, "isEnabled": True}]
    task = version.task([
        [box("person", 300, 160, 100, 100), box("car", 32, 18, 64, 36, wheels=4, **red)],
        [],
        [box("car", -32, -18, 64, 36, **red), box("car", 400, 0, 10, 10, **red), box("car", 10, 10, 5, 0, **red)],
        [box("bus", 10, 10, 50, 50), box("car", 10, 10, 50, 50, **blue), box("tree", 1, 1, 5, 5)]])
    version.insert(entries)
    done = processor.run("-v", version.id)
    assert version.labels(task, 1) == [[1, 0.2, 0.2, 0.2, 0.2], [2, 0.96875, 0.944444, 0.0625, 0.111111]]
    assert version.labels(task, 2) == []
    assert version.labels(task, 3) == [[1, 0.05, 0.05, 0.1, 0.1]]
    assert version.labels(task, 4) == []
    assert "2 boxes fit no class" in done.stdout
    assert "1 box lies outside of its picture" in done.stdout and "1 box has no area" in done.stdout
    assert version.document["build"]["droppedBoxes"] == {
        "unknownClass": 2, "outside": 1, "empty": 1, "unreadable": 0, "hidden": 0}
    assert version.backend.store.bytes(version.key("classes.txt")).decode().splitlines()[0] == "bus"


def test_without_enabled_entries_classes_are_the_sorted_labels(version, processor):
    task = version.task([[box("person", 0, 0, 32, 18)], [box("ant", 0, 0, 32, 18), box("car", 0, 0, 32, 18)]])
    version.insert([{"mainLabel": "car", "label": [], "attributes": {}, "isEnabled": False}])
    processor.run("-v", version.id)
    assert version.backend.store.bytes(version.key("classes.txt")).decode() == "ant\ncar\nperson\n"
    assert [line[0] for line in version.labels(task, 1)] == [2]
    assert [line[0] for line in version.labels(task, 2)] == [0, 1]


def test_documents_and_objects_are_those_of_the_contract(version, processor):
    task = version.task(CARS, splits=[1, 2, 3])
    version.insert(augmentations={"FLIP_HORIZONTAL": [True]})
    version.database.MasterData.insert_one(
        {"exportFormats": {"YOLO": {"name": "YOLO v8", "fileType": "text", "category": "Detection"}}})
    before = datetime.now(timezone.utc)
    processor.run("-v", version.id)
    version.database.MasterData.delete_many({})
    document, folder = version.document, f"dataset/{version.group}/{task}"
    entry = document["taskStatus"]["tasks"][0]
    sizes = {key: len(version.backend.store.bytes(key)) for key in version.backend.store.keys(folder)}
    images = sum(sizes[f"{folder}/{n}/{n}.jpg"] for n in (1, 2, 3))
    flipped = next(number for number in (1, 2, 3) if version.element(task, number)["augmentationImages"])
    stem = f"{folder}/{flipped}/aug/1.0.1_flip-horizontal_{flipped}"
    assert document["taskStatus"]["state"] == "complete"
    assert entry == {"task": str(task), "state": "complete", "error": "none", "imageCount": 3, "imageDataSize": images,
                     "augmentationFileCounts": {"flip-horizontal": {"count": 1, "size": sizes[f"{stem}.jpg"]}}}
    assert (document["imageCount"], document["size"]) == (4, images + sizes[f"{stem}.jpg"])
    shown = document["exportFormats"]["YOLO"]
    assert (shown["name"], shown["fileType"], shown["category"], shown["progress"]) == (
        "YOLO v8", "text", "Detection", 100)
    assert shown["lastUpdatedAt"] >= shown["createdAt"] >= before - timedelta(seconds=1) and shown["fileCount"] == 4
    for number in (1, 2, 3):
        frame, element = version.frame(task, number), version.element(task, number)
        image = f"{folder}/{number}/{number}"
        assert (frame["imageUrl"], frame["thumbnailUrl"]) == (f"{image}.jpg", f"{image}_thumbnail.jpg")
        assert frame["awsUrl"].endswith(f"{image}.jpg") and frame["awsThumbnailUr"].endswith("_thumbnail.jpg")
        for date in (frame["awsExpiredDate"], frame["awsThumbnailExpiredDate"]):
            assert timedelta(hours=23) < date - before < timedelta(hours=25)
        assert element["datasetType"] == number
        assert element["textFiles"] == {"YOLO": f"{folder}/{number}/1.0.1_{number}.txt"}
        assert version.backend.store.content_type(f"{image}.jpg") == "image/jpeg"
        if number != flipped:
            assert element["augmentationImages"] is None
    changed = version.element(task, flipped)["augmentationImages"]["flip-horizontal"]
    assert (changed["imageUrl"], changed["thumbnailUrl"], changed["textFiles"]) == (
        f"{stem}.jpg", f"{stem}_thumbnail.jpg", f"{stem}.txt")
    assert {"awsImageUrl", "awsThumbnailUrl", "awsThumbnailExpiredDate"} <= set(changed)
    keys = {line["key"] for line in version.manifest()}
    assert keys == set(sizes) | {version.key("classes.txt"), version.key("samples.zip")}
    for line in version.manifest():
        data = version.backend.store.bytes(line["key"])
        assert (line["sha256"], line["size"]) == (hashlib.sha256(data).hexdigest(), len(data))


def size_of(path):
    width, height = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", path],
        check=True, capture_output=True, text=True).stdout.strip().split(",")
    return int(width), int(height)


def test_pictures_are_in_original_pixels(version, processor):
    odd = version.task([[box("car", 0, 0, 319, 179)]], width=319, height=179)
    images = [{"name": "a.jpg", "width": 640, "height": 320, "x": 0, "y": 10, "scale": 0.5},
              {"name": "b.jpg", "width": 80, "height": 180, "x": 120, "y": 0, "scale": 1}]
    boxed = version.task(
        [[box("car", 0, 10, 160, 80)], [box("car", 120, 0, 40, 90)]], images=images)
    version.insert()
    processor.run("-v", version.id)
    path = version.backend.store.path
    folder = f"dataset/{version.group}"
    assert size_of(path(f"{folder}/{odd}/1/1.jpg")) == (319, 179)
    assert version.labels(odd, 1) == [[0, 0.5, 0.5, 1, 1]]
    assert size_of(path(f"{folder}/{boxed}/1/1.jpg")) == (640, 320)
    assert size_of(path(f"{folder}/{boxed}/2/2.jpg")) == (80, 180)
    assert size_of(path(f"{folder}/{boxed}/1/1_thumbnail.jpg")) == (250, 125)
    assert version.labels(boxed, 1) == version.labels(boxed, 2) == [[0, 0.25, 0.25, 0.5, 0.5]]


def test_same_description_changes_nothing(version, processor):
    version.task(CARS)
    version.insert(augmentations=EVERYTHING)
    processor.run("-v", version.id, "--format", "yolo,coco")
    before = version.everything()
    processor.run("-v", version.id)
    assert version.everything() == before
    # Reset by the backend: the same again.
    version.database.AnnotationDatasetVersion.update_one({"_id": version.id}, {"$unset": {"taskStatus": ""}})
    processor.run("-v", version.id)
    assert version.everything()[0] == before[0]
    assert version.document["taskStatus"]["state"] == "complete"
    report = json.loads(processor.run("-v", version.id, "--verify", "--json").stdout)
    assert (report["missing"], report["changed"], report["surplus"]) == ([], [], [])
    assert report["matching"] == len(version.manifest())


def test_another_description_leaves_nothing_of_the_earlier_one(version, processor, tmp_path):
    kept, dropped = version.task(CARS), version.task(CARS)
    version.insert(augmentations=EVERYTHING)
    processor.run("-v", version.id)
    # Another version of the group uses a frame of the task that is dropped here.
    other = Version(version.backend, tmp_path, number="2.0.0", group=version.group)
    other.tasks = [dropped]
    other.insert()
    version.database.AnnotationFrame.update_one(
        {"taskId": dropped, "frameId": 1}, {"$push": {"datasetVersions": {"versionId": other.id}}})
    processor.run("-v", other.id)
    store, folder = version.backend.store, f"dataset/{version.group}"
    written = store.path(f"{folder}/{kept}/1/1.jpg").stat().st_mtime_ns
    version.database.AnnotationFrame.update_many(
        {"taskId": dropped}, {"$pull": {"datasetVersions": {"versionId": version.id}}})
    version.database.AnnotationDatasetVersion.update_one({"_id": version.id}, {
        "$set": {"taskList": [kept], "augmentationTypes": {"IMAGE_LEVEL": []}}, "$unset": {"taskStatus": ""}})
    processor.run("-v", version.id)
    keys = set(store.keys(f"{folder}/"))
    assert {key for key in keys if f"/{kept}/" in key or f"/{version.id}/" in key} == {
        line["key"] for line in version.manifest()} | {version.key("manifest.jsonl")}
    assert {key for key in keys if f"/{dropped}/" in key} == {
        f"{folder}/{dropped}/1/{name}" for name in ("1.jpg", "1_thumbnail.jpg", "2.0.0_1.txt")}
    assert store.path(f"{folder}/{kept}/1/1.jpg").stat().st_mtime_ns == written
    assert json.loads(processor.run("-v", other.id, "--verify", "--json").stdout)["missing"] == []


def test_verify_finds_what_was_done_to_the_store(version, processor):
    task = version.task(CARS)
    version.insert()
    processor.run("-v", version.id)
    store, folder = version.backend.store, f"dataset/{version.group}/{task}"
    store.path(f"{folder}/1/1.jpg").unlink()
    store.put(f"{folder}/2/2.jpg", b"something else")
    store.put(f"{folder}/2/aug/1.0.1_rotate_2.jpg", b"left over")
    report = json.loads(processor.run("-v", version.id, "--verify", "--json", status=1).stdout)
    assert report["missing"] == [f"{folder}/1/1.jpg"]
    assert report["changed"] == [f"{folder}/2/2.jpg"]
    assert report["surplus"] == [f"{folder}/2/aug/1.0.1_rotate_2.jpg"]


def test_broken_task_is_recorded_and_the_others_are_built(version, processor):
    good, clipless = version.task(CARS), version.task(CARS, clip=False)
    damaged, short, absent = version.task(CARS), version.task(CARS), ObjectId()
    version.backend.store.put(f"contents/planted/task-{damaged}/task-{damaged}.mp4", b"this is no video" * 100)
    version.plant(short, [[]] * 9)  # more frames than the clip has
    version.tasks.append(absent)
    version.insert()
    version.plant(absent, [[]])
    done = processor.run("-v", version.id, status=1)
    entries = {entry["task"]: entry for entry in version.document["taskStatus"]["tasks"]}
    assert (entries[str(good)]["state"], entries[str(good)]["error"]) == ("complete", "none")
    for task in (clipless, damaged, short, absent):
        entry = entries[str(task)]
        assert entry["state"] == "pending" and entry["error"] != "none"
        assert len([line for line in done.stderr.splitlines() if str(task) in line]) == 1
    assert version.document["taskStatus"]["state"] == "pending"
    assert version.document["exportFormats"]["YOLO"]["progress"] < 100
    assert len(version.labels(good, 3)) == 2
    # Repaired, only what is missing is made.
    written = version.backend.store.path(f"dataset/{version.group}/{good}/1/1.jpg").stat().st_mtime_ns
    version.database.AnnotationDatasetVersion.update_one({"_id": version.id}, {"$set": {"taskList": [good]}})
    processor.run("--pending")
    assert version.document["taskStatus"]["state"] == "complete"
    assert version.backend.store.path(f"dataset/{version.group}/{good}/1/1.jpg").stat().st_mtime_ns == written


@pytest.mark.parametrize("augmentations", [{"MIXUP": [True]}, {"ROTATION": [True]}, {"CROP": [0, 99]}])
def test_unknown_augmentation_is_an_error_before_anything_is_built(version, processor, augmentations):
    version.task(CARS)
    version.insert(augmentations=augmentations)
    done = processor.run("-v", version.id, status=1)
    assert next(iter(augmentations)) in done.stderr
    assert version.backend.store.keys(f"dataset/{version.group}") == []


def test_augmentations_are_the_same_in_every_build(version, processor, dataset_program, make_backend, tmp_path):
    version.task(CARS * 4)
    version.insert(augmentations=EVERYTHING)
    processor.run("-v", version.id)
    objects = {key: version.backend.store.bytes(key) for key in version.backend.store.keys(f"dataset/{version.group}")}
    other = version.copied_to(make_backend(start=False))
    Processor(dataset_program, other.service).run("-v", version.id)
    assert {key: other.store.bytes(key) for key in other.store.keys(f"dataset/{version.group}")} == objects
    types = {key.rsplit("_", 2)[-2] for key in objects if key.endswith(".jpg") and "/aug/" in key and "thumb" not in key}
    assert types == {"flip-horizontal", "rotate", "crop", "hue-add", "noise-gaussian"}


def test_augmentation_follows_the_configuration(make_backend, dataset_program, tmp_path):
    rules = {"share": "1", "min_visible": "0.9", "disabled": "HUE_ADD", "aug_map": "MIRROR=flip-horizontal",
             "range_map": "ROTATION=10"}
    backend = make_backend(settings={"Augmentation": rules}, start=False)
    version = Version(backend, tmp_path)
    task = version.task([[box("car", 10, 20, 50, 40)]] * 4)
    version.insert(augmentations={"MIRROR": [True], "HUE_ADD": [20, 60], "ROTATION": [100, 200]})
    Processor(dataset_program, backend.service).run("-v", version.id)
    for number in range(1, 5):
        # Every frame, the new identifier, not the disabled one.
        assert set(version.element(task, number)["augmentationImages"]) == {"flip-horizontal", "rotate"}
        text = backend.store.bytes(version.element(task, number)["augmentationImages"]["rotate"]["textFiles"]).decode()
        # 10 to 20 degrees, not 100 to 200: the box near the upper left corner grows and loses less than a tenth.
        for _, _, _, width, height in (map(float, line.split()) for line in text.splitlines()):
            assert 50 / 320 < width < 0.3 and 40 / 180 < height < 0.45


def test_a_build_goes_on_when_mongodb_is_back(make_backend, dataset_program, tmp_path):
    server = Mongod(tmp_path)
    backend = make_backend(mongo_uri=server.uri, start=False)
    version, processor = Version(backend, tmp_path), Processor(dataset_program, backend.service)
    task = version.task([[]] * 300)
    version.insert()
    build = processor.start("-v", version.id)
    wait_until(lambda: version.backend.store.keys(f"dataset/{version.group}/{task}/"), 30, "the first objects")
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    time.sleep(2)
    with Mongod(tmp_path, server.port):
        _, errors = build.communicate(timeout=90)
        assert build.returncode == 0, errors
        assert version.document["taskStatus"]["state"] == "complete"
        assert len(version.manifest()) == 3 * 300 + 2
        assert json.loads(processor.run("-v", version.id, "--verify", "--json").stdout)["changed"] == []


def test_a_version_of_one_video_trains_and_names_the_shares_that_it_cannot_keep(version, processor):
    """A single video goes to training whatever its hash says; the dry run and the build name what that means."""
    task = version.task(CARS)
    version.insert(splitCount=[{"type": 2, "percentage": 99, "imageCount": 0},
                               {"type": 1, "percentage": 1, "imageCount": 0}])
    forecast = processor.run("-v", version.id, "--dry-run")
    assert "No picture is in the split val, which was to have 99 %: there are too few videos." in forecast.stderr
    done = processor.run("-v", version.id)
    assert "No picture is in the split val, which was to have 99 %" in done.stdout
    assert version.element(task, 1)["datasetType"] == 1
    assert len(version.document["build"]["problems"]) == 2


def test_splits_keep_videos_together_and_stay(version, processor):
    # Ids decide, so these are always the same.
    uploads = [ObjectId(f"{number:024x}") for number in range(6)]
    tasks = [version.task([[]] * 2, upload=upload) for upload in uploads for _ in range(2)]
    version.insert(splitCount=[{"type": 1, "percentage": 50, "imageCount": 0},
                               {"type": 2, "percentage": 50, "imageCount": 0}])
    processor.run("-v", version.id)
    splits = [{version.element(task, number)["datasetType"] for task in tasks[2 * n:2 * n + 2] for number in (1, 2)}
              for n in range(6)]
    assert all(len(split) == 1 for split in splits) and {next(iter(split)) for split in splits} == {1, 2}


def test_dry_run_writes_nothing(version, processor):
    version.task(CARS)
    version.insert(augmentations={"ROTATION": [1, 2]})
    before = version.everything()
    report = json.loads(processor.run("-v", version.id, "--dry-run", "--json").stdout)
    assert (report["frames"], report["boxes"], report["framesWithoutBoxes"], report["augmentedImages"]) == (3, 3, 1, 1)
    assert version.everything() == before


@pytest.mark.parametrize("arguments", [[], ["-v", "xyz"], ["-v", str(ObjectId()), "--format", "gif"]])
def test_wrong_arguments_end_with_a_usage(processor, arguments):
    assert "sage:" in processor.run(*arguments, status=64).stderr


def test_unknown_version_is_one_line(processor):
    missing = ObjectId()
    assert processor.run("-v", missing, status=1).stderr.strip() == (
        f"dataset_processor: There is no dataset version {missing}.")


def test_a_job_that_was_recorded_and_never_queued_is_built_by_the_next_command(version, processor):
    """The command was killed between the two writes, and no service runs that would look for such jobs."""
    version.task(CARS)
    version.insert()
    processor.run("-v", version.id)
    database = version.database
    job = database.ContentJob.find_one({"versionId": version.id})
    database.ContentJob.delete_many({})
    database.ContentJobUnit.delete_many({})
    database.AnnotationDatasetVersion.update_one({"_id": version.id}, {"$unset": {"taskStatus": 1}})
    database.ContentJob.insert_one({
        **{name: job[name] for name in ("_id", "kind", "versionId", "groupId", "runNumber", "request")},
        "state": "queued", "fence": 1, "announced": False, "pending": "plan",
        "dates": {"created": job["dates"]["created"]}})
    assert "complete" in processor.run("-v", version.id, timeout=60).stdout
    assert database.ContentJob.find_one({"_id": job["_id"]})["state"] == "succeeded"


@pytest.mark.parametrize("store", ["directory", "s3"])
def test_killed_builds_go_on_to_the_same_manifest(store, make_backend, dataset_program, tmp_path, s3_store):
    backend = make_backend(store=s3_store if store == "s3" else store, start=False)
    version, processor = Version(backend, tmp_path), Processor(dataset_program, backend.service)
    for _ in range(3):
        version.task(CARS * 10)
    version.insert(augmentations=EVERYTHING)
    chance, kills, images = random.Random(6), 0, {}
    while True:
        build = processor.start("-v", version.id, "--format", "coco")
        try:
            build.wait(0.15 + chance.random() * 0.5 if kills < 8 else 90)
        except subprocess.TimeoutExpired:
            build.send_signal(signal.SIGKILL)
            build.wait()
            kills += 1
            # What an attempt has made, later ones leave alone.
            for key in backend.store.keys(f"dataset/{version.group}"):
                if key.endswith(".jpg"):
                    written = backend.store.path(key).stat().st_mtime_ns
                    assert images.setdefault(key, written) == written, key
            continue
        break
    assert build.returncode == 0, build.stderr.read()
    killed = hashlib.sha256(backend.store.bytes(version.key("manifest.jsonl"))).hexdigest()
    everything = {key: backend.store.bytes(key) for key in backend.store.keys(f"dataset/{version.group}")}
    assert kills > 0 and set(everything) == {line["key"] for line in version.manifest()} | {
        version.key("manifest.jsonl")}
    # An unbroken build elsewhere.
    other = version.copied_to(make_backend(start=False))
    Processor(dataset_program, other.service).run("-v", version.id, "--format", "coco")
    assert hashlib.sha256(other.store.bytes(version.key("manifest.jsonl"))).hexdigest() == killed
    assert {key: other.store.bytes(key) for key in other.store.keys(f"dataset/{version.group}")} == everything
    assert list((backend.service.work / "datasets").iterdir()) == []


def test_two_builders_of_one_version_do_not_disturb_each_other(version, processor):
    tasks = [version.task(CARS * 5) for _ in range(4)]
    version.insert(augmentations=EVERYTHING)
    builds = [processor.start("-v", version.id) for _ in range(2)]
    for build in builds:
        _, errors = build.communicate(timeout=90)
        assert build.returncode == 0, errors
    assert version.document["taskStatus"]["state"] == "complete"
    assert [entry["task"] for entry in version.document["taskStatus"]["tasks"]] == [str(task) for task in tasks]
    assert version.database.ContentJob.count_documents({"versionId": version.id, "state": "succeeded"}) >= 1
    assert json.loads(processor.run("-v", version.id, "--verify", "--json").stdout)["changed"] == []


def test_a_store_that_answers_503_only_delays(make_backend, dataset_program, s3_store, tmp_path):
    backend = make_backend(store=s3_store, start=False)
    version = Version(backend, tmp_path)
    task = version.task(CARS * 3)
    version.insert()
    with UnwillingProxy(int(s3_store.endpoint.rsplit(":", 1)[1]), every=3) as proxy:
        backend.service.settings["S3"]["endpoint"] = f"http://127.0.0.1:{proxy.port}"
        Processor(dataset_program, backend.service).run("-v", version.id)
        assert proxy.refusals > 5
        assert len(version.labels(task, 9)) == 2
        # The presigned URL is good for anyone.
        address = version.frame(task, 1)["awsUrl"]
        proxy.every = 0
        with urllib.request.urlopen(address) as answer:
            assert answer.headers["Content-Type"] == "image/jpeg" and answer.read()[:2] == b"\xff\xd8"


def test_thousands_of_objects_in_one_task(make_backend, dataset_program, tmp_path, s3_store):
    backend = make_backend(store=s3_store, start=False)
    version, processor = Version(backend, tmp_path), Processor(dataset_program, backend.service)
    version.task([[box("car", n % 50, 5, 20, 20)] for n in range(350)], width=64, height=36)
    version.insert()
    processor.run("-v", version.id)
    assert len(version.manifest()) == 3 * 350 + 2
    before = version.everything()
    processor.run("-v", version.id)
    assert version.everything() == before
    report = json.loads(processor.run("-v", version.id, "--verify", "--json").stdout)
    assert (report["matching"], report["missing"]) == (1052, [])


def test_samples_show_pictures_with_boxes(version, processor):
    version.task(CARS)
    version.insert()
    processor.run("-v", version.id)
    with zipfile.ZipFile(version.backend.store.path(version.key("samples.zip"))) as archive:
        names = archive.namelist()
        assert archive.testzip() is None and "classes.txt" in names
        assert len([name for name in names if name.endswith(".jpg")]) == 3


def test_progress_is_plain_lines_without_a_terminal_and_a_bar_on_one(version, processor):
    version.task(CARS * 10)
    version.insert()
    lines = processor.run("-v", version.id).stderr.splitlines()
    assert lines and all("\r" not in line and "frames" in line for line in lines)
    another = version.task(CARS * 20)
    version.database.AnnotationDatasetVersion.update_one(
        {"_id": version.id}, {"$set": {"taskList": version.tasks}, "$unset": {"taskStatus": ""}})
    here, there = os.openpty()
    build = subprocess.Popen(processor.command("-v", version.id), stdout=subprocess.PIPE, stderr=there)
    os.close(there)
    shown = b""
    try:
        while piece := os.read(here, 4096):
            shown += piece
    except OSError:
        pass
    assert build.wait(60) == 0 and len(version.labels(another, 1)) == 1
    assert b"\r" in shown and b"[" in shown and b"frames" in shown


class TestService:
    """createDataSet, and the warm start of the service."""

    @pytest.fixture(scope="class")
    def served(self, make_backend):
        backend = make_backend(settings={"App": {"allow_unkeyed_dataset_requests": "true"}})
        yield backend
        assert backend.service.stop() == 0

    @staticmethod
    def complete(version):
        return lambda: version.document.get("taskStatus", {}).get("state") == "complete"

    @pytest.mark.parametrize("key", ["key-for-the-end-to-end-tests", None])
    def test_create_data_set_builds_the_version(self, served, tmp_path, key):
        version = Version(served, tmp_path)
        task = version.task(CARS)
        version.insert()
        answer = served.service.create_data_set({"data_version_id": version.id}, key=key)
        assert (answer.status, answer.body) == (201, b"")
        wait_until(self.complete(version), 60, "the dataset")
        assert len(version.labels(task, 3)) == 2

    def test_bad_requests_are_problems(self, served):
        unknown = served.service.create_data_set({"data_version_id": ObjectId()})
        malformed = served.service.create_data_set({"data_version_id": "xyz"})
        missing = served.service.create_data_set({})
        wrong = served.service.create_data_set({"data_version_id": ObjectId()}, key="wrong")
        assert [answer.status for answer in (unknown, malformed, missing, wrong)] == [404, 400, 400, 401]
        assert malformed.json["errors"][0]["field"] == "data_version_id"

    def test_command_and_service_share_the_work(self, served, dataset_program, tmp_path):
        version = Version(served, tmp_path)
        for _ in range(4):
            version.task(CARS * 5)
        version.insert()
        assert served.service.create_data_set({"data_version_id": version.id}).status == 201
        Processor(dataset_program, served.service).run("-v", version.id)
        assert version.document["taskStatus"]["state"] == "complete"
        assert version.database.ContentJob.count_documents({"versionId": version.id}) <= 2

    def test_a_task_that_crashes_its_workers_does_not_stop_the_others(self, make_backend, tmp_path):
        backend = make_backend(settings={"Cores": {"cpu_cores": 1}, "Worker": {"attempts": 2}})
        version = Version(backend, tmp_path)
        deadly, good = version.task([[]] * 500), version.task(CARS)
        version.insert()
        assert backend.service.create_data_set({"data_version_id": version.id}).status == 201
        units = backend.database.ContentJobUnit
        for attempt in (1, 2):
            unit = wait_until(
                lambda: units.find_one({"kind": "piece", "piece": 0, "state": "running"}), 60, f"attempt {attempt}")
            for worker in backend.service.workers():
                os.kill(worker, signal.SIGSEGV)
            wait_until(lambda: units.find_one({"_id": unit["_id"]})["attempts"] == attempt, 60, "the attempt's count")
        wait_until(lambda: backend.database.ContentJob.find_one({"state": "failed"}), 60, "the job's end")
        entries = {entry["task"]: entry for entry in version.document["taskStatus"]["tasks"]}
        assert (entries[str(good)]["state"], entries[str(deadly)]["state"]) == ("complete", "pending")
        assert "signal 11" in entries[str(deadly)]["error"], entries
        assert len(version.labels(good, 3)) == 2
        assert backend.service.stop() == 0

    def test_pending_versions_are_built_at_the_start(self, make_backend, tmp_path):
        backend = make_backend(start=False)
        version = Version(backend, tmp_path)
        version.task(CARS)
        version.insert(taskStatus={"state": "pending", "tasks": []})
        backend.service.start()
        wait_until(self.complete(version), 60, "the dataset")
        assert backend.service.stop() == 0

    def test_without_a_key_only_where_it_is_allowed(self, make_backend):
        backend = make_backend()
        assert backend.service.create_data_set({"data_version_id": ObjectId()}, key=None).status == 401
        assert backend.service.stop() == 0
