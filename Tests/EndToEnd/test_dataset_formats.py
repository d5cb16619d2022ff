"""Every format of `dataset_processor` gives the boxes back to readers of its own."""

import csv
import json
import subprocess
import zipfile

import pytest

from datasets import Processor, Version, box
from servers import TOOLS

BOXES = [
    [box("car", 10.25, 20.5, 50, 40, track=1, colour="red & blue"), box("person", -10, -10, 50, 60)],
    [],
    [box('odd "name"', 100, 20, 30, 30, track=2), box("car", 300, 170, 99, 99, track=1)],
]
WANTED = [
    [["car", 10.25, 20.5, 50, 40], ["person", 0, 0, 40, 50]], [],
    [["car", 300, 170, 20, 10], ['odd "name"', 100, 20, 30, 30]],
]
FORMATS = ["yolo", "coco", "voc", "cvat", "datumaro", "mot", "csv"]


@pytest.fixture(scope="module")
def export(make_backend, dataset_program, tmp_path_factory):
    """A built version with a directory of all formats. Returns the version, its task and the directory."""
    folder = tmp_path_factory.mktemp("export")
    version = Version(make_backend(start=False), folder)
    task = version.task(BOXES, splits=[1, 2, 1])
    version.insert(labels=("car", "person", 'odd "name"'))
    Processor(dataset_program, version.backend.service).run(
        "-v", version.id, "--format", ",".join(FORMATS), "--output", folder / "out")
    return version, task, folder / "out"


@pytest.fixture(scope="module")
def readers():
    python = TOOLS / "readers" / "bin" / "python"
    assert python.is_file(), f"{python} is missing; run scripts/setup tests"
    return python


def check(found, names, tolerance=0.01):
    assert sorted(found) == sorted(names)
    for name, wanted in zip(names, WANTED):
        boxes = sorted(found[name], key=lambda entry: entry[0])
        assert [entry[0] for entry in boxes] == [entry[0] for entry in wanted]
        for entry, expected in zip(boxes, wanted):
            assert entry[1:] == pytest.approx(expected[1:], abs=tolerance)


@pytest.mark.parametrize("name", [
    "coco", "voc", "cvat", "coco-datumaro", "voc-datumaro", "cvat-datumaro", "datumaro-datumaro"])
def test_reader_finds_the_boxes(export, readers, name):
    _, task, folder = export
    done = subprocess.run(
        [readers, "readers.py", name, folder / name.split("-")[0]], capture_output=True, text=True, timeout=120,
        cwd=__file__.rpartition("/")[0])
    assert done.returncode == 0, done.stderr
    check(json.loads(done.stdout), [f"{task}_{number}" for number in (1, 2, 3)])


def test_a_box_of_coco_has_no_outline(export):
    """Readers would make a polygon of it, and every box would be there twice."""
    _, _, folder = export
    annotations = [annotation for path in (folder / "coco").rglob("*.json")
                   for annotation in json.loads(path.read_text())["annotations"]]
    assert annotations and all(annotation["segmentation"] == [] for annotation in annotations)
    assert all(annotation["iscrowd"] == 0 and annotation["area"] > 0 for annotation in annotations)


def test_yolo_has_the_layout_of_ultralytics(export):
    _, task, folder = export
    names = ["car", "person", 'odd "name"']
    assert (folder / "yolo" / "data.yaml").read_text() == (
        "train: images/train\nval: images/val\nnames:\n" + "".join(
            f"  {number}: {json.dumps(name)}\n" for number, name in enumerate(names)))
    found = {}
    for path in (folder / "yolo" / "images").rglob("*.jpg"):
        lines = (folder / "yolo" / "labels" / path.parent.name / f"{path.stem}.txt").read_text().splitlines()
        found[path.stem] = []
        for number, x, y, w, h in (map(float, line.split()) for line in lines):
            found[path.stem].append(
                [names[int(number)], (x - w / 2) * 320, (y - h / 2) * 180, w * 320, h * 180])
    check(found, [f"{task}_{number}" for number in (1, 2, 3)])
    assert (folder / "yolo" / "images" / "val" / f"{task}_2.jpg").is_file()


