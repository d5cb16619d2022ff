"""The commands that need no server: `probe` tells what a video is, `clips` makes its task clips in a directory."""

import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
import time

import pytest

import numbered
from clips import check_clip, top_level_boxes
from documents import duration_text, mean_rate, normalized
from service import PATIENCE, wait_until

IDS = ("_id", "projectId", "uploadId", "runId")
VARYING = (*IDS, "createdAt", "videoPath", "S3_url")
"""Fields of a task that differ between two runs of the same work."""


@pytest.fixture
def run(program, tmp_path):
    """Runs the program in a directory of its own, where no configuration file is."""
    def run(*arguments, cwd=tmp_path):
        return subprocess.run(
            [program, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120 * PATIENCE)
    return run


@pytest.fixture
def start(program, tmp_path):
    """Starts the program and lets it run; kills what still runs at the end."""
    processes = []

    def start(*arguments):
        processes.append(subprocess.Popen(
            [program, *map(str, arguments)], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def slow(tmp_path):
    """A configuration with which the long video takes some seconds."""
    path = tmp_path / "slow.cfg"
    path.write_text("[Encoding]\npreset = veryslow\n[Content]\nframes_per_task = 15\n")
    return path


def tasks_of(directory):
    return json.loads((directory / "tasks.json").read_text())


def names(directory):
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []


def check_refusal(result, *words, status=1):
    """One clear line on standard error, nothing on standard output."""
    assert result.returncode == status, result
    assert result.stdout == "" and result.stderr.count("\n") == 1, result
    assert all(str(word) in result.stderr for word in words), result.stderr


# MARK: clips


@pytest.mark.parametrize("case, rate, stretch", [
    ("b_pyramid", 5, 1), ("variable", 7, 1), ("slow", 30, 1), ("rotated", 5, 1), ("odd_size", 4, 1),
    ("wide_pixels", 12, 853 / 640), ("transport_stream", 25, 1),
])
def test_clips_are_those_of_the_service(run, backend, videos, tmp_path, case, rate, stretch):
    video = videos.numbered(case, 60)
    truth, output = videos.truth(video), tmp_path / "out"
    result = run("clips", video, "--rate", rate, "--output", output, "--frames-per-task", 10)
    assert result.returncode == 0, result
    kept, tasks = truth.expect(rate), tasks_of(output)
    assert names(output) == sorted([task["videoPath"] for task in tasks] + ["tasks.json"])
    for task in tasks:
        check_clip(output / task["videoPath"], rate, task["frameCount"])
    found = [number for task in tasks for number in numbered.read(output / task["videoPath"], stretch)]
    assert found == [truth.numbers[index] for index in kept]

    upload = backend.upload(video, frame_rate=rate)
    upload.process()
    served = normalized(upload)
    assert [({name: value for name, value in task.items() if name not in VARYING},
             (output / task["videoPath"]).read_bytes()) for task in tasks] \
        == [(task, clip) for task, _, clip in served]
    document = upload.tasks[0]
    assert set(tasks[0]) == set(document) - set(IDS)
    assert all(task["S3_url"] == task["videoPath"] == f"{task['taskName']}.mp4" for task in tasks)


def test_any_number_of_workers_makes_the_same_bytes(run, videos, tmp_path):
    made = []
    for workers in (1, 2, 7, 50):
        output = tmp_path / f"out-{workers}"
        video = videos.numbered("b_pyramid", 150)
        assert run("clips", video, "--rate", 10, "--output", output, "--frames-per-task", 4,
                   "--workers", workers).returncode == 0
        tasks = [{name: value for name, value in task.items() if name != "createdAt"} for task in tasks_of(output)]
        made.append((tasks, {path.name: path.read_bytes() for path in output.glob("*.mp4")}))
    assert len(made[0][0]) == 13
    assert all(other == made[0] for other in made)


def test_settings_come_from_the_configuration(run, videos, tmp_path):
    configuration = tmp_path / "config.cfg"
    configuration.write_text("[Content]\nframes_per_task = 7\n[Encoding]\ncrf = 40\n")
    video = videos.numbered("plain", 60)
    # The file of the working directory, one that is named, and an option that overrides it.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run("clips", video, "--rate", 10, "--output", "a").returncode == 0
    named = run("clips", video, "--rate", 10, "--output", "b", "--config", configuration, cwd=elsewhere)
    assert named.returncode == 0
    assert run("clips", video, "--rate", 10, "--output", "c", "--frames-per-task", 12).returncode == 0
    assert run("clips", video, "--rate", 10, "--output", "d", cwd=elsewhere).returncode == 0
    counts = [[task["frameCount"] for task in tasks_of(path)]
              for path in (tmp_path / "a", elsewhere / "b", tmp_path / "c", elsewhere / "d")]
    assert counts == [[7, 7, 6], [7, 7, 6], [12, 8], [20]]
    sizes = [sum(path.stat().st_size for path in folder.glob("*.mp4")) for folder in (tmp_path / "c", elsewhere / "d")]
    assert sizes[0] < sizes[1] / 2, "crf 40 is much smaller than the default"


def test_other_files_are_never_overwritten_unless_forced(run, videos, tmp_path):
    video, output = videos.numbered("plain", 60), tmp_path / "out"
    output.mkdir()
    (output / "task-1-plain-60.mp4").write_text("precious")
    (output / "notes.txt").write_text("of a person")
    arguments = ("clips", video, "--rate", 10, "--output", output, "--frames-per-task", 5)
    check_refusal(run(*arguments), output / "task-1-plain-60.mp4", "--force")
    assert names(output) == ["notes.txt", "task-1-plain-60.mp4"]
    assert (output / "task-1-plain-60.mp4").read_text() == "precious"
    assert run(*arguments, "--force").returncode == 0
    assert len(tasks_of(output)) == 4
    # A run that makes fewer clips leaves none of the run that made more.
    check_refusal(run(*arguments), "tasks.json", "--force")
    assert run(*arguments[:-1], 15, "--force").returncode == 0
    assert names(output) == ["notes.txt", "task-0-plain-60.mp4", "task-1-plain-60.mp4", "tasks.json"]


def test_a_file_appears_under_its_name_only_when_it_is_complete(start, videos, slow, tmp_path):
    output = tmp_path / "out"
    process = start("clips", videos.long(), "--rate", 10, "--output", output, "--config", slow)
    seen = set()
    is_running = True
    while is_running:
        # One more look after the end: the last clip may come just before it.
        is_running = process.poll() is None
        present = names(output)
        for name in present:
            if not name.startswith(".") and name not in seen and name.endswith(".mp4"):
                assert {"moov", "mdat"} <= set(top_level_boxes(output / name))
                seen.add(name)
        assert "tasks.json" not in present or len([name for name in present if name.endswith(".mp4")]) == 7
        time.sleep(0.02)
    assert process.returncode == 0
    assert len(seen) == 7 and names(output) == sorted(seen | {"tasks.json"})


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("was_there", [True, False])
def test_a_cancelled_run_leaves_nothing(start, videos, slow, tmp_path, number, status, was_there):
    output = tmp_path / "out"
    if was_there:
        output.mkdir()
        (output / "notes.txt").write_text("of a person")
    process = start("clips", videos.long(), "--rate", 30, "--output", output, "--config", slow)
    wait_until(lambda: any(name.startswith("task-") for name in names(output)), what="a first clip")
    process.send_signal(number)
    started = time.monotonic()
    _, text = process.communicate(timeout=30 * PATIENCE)
    assert time.monotonic() - started < 5 * PATIENCE
    assert process.returncode == status
    assert text.splitlines()[-1] == "content-processor: cancelled"
    assert names(output) == (["notes.txt"] if was_there else [])
    assert output.exists() == was_there


def test_one_run_at_a_time_writes_into_a_directory(start, run, videos, slow, tmp_path):
    output = tmp_path / "out"
    process = start("clips", videos.long(), "--rate", 30, "--output", output, "--config", slow)
    wait_until(lambda: names(output), what="the first file")
    check_refusal(run("clips", videos.numbered("plain"), "--rate", 5, "--output", output), "Another run", output)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30 * PATIENCE)


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(program, run, videos, tmp_path):
    arguments = ("clips", videos.numbered("b_pyramid", 150), "--rate", 30, "--frames-per-task", 10, "--output")
    lines = run(*arguments, tmp_path / "lines")
    assert lines.returncode == 0
    told = lines.stderr.splitlines()
    assert told[0] == "150 frames in 15 clips" and len(told) == 16
    assert all(".mp4: 10 frames; " in line and "frames/s" in line and "left" in line for line in told[1:])
    assert lines.stdout == f"Made 15 clips with 150 of 150 frames, and tasks.json, in {tmp_path / 'lines'}.\n"

    ours, theirs = pty.openpty()
    process = subprocess.Popen([program, *map(str, arguments), tmp_path / "bar"], stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # The terminal is gone when the program ends.
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    assert process.wait() == 0
    drawings = shown.decode().split("\r")
    bars = [text for text in drawings if text.startswith("[")]
    assert len(bars) > 5 and "#" in bars[-1] and "frames/s" in bars[-1] and "left" in bars[-1]
    assert all(len(bar.replace("\x1b[K", "")) < 80 for bar in bars)
    assert "Made 15 clips" in shown.decode() and shown.count(b"\n") == 1


def test_frames_that_do_not_decode_are_counted(run, videos, tmp_path):
    video = tmp_path / "damaged.mp4"
    data = bytearray(videos.numbered("plain", 60).read_bytes())
    # Somewhere in the middle of the pictures' data.
    start = data.index(b"mdat") + 4
    middle = start + (len(data) - start) // 2
    data[middle:middle + 3000] = bytes(3000)
    video.write_bytes(data)
    result = run("clips", video, "--rate", 30, "--output", tmp_path / "out")
    assert result.returncode == 0, result
    [task] = tasks_of(tmp_path / "out")
    assert task["damagedFrames"] > 0 and f"Where {task['damagedFrames']} frame" in result.stdout
    # Nothing after the damage shifts.
    assert task["original_frames"] == list(range(1, 61))
    assert numbered.read(tmp_path / "out" / task["videoPath"])[-10:] == list(range(50, 60))
    assert json.loads(run("probe", video, "--json").stdout)["timing"]["frameCount"] == 60


# MARK: probe


@pytest.mark.parametrize("case, container, codec, constant, size, rotation, aspect", [
    ("plain", "QuickTime / MOV", "h264", True, (640, 360), 0, "1:1"),
    ("b_pyramid", "QuickTime / MOV", "h264", True, (640, 360), 0, "1:1"),
    ("variable", "QuickTime / MOV", "h264", False, (640, 360), 0, "1:1"),
    ("rotated", "QuickTime / MOV", "h264", True, (640, 360), 270, "1:1"),
    ("odd_size", "AVI (Audio Video Interleaved)", "mpeg4", True, (641, 361), 0, "1:1"),
    ("wide_pixels", "QuickTime / MOV", "h264", True, (853, 360), 0, "4:3"),
    ("transport_stream", "MPEG-TS (MPEG-2 Transport Stream)", "h264", True, (640, 360), 0, "1:1"),
])
def test_probe_tells_what_a_video_is(run, videos, case, container, codec, constant, size, rotation, aspect):
    video = videos.numbered(case, 60)
    truth = videos.truth(video)
    result = run("probe", video, "--rate", 5, "--frames-per-task", 3, "--json")
    assert result.returncode == 0, result
    report = json.loads(result.stdout)
    assert (report["file"], report["byteCount"]) == (video.name, video.stat().st_size)
    assert (report["container"], report["video"]["codec"]) == (container, codec)
    picture, timing = report["picture"], report["timing"]
    assert (picture["width"], picture["height"]) == size
    assert (picture["rotation"], picture["isMirrored"]) == (rotation, False)
    assert picture.get("pixelAspect", "1:1") == aspect
    assert (timing["frameCount"], timing["isConstantRate"]) == (60, constant)
    assert abs(timing["meanFrameRate"] / mean_rate(truth, 5) - 1) < 1e-6
    assert abs(timing["duration"] - 60 / mean_rate(truth, 5)) < 1e-6
    steps = [b - a for a, b in zip(truth.times, truth.times[1:])]
    assert abs(timing["longestGap"] - float(max(steps))) < 1e-6
    assert report["problems"] == []

    kept, sampling = truth.expect(5), report["sampling"]
    assert (sampling["frameRate"], sampling["framesPerTask"], sampling["keptFrameCount"]) == (5, 3, len(kept))
    assert [index - 1 for clip in sampling["clips"] for index in clip["original_frames"]] == kept
    first = sampling["clips"][0]
    assert {name: first[name] for name in first if name != "original_frames"} == {
        "taskName": f"task-0-{case}-60", "frameStart": kept[0] + 1, "frameEnd": kept[2] + 1, "frameStartTime": 0,
        "frameCount": 3, "videoDuration": duration_text(3, 5)}


@pytest.mark.parametrize("setting, shown, frame", [
    ("off", "kept so by clips", "1,1"), ("on", "deinterlaced by clips", "0,0")])
def test_interlaced_video_keeps_its_fields_or_loses_them(run, tmp_path, setting, shown, frame):
    video, configuration = tmp_path / "fields.mp4", tmp_path / "fields.cfg"
    configuration.write_text(f"[Encoding]\ndeinterlace = {setting}\n")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=50:d=2", "-vf",
         "tinterlace=mode=interleave_top,format=yuv420p", "-c:v", "libx264", "-flags", "+ilme+ildct",
         "-x264-params", "tff=1", video], check=True)
    assert f"h264, High, yuv420p, interlaced, top field first, {shown}" in run(
        "probe", video, "--config", configuration).stdout
    report = json.loads(run("probe", video, "--config", configuration, "--json").stdout)["video"]
    assert (report["isInterlaced"], report["fieldOrder"], report["isDeinterlaced"]) == (
        True, "topFirst", setting == "on")

    result = run("clips", video, "--rate", 5, "--output", tmp_path / "out", "--config", configuration)
    assert result.returncode == 0, result
    clip = tmp_path / "out" / tasks_of(tmp_path / "out")[0]["videoPath"]
    entries = "stream=field_order:frame=interlaced_frame,top_field_first"
    probed = json.loads(subprocess.check_output(
        ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "json", clip]))
    assert probed["streams"][0]["field_order"] == ("progressive" if setting == "on" else "tt")
    frames = {f"{frame['interlaced_frame']},{frame['top_field_first']}" for frame in probed["frames"]}
    assert frames == {frame} and len(probed["frames"]) == 10


