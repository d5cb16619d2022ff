"""A package outside of this one steps through a video's frames with the product FrameKit, by the example of its article."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT / "Sources/FrameKit/FrameKit.docc/FrameKit.md"
MANIFEST = f"""// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "frames",
    dependencies: [.package(name: "content-processor", path: "{ROOT}")],
    targets: [
        .executableTarget(
            name: "frames", dependencies: [.product(name: "FrameKit", package: "content-processor")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ])
"""


def test_the_example_of_the_article_builds_outside_and_counts_every_frame(tmp_path, videos):
    [example] = re.findall(r"```swift\n(.*?)```", ARTICLE.read_text(), re.DOTALL)
    (tmp_path / "Sources/frames").mkdir(parents=True)
    (tmp_path / "Package.swift").write_text(MANIFEST)
    (tmp_path / "Sources/frames/main.swift").write_text(example)
    build = subprocess.run(["swift", "build", "--package-path", tmp_path], capture_output=True, text=True, timeout=900)
    assert build.returncode == 0, build.stdout + build.stderr
    video = videos.numbered("plain")
    shown = subprocess.run([tmp_path / ".build/debug/frames", video], capture_output=True, text=True, timeout=120)
    assert shown.returncode == 0, shown.stderr
    first, *lines = shown.stdout.splitlines()
    count = int(subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", video], check=True, capture_output=True, text=True).stdout)
    assert first == f"{count} frames"
    assert [int(line.split()[0]) for line in lines] == list(range(count))
