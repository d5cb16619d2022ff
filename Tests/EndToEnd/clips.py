"""What ffprobe and the bytes say of a task clip."""

import json
from fractions import Fraction
from types import SimpleNamespace

import numbered


def describe(path):
    """The facts of a clip's streams, its frames and its first bytes."""
    info = json.loads(numbered.run(
        "ffprobe", "-v", "error", "-show_streams", "-show_entries", "frame=pts_time,key_frame", "-of", "json", path))
    video = next(stream for stream in info["streams"] if stream["codec_type"] == "video")
    frames = [frame for frame in info["frames"] if "key_frame" in frame]
    return SimpleNamespace(
        streams=[stream["codec_type"] for stream in info["streams"]], codec=video["codec_name"],
        profile=video["profile"], pixels=video["pix_fmt"], size=(video["width"], video["height"]),
        aspect=video.get("sample_aspect_ratio", "1:1"), rotated="side_data_list" in video,
        rates=(Fraction(video["r_frame_rate"]), Fraction(video["avg_frame_rate"])),
        times=[float(frame["pts_time"]) for frame in frames],
        keyframes=[float(frame["pts_time"]) for frame in frames if frame["key_frame"]],
        duration=float(video["duration"]))


def check_clip(path, rate, frame_count):
    """A clip as design and contract promise it: plays in any browser, exact constant rate from 0, seekable."""
    clip = describe(path)
    assert (clip.streams, clip.codec, clip.profile, clip.pixels) == (["video"], "h264", "High", "yuv420p")
    assert clip.rates == (rate, rate) if frame_count > 1 else clip.rates[0] == rate
    assert clip.aspect in ("1:1", "0:1") and not clip.rotated
    assert [round(time * rate, 3) for time in clip.times] == list(range(frame_count))
    assert abs(clip.duration - frame_count / rate) < 0.001
    starts = clip.keyframes + [frame_count / rate]
    assert starts[0] == 0 and max(b - a for a, b in zip(starts, starts[1:])) <= 1.0001
    assert top_level_boxes(path).index("moov") < top_level_boxes(path).index("mdat")
    return clip


def top_level_boxes(path):
    """The names of an MP4 file's top-level boxes, in order."""
    names = []
    with open(path, "rb") as file:
        while len(header := file.read(8)) == 8:
            size = int.from_bytes(header[:4], "big")
            names.append(header[4:].decode("latin-1"))
            if size == 1:
                size = int.from_bytes(file.read(8), "big") - 8
            file.seek(size - 8, 1)
    return names