def test_probe_measures_keyframes(run, videos):
    # One keyframe in each 60 frames of 30 per second.
    report = json.loads(run("probe", videos.numbered("plain", 150), "--json").stdout)
    assert report["keyframes"] == {"count": 3, "longestSpacing": 2, "meanSpacing": pytest.approx(5 / 3)}
    assert "sampling" not in report


def test_probe_is_readable(run, videos):
    lines = run("probe", videos.numbered("rotated", 60), "--rate", 5).stdout.splitlines()
    assert "  video      h264, High, yuv420p" in lines
    assert "  picture    640×360 as displayed, stored as 360×640, turned by 270° clockwise" in lines
    assert "  frames     60 in 2 s" in lines
    assert "  rate       30 frames/s, constant" in lines
    assert "At 5 frames/s: 10 of 60 frames in 1 clip of at most 120" in lines
    assert "  task-0-rotated-60: 10 of frames 1–55, from 0 s, 0:00:02 long" in lines


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def test_probe_names_the_streams_that_no_clip_shows(run, videos, tmp_path):
    several = tmp_path / "several.mkv"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=2", "-i", videos.numbered("plain", 60), "-i",
           videos.numbered("slow", 40), "-map", "0", "-map", "1", "-map", "2", "-c:v", "copy", "-c:a", "aac",
           "-disposition:v:0", "default", several)
    report = json.loads(run("probe", several, "--json").stdout)
    assert report["timing"]["frameCount"] == 60
    assert report["ignoredStreams"] == [
        {"kind": "audio", "codec": "aac"}, {"kind": "video", "codec": "h264", "width": 640, "height": 360}]
    assert report["problems"] == ["The file holds 1 further video: only the one shown above gets clips."]
    assert "  ignored    audio (aac), video (h264, 640×360)" in run("probe", several).stdout.splitlines()

    cover, art = tmp_path / "cover.mp4", tmp_path / "art.png"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48", "-frames:v", "1", art)
    ffmpeg("-i", art, "-i", videos.numbered("plain", 60), "-map", "0", "-map", "1", "-c", "copy",
           "-disposition:v:0", "attached_pic", cover)
    report = json.loads(run("probe", cover, "--json").stdout)
    assert report["timing"]["frameCount"] == 60
    assert report["ignoredStreams"] == [{"kind": "coverArt", "codec": "png", "width": 64, "height": 48}]
    assert report["problems"] == []
    assert json.loads(run("probe", videos.numbered("plain", 60), "--json").stdout)["ignoredStreams"] == []