def test_mot_keeps_tracks(export):
    _, task, folder = export
    sequence = folder / "mot" / "train" / str(task)
    rows = [[float(field) for field in line.split(",")]
            for line in (sequence / "gt" / "gt.txt").read_text().splitlines()]
    assert [(row[0], row[1], row[7]) for row in rows] == [(1, 1, 1), (1, 1_000_001, 2), (2, 1, 1), (2, 2, 3)]
    assert rows[0][2:6] == [10.25, 20.5, 50, 40]
    assert (sequence / "frames.csv").read_text() == "number,frame\n1,1\n2,3\n"
    # The frame between them is another split's, and a sequence of its own.
    for split, count in (("train", 2), ("val", 1)):
        folder_of_split = folder / "mot" / split / str(task)
        assert f"seqLength={count}\n" in (folder_of_split / "seqinfo.ini").read_text()
        pictures = sorted(path.name for path in (folder_of_split / "img1").iterdir())
        assert pictures == [f"{number:06}.jpg" for number in range(1, count + 1)]
        assert (folder_of_split / "gt" / "gt.txt").is_file() and (folder_of_split / "gt" / "labels.txt").is_file()


def test_csv_has_a_row_for_each_box_and_each_empty_picture(export):
    _, task, folder = export
    with open(folder / "csv" / "annotations.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["label"], row["track_id"]) for row in rows] == [
        ("car", "1"), ("person", ""), ("", ""), ("car", "1"), ('odd "name"', "2")]
    assert json.loads(rows[0]["attributes"]) == {"colour": "red & blue"}
    assert all((folder / "csv" / row["image"]).is_file() for row in rows)


def test_an_earlier_export_is_replaced_and_nothing_else(export, dataset_program, tmp_path):
    version, task, _ = export
    processor = Processor(dataset_program, version.backend.service)
    for _ in range(2):
        processor.run("-v", version.id, "--format", "csv", "--output", tmp_path)
        assert (tmp_path / "csv" / "images" / "train" / f"{task}_1.jpg").is_file()
        (tmp_path / "csv" / "left over").write_text("by the earlier one")
    (tmp_path / "voc").mkdir()
    (tmp_path / "voc" / "thesis.txt").write_text("of years")
    done = processor.run("-v", version.id, "--format", "voc", "--output", tmp_path, status=1)
    assert "no export" in done.stderr and (tmp_path / "voc" / "thesis.txt").read_text() == "of years"
    processor.run("-v", version.id, "--format", "csv", "--output", tmp_path)
    assert not (tmp_path / "csv" / "left over").exists()


def test_a_directory_is_filled_from_s3(make_backend, dataset_program, tmp_path, s3_server):
    version = Version(make_backend(store="s3", start=False), tmp_path)
    task = version.task(BOXES)
    version.insert(labels=("car", "person", 'odd "name"'))
    Processor(dataset_program, version.backend.service).run(
        "-v", version.id, "--format", "coco", "--output", tmp_path / "out")
    pictures = sorted((tmp_path / "out").rglob("*.jpg"))
    stored = [version.backend.store.bytes(f"dataset/{version.group}/{task}/{n}/{n}.jpg") for n in (1, 2, 3)]
    assert [path.read_bytes() for path in pictures] == stored
    assert len(json.loads(next((tmp_path / "out").rglob("*.json")).read_text())["annotations"]) == 4


def test_archives_hold_what_directories_do(export, dataset_program):
    version, _, folder = export
    Processor(dataset_program, version.backend.service).run("-v", version.id, "--format", ",".join(FORMATS))
    for name in FORMATS:
        with zipfile.ZipFile(version.backend.store.path(version.key(f"{name}.zip"))) as archive:
            assert archive.testzip() is None
            files = {str(path.relative_to(folder / name)): path.read_bytes()
                     for path in (folder / name).rglob("*") if path.is_file() and path.name[0] != "."}
            assert {entry: archive.read(entry) for entry in archive.namelist()} == files
            assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
