"""A package outside of this one uses each library product by the example of its article."""

import re
import subprocess
from pathlib import Path

import bson
import pymongo
import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ["FrameKit", "BSON", "MongoDriver", "ObjectStore"]


def target(library):
    return f"""
        .executableTarget(
            name: "Try{library}", dependencies: [.product(name: "{library}", package: "content-processor")],
            swiftSettings: [.swiftLanguageMode(.v6)]),"""


MANIFEST = f"""// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "outside",
    dependencies: [.package(name: "content-processor", path: "{ROOT}")],
    targets: [{"".join(map(target, LIBRARIES))}
    ])
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs the example of a library with arguments and returns the lines that it prints."""
    package = tmp_path_factory.mktemp("outside")
    (package / "Package.swift").write_text(MANIFEST)
    for library in LIBRARIES:
        [example] = re.findall(
            r"```swift\n(.*?)```", (ROOT / f"Sources/{library}/{library}.docc/{library}.md").read_text(), re.DOTALL)
        (package / f"Sources/Try{library}").mkdir(parents=True)
        (package / f"Sources/Try{library}/main.swift").write_text(example)
    # Kept between runs: the libraries and what they depend on are compiled once.
    folders = ["--package-path", package, "--scratch-path", ROOT / ".build/outside"]
    build = subprocess.run(["swift", "build", *folders], capture_output=True, text=True, timeout=900)
    assert build.returncode == 0, build.stdout + build.stderr

    def run(library, *arguments):
        shown = subprocess.run(
            [ROOT / f".build/outside/debug/Try{library}", *arguments], capture_output=True, text=True, timeout=120)
        assert shown.returncode == 0, shown.stderr
        return shown.stdout.splitlines()

    return run


def test_framekit_counts_every_frame(run, videos):
    video = videos.numbered("plain")
    first, *lines = run("FrameKit", video)
    count = int(subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", video], check=True, capture_output=True, text=True).stdout)
    assert first == f"{count} frames"
    assert [int(line.split()[0]) for line in lines] == list(range(count))


def test_bson_codes_a_record_and_names_what_is_missing(run):
    assert run("BSON") == [
        f"{len(bson.encode({'name': 'north', 'rate': 29.97}))} bytes",
        '{name: "north", clips: ["day", "night"]} 25.0',
        "undecodable at first.name: missing",
    ]


def test_mongodriver_stores_a_record_once(run, mongod):
    client = pymongo.MongoClient(mongod.uri)
    try:
        lines = run("MongoDriver", mongod.uri, "test_outside")
        [camera] = client["test_outside"]["cameras"].find()
    finally:
        client.drop_database("test_outside")
    assert lines == ["north is there already, says by_name", "north has 300 frames"]
    assert (camera["name"], camera["frames"]) == ("north", 300)


def test_objectstore_keeps_an_object_as_a_file(run, tmp_path):
    assert run("ObjectStore", tmp_path / "objects") == [
        "notes/north.txt: 19 bytes of text/plain",
        "refused: the key has a component . or ..",
    ]
    assert (tmp_path / "objects/notes/north.txt").read_text() == "what the camera saw"