def test_probe_says_in_sentences_what_is_wrong(run, videos, tmp_path):
    def problems(path, *options):
        return json.loads(run("probe", path, "--json", *options).stdout)["problems"]

    assert problems(videos.numbered("slow", 40), "--rate", 30) == [
        "The video has 4 frames per second, fewer than the 30 asked for: each is kept once, and clips play 7.5 times"
        " as fast."]

    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    ffmpeg("-i", videos.numbered("plain", 60), "-c", "copy", "-movflags", "+faststart", whole)
    cut.write_bytes(whole.read_bytes()[:whole.stat().st_size * 6 // 10])
    assert problems(cut)[0].startswith("The file is cut short or damaged: it promises 60 frames and holds ")

    # The length of the first part of three pictures no longer fits.
    broken, bytes_ = tmp_path / "broken.mp4", bytearray(whole.read_bytes())
    for packet in numbered.probe(whole, "packet=pos")["packets"][20:23]:
        bytes_[int(packet["pos"]):int(packet["pos"]) + 4] = b"\x7f\xff\xff\xff"
    broken.write_bytes(bytes_)
    assert problems(broken) == [
        "3 of 60 packets are damaged: clips may show the frame before in place of what does not decode."]

    gap = tmp_path / "gap.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=10:duration=3", "-vf", "setpts=PTS+gte(N\\,10)*2/TB",
           "-vsync", "passthrough", "-c:v", "libx264", gap)
    assert problems(gap) == ["No frame comes for 2.1 s after frame 10 at 0.9 s."]

    sparse = tmp_path / "sparse.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5:duration=30", "-c:v", "libx264", "-g", "1000",
           "-sc_threshold", "0", sparse)
    assert problems(sparse) == [
        "Keyframes are up to 30 s apart: a clip in between is decoded from the one before it."]


