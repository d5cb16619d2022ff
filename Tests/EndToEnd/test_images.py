"""Uploads of images: a folder or a .zip becomes clips at four frames a second, in natural order, upright."""

import shutil
import stat
import struct
import subprocess
import zipfile

import numpy
import pytest

from clips import check_clip
from test_annotation import CLIP, SETTINGS, check_finished_annotated

COLORS = {"img1.png": "red", "img2.jpg": "green", "img10.webp": "blue", "sub/img3.JPG": "white"}
ORDER = ["img1.png", "img2.jpg", "img10.webp", "sub/img3.JPG"]
VALUES = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def with_orientation(path, orientation):
    """Puts an EXIF segment with tag 0x0112 into a JPEG file."""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    segment = b"Exif\0\0" + tiff
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder with images of one colour, 320×240 but for one, and files that are none of its images."""
    folder = tmp_path_factory.mktemp("pictures") / "photos"
    (folder / "sub").mkdir(parents=True)
    for name, color in COLORS.items():
        size = "200x400" if name == "img2.jpg" else "320x240"
        source = folder / name.replace("JPG", "jpg")
        ffmpeg("-f", "lavfi", "-i", f"color={color}:s={size}", "-frames:v", "1", "-q:v", "2", source)
        source.rename(folder / name)
    # Stored upright, shown lying: 400×200.
    with_orientation(folder / "img2.jpg", 6)
    (folder / "notes.txt").write_text("no image")
    (folder / ".hidden.png").write_bytes((folder / "img1.png").read_bytes())
    (folder / "link.png").symlink_to("/etc/passwd")
    return folder


@pytest.fixture(scope="module")
def imaging(make_backend):
    backend = make_backend(settings={**SETTINGS, "Content": {"frames_per_task": 3}})
    yield backend
    assert backend.service.stop() == 0


def place(backend, folder):
    """An upload whose content is a copy of the folder."""
    upload = backend.upload(next(path for path in folder.iterdir() if path.is_file()), name="placeholder.png")
    target = upload.path.parent / folder.name
    shutil.copytree(folder, target, symlinks=True)
    upload.path = target
    upload.fields |= {"content_type": 2, "content_path": f"./contents/uploads/{upload.project}/{folder.name}"}
    return upload


def frames_of(path, width, height):
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], check=True,
        stdout=subprocess.PIPE).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(-1, height, width, 3).astype(int)


def check_tasks(upload):
    tasks = upload.tasks
    assert [task["frameCount"] for task in tasks] == [3, 1]
    assert [image["name"] for task in tasks for image in task["images"]] == ORDER
    assert {task["frameRate"] for task in tasks} == {4}
    for task in tasks:
        check_clip(upload.backend.store.path(task["videoPath"]), 4, task["frameCount"])
        width, height = task["videoResolutionWidth"], task["videoResolutionHeight"]
        pictures = frames_of(upload.backend.store.path(task["videoPath"]), width, height)
        for picture, image in zip(pictures, task["images"]):
            x, y, scale = image["x"], image["y"], image["scale"]
            across, down = round(image["width"] * scale), round(image["height"] * scale)
            inner = picture[y + 4:y + down - 4, x + 4:x + across - 4].mean(axis=(0, 1))
            assert abs(inner - VALUES[COLORS[image["name"]]]).max() < 12, image
            outside = picture.sum(axis=2).astype(float)
            outside[max(0, y - 4):y + down + 4, max(0, x - 4):x + across + 4] = 0
            assert outside.max() < 60, "around the image it is black"
    turned = tasks[0]["images"][1]
    assert (turned["width"], turned["height"], turned["scale"]) == (400, 200, 1)
    assert (tasks[0]["videoResolutionWidth"], tasks[0]["videoResolutionHeight"]) == (400, 240)


def test_a_folder_becomes_tasks_in_natural_order(imaging, pictures):
    upload = place(imaging, pictures)
    upload.process()
    check_tasks(upload)
    assert upload.tasks[0]["taskName"] == "task-0-photos"


def test_a_zip_becomes_the_same_tasks_whatever_is_in_it_besides(imaging, pictures, tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in reversed(ORDER):
            archive.write(pictures / name, name)
        archive.writestr("__MACOSX/img1.png", b"resource fork")
        archive.writestr("notes.txt", b"no image")
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    upload = imaging.upload(path)
    upload.process(content_type=2)
    check_tasks(upload)


def test_names_in_a_zip_never_become_paths(imaging, pictures, tmp_path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../../../evil.png", "/tmp/evil-absolute.png", "täglich/日本.png"):
            archive.write(pictures / "img1.png", name)
    upload = imaging.upload(path)
    upload.process(content_type=2)
    assert len(upload.tasks[0]["images"]) == 3 and upload.tasks[0]["images"][-1]["name"] == "täglich/日本.png"
    assert not list(imaging.service.folder.rglob("evil*.png")) and not (tmp_path.parent / "evil.png").exists()


BAD = {"no zip": b"this is no archive", "an empty zip": b"PK\5\6" + bytes(18)}


@pytest.mark.parametrize("name", BAD)
def test_an_archive_that_is_none_ends_with_422(imaging, tmp_path, name):
    path = tmp_path / "bad.zip"
    path.write_bytes(BAD[name])
    upload = imaging.upload(path)
    assert upload.post(content_type=2).status == 202
    document = upload.wait_for_end()
    assert (document["status"], document["errorMessage"]["error_code"]) == (2, 422)


def test_a_folder_without_images_is_refused(imaging, pictures, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "img1.png").write_bytes((pictures / "img1.png").read_bytes())
    upload = place(imaging, folder)
    (upload.path / "img1.png").unlink()
    answer = upload.post()
    assert answer.status == 422 and "no JPEG" in answer.json["message"]


def test_a_broken_image_is_black_and_counted(imaging, pictures, tmp_path):
    folder = tmp_path / "broken"
    shutil.copytree(pictures, folder, symlinks=True)
    (folder / "img10.webp").write_bytes(b"RIFF\0\0\0\0WEBPVP8 nonsense")
    upload = place(imaging, folder)
    upload.process()
    assert [task["damagedFrames"] for task in upload.tasks] == [1, 0]
    image = upload.tasks[0]["images"][2]
    assert (image["name"], image["width"]) == ("img10.webp", 0)


@pytest.mark.parametrize("kinds", [(1,), (0, 2)])
def test_images_are_annotated(imaging, kinds, tmp_path):
    folder = tmp_path / "street"
    folder.mkdir()
    ffmpeg("-i", CLIP, "-vf", "fps=1", folder / "shot%d.png")
    upload = place(imaging, folder)
    for kind in kinds:
        upload.process(request_type=kind, auto_anno_version=2 if kind else 0)
    check_finished_annotated(upload, len(upload.tasks), version=2, kind=kinds[-1])
    assert sum(len(frame["boxes"]) for task in upload.tasks for frame in upload.frames(task)) > 10


def skipped(document, names="skippedFiles", count="skippedFileCount"):
    assert document[count] == len(document[names])
    return {file["name"]: file["reason"] for file in document[names]}


def test_what_is_left_out_is_named_in_the_tasks_the_answer_and_the_job(imaging, pictures):
    upload = place(imaging, pictures)
    (upload.path / "moving.gif").write_bytes(b"GIF89a")
    (upload.path / "scan.tiff").write_bytes(b"II*\0")
    for name in ("camera.jfif", "old.jpe"):
        shutil.copy(pictures / "img2.jpg", upload.path / name)
    answer = upload.post()
    assert answer.status == 202
    upload.wait_for_end()
    left = {"moving.gif", "scan.tiff", "notes.txt", ".hidden.png", "link.png"}
    job = imaging.service.get(f"/api/jobs/{answer.json['job_id']}").json
    for found in [skipped(task) for task in upload.tasks] + [
            skipped(document, "skipped_files", "skipped_file_count") for document in (answer.json, job)]:
        assert set(found) == left
        assert "no JPEG" in found["moving.gif"] and "link" in found["link.png"] and "hidden" in found[".hidden.png"]
    names = [image["name"] for task in upload.tasks for image in task["images"]]
    assert len(names) == 6 and {"camera.jfif", "old.jpe"} < set(names)


def names_of(upload):
    return [image["name"] for task in upload.tasks for image in task["images"]]


def zip_of(path, raw_names, data):
    """A zip whose names are these bytes, without a mark of UTF-8."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(len(raw_names)):
            archive.writestr(chr(ord("A") + number) * len(raw_names[number]), data)
    content = path.read_bytes()
    for number, name in enumerate(raw_names):
        content = content.replace(bytes([ord("A") + number]) * len(name), name)
    path.write_bytes(content)


