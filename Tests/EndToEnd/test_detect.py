"""`content-processor detect`: photos in, a report out."""

import csv
import io
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import time
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from test_annotation import CLIP, SAMPLES
from service import wait_until

ROOT = SAMPLES.parent
CONFIGURATION = f"""
[MongoDB]
db_name = none
[Folders]
models = {SAMPLES / "detector"}
openvino = {ROOT / "work" / "tools" / "openvino"}
[AutoAnnotation.1]
engine = motion
[AutoAnnotation.2]
engine = onnx
model = shapes.onnx
iou = 0.5
"""


def exif(orientation, taken):
    """An APP1 segment in big-endian order: orientation, and DateTimeOriginal in the EXIF directory."""
    first = struct.pack(">HHHIHHHHIII", 2, 0x0112, 3, 1, orientation, 0, 0x8769, 4, 1, 38, 0)
    times = struct.pack(">HHHII", 1, 0x9003, 2, 20, 56) + bytes(4) + taken.encode() + b"\0"
    body = b"Exif\0\0" + b"MM\0\x2a" + struct.pack(">I", 8) + first + times
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    """Twelve frames of the sample clip as photos, one of them turned; a cut one, a text, and files that are none."""
    folder = tmp_path_factory.mktemp("photos") / "card"
    (folder / "Süd").mkdir(parents=True)
    subprocess.run(["ffmpeg", "-v", "error", "-i", CLIP, "-frames:v", "12", "-vf", "select='not(mod(n,10))'",
                    "-vsync", "0", "-q:v", "2", folder / "Süd" / "IMG_%d.jpg"], check=True)
    photo = folder / "Süd" / "IMG_1.jpg"
    data = photo.read_bytes()
    (folder / "turned.jpg").write_bytes(data[:2] + exif(6, "2026:07:14 23:59:59") + data[2:])
    (folder / "=cut.jpg").write_bytes(data[:len(data) // 2])
    (folder / "text.jpg").write_text("this is no picture")
    (folder / "notes.txt").write_text("not counted")
    return folder


@pytest.fixture(scope="module")
def large_card(card, tmp_path_factory):
    """So many photos that there is time to do harm."""
    folder = tmp_path_factory.mktemp("large") / "card"
    for number in range(6):
        shutil.copytree(card, folder / str(number))
    return folder


@pytest.fixture(scope="module")
def detect(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("detect")
    (folder / "config.cfg").write_text(CONFIGURATION)

    def start(*arguments, **options):
        return subprocess.Popen(
            [program, "detect", *map(str, arguments), "--config", folder / "config.cfg"], cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run(*arguments):
        process = start(*arguments)
        output, errors = process.communicate(timeout=120)
        return process.returncode, output, errors

    run.start, run.folder = start, folder
    return run


@pytest.fixture(scope="module")
def report(detect, card):
    status, output, errors = detect(card, "--version", 2, "--include-images", "all", "--output", "report.zip")
    assert status == 0, errors
    assert "15 photos" in output and "2 failed" in output
    return detect.folder / "report.zip"


def rows(archive, sheet):
    workbook = openpyxl.load_workbook(io.BytesIO(archive.read("detections.xlsx")))
    head, *lines = workbook[sheet].iter_rows(values_only=True)
    return [dict(zip(head, line)) for line in lines]


def test_the_workbook_the_tables_and_the_json_agree(report):
    with zipfile.ZipFile(report) as archive:
        assert archive.testzip() is None
        files, boxes, failures = (rows(archive, sheet) for sheet in ("Files", "Detections", "Failures"))
        assert len(files) == 15 and len(boxes) >= 12
        assert [line["File"] for line in failures] == ["=cut.jpg", "text.jpg"]
        table = list(csv.DictReader(io.StringIO(archive.read("detections.csv").decode())))
        assert [(line["File"], float(line["X"]), float(line["Confidence"])) for line in table] == \
            [(line["File"], line["X"], line["Confidence"]) for line in boxes]
        assert [line["File"] for line in csv.DictReader(io.StringIO(archive.read("failures.csv").decode()))] == \
            ["'=cut.jpg", "text.jpg"]
        results = json.loads(archive.read("md_results.json"))
        assert results["info"]["format_version"] == "1.6"
        assert len(results["images"]) == 15
        assert sum(len(image["detections"] or []) for image in results["images"]) == len(boxes)
        assert {image["file"] for image in results["images"] if "failure" in image} == {"=cut.jpg", "text.jpg"}
        about = {line["Field"]: line["Value"] for line in rows(archive, "About")}
        assert about["Images found"] == about["Images looked at"] + about["Images failed"] == 15
        assert about["Boxes"] == len(boxes)
        for line in boxes:
            assert line["Picture"] in archive.namelist()


def test_boxes_are_those_of_the_upright_picture(report, card):
    with zipfile.ZipFile(report) as archive:
        files = {line["File"]: line for line in rows(archive, "Files")}
        plain, turned = files["IMG_1.jpg"], files["turned.jpg"]
        assert (turned["ImageWidth"], turned["ImageHeight"]) == (plain["ImageHeight"], plain["ImageWidth"])
        assert turned["Orientation"] == 6 and turned["DateTime"] == datetime(2026, 7, 14, 23, 59, 59)
        assert plain["DateTime"] is None and plain["RelativePath"] == "Süd"
        for line in rows(archive, "Detections"):
            assert 0 <= line["X"] and line["X"] + line["Width"] <= line["ImageWidth"] + 0.1
            assert 0 <= line["Y"] and line["Y"] + line["Height"] <= line["ImageHeight"] + 0.1
        assert archive.read("images/card/turned.jpg") == (card / "turned.jpg").read_bytes()
        drawn = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", "-"],
                               input=archive.read("boxes/card/turned.jpg"), capture_output=True, check=True).stdout
        assert drawn.decode().strip() == f"{turned['ImageWidth']},{turned['ImageHeight']}"


def test_photos_of_a_clip_have_the_models_own_boxes(report):
    """Against what ONNX Runtime found in the same frame, before JPEG changed it a little."""
    reference = {line["frame"]: line["boxes"] for line in
                 map(json.loads, (SAMPLES / "detector" / "shapes.reference.jsonl").read_text().splitlines())}
    with zipfile.ZipFile(report) as archive:
        found = [line for line in rows(archive, "Detections") if line["File"] == "IMG_1.jpg"]
    wanted = reference[0]

    def overlap(line, box):
        width = min(line["X"] + line["Width"], box["x"] + box["w"]) - max(line["X"], box["x"])
        height = min(line["Y"] + line["Height"], box["y"] + box["h"]) - max(line["Y"], box["y"])
        shared = max(0, width) * max(0, height)
        return shared / (line["Width"] * line["Height"] + box["w"] * box["h"] - shared)

    assert len(found) == len(wanted)
    assert all(max(overlap(line, box) for box in wanted if box["label"] == line["Label"]) > 0.8 for line in found)


def test_an_archive_gives_the_same_boxes(detect, card, report):
    archive = detect.folder / "card.zip"
    with zipfile.ZipFile(archive, "w") as target:
        # In another order than that of the report.
        for path in sorted(card.rglob("*.jpg"), reverse=True):
            target.write(path, path.relative_to(card).as_posix())
        target.writestr("../climbs.jpg", b"x")
    status, _, errors = detect(archive, "--version", 2, "--output", "archive.zip")
    assert status == 0, errors
    with zipfile.ZipFile(detect.folder / "archive.zip") as found, zipfile.ZipFile(report) as wanted:
        same = [[{**line, "Picture": None} for line in rows(each, "Detections")] for each in (found, wanted)]
        assert len(same[0]) == len(same[1])
        for line, other in zip(*same):
            # The groups that the model sees are others, and so may the last digits be.
            assert (line["File"], line["Label"]) == (other["File"], other["Label"])
            assert line["X"] == pytest.approx(other["X"], abs=0.2)
        assert [(line["File"], line["Kind"]) for line in rows(found, "Failures")] == [
            ("=cut.jpg", "failed"), ("text.jpg", "failed"), ("climbs.jpg", "not read")]


def worker(process):
    """The process that does the work."""
    lists = Path(f"/proc/{process.pid}/task").glob("*/children")
    [child] = " ".join(children.read_text() for children in lists).split()
    return int(child)


def test_killed_at_random_the_report_is_the_same(detect, card, report):
    draws = random.Random(7)
    output = detect.folder / "killed.zip"
    for _ in range(8):
        process = detect.start(card, "--version", 2, "--include-images", "all", "--output", output, "--resume")
        time.sleep(draws.uniform(0.2, 1.5))
        process.kill()
        process.communicate()
        if output.exists():
            break
    if not output.exists():
        status, _, errors = detect(card, "--version", 2, "--include-images", "all", "--output", output, "--resume")
        assert status == 0, errors
    assert output.read_bytes() == report.read_bytes()
    assert not Path(f"{output}.parts").exists()


def test_a_crash_of_the_working_process_is_survived(detect, large_card):
    whole, output = detect.folder / "whole.zip", detect.folder / "crashed.zip"
    assert detect(large_card, "--version", 2, "--output", whole)[0] == 0
    process = detect.start(large_card, "--version", 2, "--output", output)
    journal = Path(f"{output}.parts") / "journal.jsonl"
    # Between two groups or in one: the photos that were being decoded are decoded again, one by one.
    wait_until(lambda: journal.exists() and b'"result"' in journal.read_bytes(), 60, "a result")
    os.kill(worker(process), signal.SIGSEGV)
    result, errors = process.communicate(timeout=120)
    assert process.returncode == 0 and "Looked at 90 photos" in result, errors
    assert "begins again" in errors
    assert output.read_bytes() == whole.read_bytes()


def test_a_signal_ends_the_run_and_leaves_it_to_be_resumed(detect, large_card):
    output = detect.folder / "stopped.zip"
    process = detect.start(large_card, "--version", 2, "--output", output)
    wait_until(lambda: Path(f"{output}.parts/journal.jsonl").exists(), 60, "the journal")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM and not output.exists(), errors
    status, _, errors = detect(large_card, "--version", 2, "--output", output)
    assert status == 1 and "--resume" in errors
    assert detect(large_card, "--version", 2, "--output", output, "--resume")[0] == 0


def test_a_reader_that_goes_away_does_not_end_the_run(detect, card):
    output = detect.folder / "unread.zip"
    process = detect.start(card, "--version", 2, "--output", output)
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=120) == 0
    assert output.exists()


def test_a_process_that_is_paused_does_not_keep_the_run_from_ending(detect, card):
    output = detect.folder / "paused.zip"
    process = detect.start(card, "--version", 2, "--output", output)
    wait_until(lambda: Path(f"{output}.parts/journal.jsonl").exists(), 60, "the journal")
    child = worker(process)
    os.kill(child, signal.SIGSTOP)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM and "begins again" not in errors
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.parametrize("arguments, sentence", [
    (["missing", "--version", "2"], "There is nothing at missing."),
    (["CARD", "--version", "1"], "photos need a version with a model"),
    (["CARD", "--version", "9"], "version 9 does not stand in the configuration"),
    (["CARD", "--version", "2", "--confidence", "0.1"], "--confidence can only raise that"),
    (["CARD/notes.txt", "--version", "2"], "cannot be read as a zip archive"),
    (["CARD", "--version", "2", "--output", "/proc/x.zip"], "cannot be made"),
])
def test_what_cannot_be_done_is_said(detect, card, arguments, sentence):
    status, output, errors = detect(*(argument.replace("CARD", str(card)) for argument in arguments))
    assert status == 1 and sentence in errors and not output