# MARK: both


@pytest.mark.parametrize("command", ["probe", "clips"])
def test_bad_input_is_one_clear_line(run, videos, tmp_path, command):
    def attempt(*arguments):
        output = ("--output", tmp_path / "out", "--rate", 5) if command == "clips" else ()
        result = run(command, *arguments, *output)
        assert not (tmp_path / "out").exists()
        return result

    text, folder, limits = tmp_path / "notes.mp4", tmp_path / "folder.mp4", tmp_path / "limits.cfg"
    text.write_text("no video at all\n" * 100)
    folder.mkdir()
    check_refusal(attempt(text), "notes.mp4", "is not a video")
    check_refusal(attempt(folder), "folder.mp4", "not a regular file")
    check_refusal(attempt(tmp_path / "absent.mp4"), "absent.mp4", "No such file")
    video = videos.numbered("plain", 60)
    limits.write_text("[Content]\nmax_pixels = 1000\n")
    check_refusal(attempt(video, "--config", limits), video.name, "640×360", "1000")
    limits.write_text("[Content]\nmax_file_size_gb = 0.001\n")
    large = tmp_path / "large.mp4"
    large.write_bytes(video.read_bytes() + bytes(1_000_000))
    check_refusal(attempt(large, "--config", limits), "large.mp4", "1000000 are allowed")
    limits.write_text("[Content]\nmax_pixel = 1000\n")
    check_refusal(attempt(video, "--config", limits), "limits.cfg:2", "max_pixels", status=78)
    assert attempt(video, "--frames-per-task", 0).returncode == 64


@pytest.mark.parametrize("arguments", [
    ("probe", "--rate", 0), ("probe", "--rate", 241), ("clips", "--rate", 0, "--output", "out"),
    ("clips", "--rate", 5), ("clips", "--output", "out"), ("clips", "--rate", 5, "--output", "out", "--workers", 0),
])
def test_bad_arguments_are_named(run, videos, tmp_path, arguments):
    video = tmp_path / "plain.mp4"
    shutil.copyfile(videos.numbered("plain", 60), video)
    result = run(arguments[0], video, *arguments[1:])
    assert result.returncode == 64 and result.stderr.startswith("Error: ") and "--" in result.stderr.splitlines()[0]
    assert names(tmp_path) == ["plain.mp4"]