@pytest.mark.parametrize(("codepage", "names"), [
    ("cp437", ["Größe.png", "täglich.png"]), ("cp932", ["写真の箱.png", "日本の町.png"]),
    ("utf-8", ["caf\u00e9.png", "cafe\u0301.png"])])
def test_names_of_old_archives_are_readable(imaging, pictures, tmp_path, codepage, names):
    path = tmp_path / "names.zip"
    zip_of(path, [name.encode(codepage) for name in names], (pictures / "img1.png").read_bytes())
    upload = imaging.upload(path)
    upload.process(content_type=2)
    assert sorted(names_of(upload)) == sorted(names)
    assert [task["damagedFrames"] for task in upload.tasks] == [0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_of_one_name_in_a_zip_the_later_one_counts(imaging, pictures, tmp_path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for source in ("img1.png", "sub/img3.JPG"):
            archive.write(pictures / source, "a.png")
    upload = imaging.upload(path)
    upload.process(content_type=2)
    (task,) = upload.tasks
    assert names_of(upload) == ["a.png"] and task["damagedFrames"] == 0 and "later" in skipped(task)["a.png"]
    picture = frames_of(imaging.store.path(task["videoPath"]), 320, 240)[0]
    assert picture.mean() > 240, "the later one is white"


def test_names_in_a_folder_need_not_be_utf8(imaging, pictures, tmp_path):
    upload = place(imaging, pictures)
    for name in (b"t\x84glich.png", b"gr\x94\xe1e.png"):
        shutil.copy(pictures / "img1.png", bytes(upload.path) + b"/" + name)
    upload.process()
    assert {"täglich.png", "größe.png"} < set(names_of(upload)) and len(names_of(upload)) == 6
    assert sum(task["damagedFrames"] for task in upload.tasks) == 0


def test_the_first_image_may_be_damaged(imaging, pictures, tmp_path):
    folder = tmp_path / "cut"
    folder.mkdir()
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x240", "-frames:v", "1", folder / "whole.jpg")
    data = (folder / "whole.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[:len(data) // 2])
    (folder / "bad.jpg").write_bytes(b"no picture")
    upload = place(imaging, folder)
    upload.process()
    (task,) = upload.tasks
    assert task["damagedFrames"] == 2
    assert [(image["name"], bool(image.get("problem"))) for image in task["images"]] == [
        ("bad.jpg", True), ("cut.jpg", True), ("whole.jpg", False)]
    assert (task["videoResolutionWidth"], task["videoResolutionHeight"]) == (320, 240)


def test_an_upload_in_which_nothing_decodes_says_so_in_plain_words(imaging, tmp_path):
    path = tmp_path / "nothing.zip"
    zip_of(path, [b"a.jpg", b"b.png"], b"no picture")
    upload = imaging.upload(path)
    assert upload.post(content_type=2).status == 202
    error = upload.wait_for_end()["errorMessage"]
    assert error["error_code"] == 422 and "a.jpg" in error["message"] and "/proc" not in error["message"]
