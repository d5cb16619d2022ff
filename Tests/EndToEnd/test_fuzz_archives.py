"""Archives of images that are made to harm, and damaged ones: clips or 422, and no worker ends by them."""

import io
import os
import random
import stat
import struct
import zipfile
import zlib

import pytest

import crafted
from mutations import mutate

FACTOR = int(os.environ.get("FUZZ_FACTOR", "1"))


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    """An archive of (name, bytes) pairs; a name may also be a `ZipInfo`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in entries:
            archive.writestr(name, data, compress_type=compression)
    return file.getvalue()


def special(name, mode):
    """An entry that is no regular file."""
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (mode | 0o644) << 16
    return entry


def encrypted(data):
    """The same archive with the encryption flag set in every header."""
    data = bytearray(data)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def png(width, height, data=b""):
    """A PNG that says it is of this size (<https://www.w3.org/TR/png/>)."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def archives(folder, secret):
    """Every crafted archive by name, and whether there is an image in it that can be shown."""
    good, huge = crafted.jpeg_of((160, 120), folder), crafted.jpeg_of((65500, 65500), folder)
    hidden = crafted.playlist(secret)
    whole = zipped([("a.jpg", good), ("b.jpg", good)])
    return {
        "climbing": zipped([("../../../../tmp/escaped.jpg", good), ("/tmp/escaped.jpg", good), ("a.jpg", good)]),
        "link": zipped([(special("link.jpg", stat.S_IFLNK), str(secret)), ("a.jpg", good)]),
        "device": zipped([(special("zero.jpg", stat.S_IFCHR), b""), (special("fifo.jpg", stat.S_IFIFO), b"")]),
        "bomb": zipped([(f"{number}.jpg", bytes(200 * 2**20)) for number in range(2)]),
        "picture-bomb": zipped([("a.png", png(10000, 10000, bytes(30_010_000)))]),
        "huge-jpeg": zipped([("a.jpg", huge)]),
        "huge-png": zipped([("a.png", png(2**31 - 1, 2**31 - 1))]),
        "playlists": zipped([("a.jpg", hidden), ("b.png", hidden), ("c.webp", hidden)]),
        "video-as-image": zipped([("a.jpg", crafted.avi([good] * 3, text=hidden))]),
        "many": zipped([(f"{number:06}.jpg", b"x") for number in range(70_000)], zipfile.ZIP_STORED),
        "same-names": zipped([("a.jpg", good), ("A.jpg", good), ("a.jpg", good)]),
        "odd-names": zipped([
            ("a\nb.jpg", good), ("\x1b[2Jc.jpg", good), ("d" * 4000 + ".jpg", good), ("%s%n.jpg", good)]),
        "encrypted": encrypted(whole),
        "nested": zipped([("inner.zip", whole), ("inner.jpg", whole)]),
        "empty": zipped([]),
        "cut": whole[:len(whole) // 2],
        "no-directory": whole[:whole.index(b"PK\1\2")],
        "no-archive": b"PK\3\4" + bytes(1000),
        "tar": b"a.jpg" + bytes(507),
    }


REFUSED = ["device", "bomb", "huge-jpeg", "huge-png", "playlists", "many", "encrypted", "empty", "no-archive", "tar"]


def upload_of(backend, data):
    """An image upload of an archive of these bytes."""
    path = backend.service.folder / "images.zip"
    path.write_bytes(data)
    upload = backend.upload(path)
    upload.fields["content_type"] = 2
    return upload


def check_ends(backend, uploads):
    """All ended with clips or 422, and nothing but the program's own lines is in the log."""
    ends = {name: upload.wait_for_end() for name, upload in uploads.items()}
    wrong = {name: end["errorMessage"] for name, end in ends.items()
             if end["status"] == 2 and end["errorMessage"]["error_code"] != 422}
    assert not wrong
    log = backend.service.log.read_text(errors="surrogateescape")
    assert "worker ended" not in log
    assert not [line for line in log.split("\n")[:-1] if not line.startswith("20")]
    return {name: end["status"] for name, end in ends.items()}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_crafted_archives_harm_nobody(backend, tmp_path):
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(crafted.jpeg_of((160, 120), tmp_path))
    uploads = {}
    for name, data in archives(tmp_path, secret).items():
        uploads[name] = upload_of(backend, data)
        answer = uploads[name].post()
        assert answer.status in (202, 422), (name, answer.body)
    ends = check_ends(backend, uploads)
    assert not {name for name in REFUSED if ends[name] == 1}
    assert sum(task["frameCount"] for task in uploads["link"].tasks) <= 1, "a link in an archive was followed"
    assert not os.path.exists("/tmp/escaped.jpg")


def test_damaged_archives_end_with_clips_or_422(backend, tmp_path):
    picture = crafted.jpeg_of((160, 120), tmp_path)
    whole = zipped([("a.jpg", picture), ("sub/b.jpg", picture), ("c.png", png(64, 64, bytes(64 * 193)))])
    uploads = {}
    for number in range(20 * FACTOR):
        uploads[number] = upload_of(backend, mutate(whole, random.Random(f"archive {number}")))
        answer = uploads[number].post()
        assert answer.status in (202, 422), (number, answer.body)
    check_ends(backend, uploads)
