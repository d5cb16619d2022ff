"""Files made to mislead a media library: hidden playlists, references to other files, absurd numbers.

The AVI layout is that of <https://learn.microsoft.com/windows/win32/directshow/avi-riff-file-reference>, MP4's that of
ISO/IEC 14496-12; the `GAB2` subtitle chunk, the carrier of CVE-2016-1897, is what FFmpeg's avidec.c reads.
"""

import struct
import subprocess


def playlist(secret):
    return (f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nconcat:http://127.0.0.1:9/?|file://{secret}\n"
            f"#EXTINF:10.0,\nfile://{secret}\n#EXT-X-ENDLIST\n").encode()


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def group(name, *chunks):
    return chunk(b"LIST", name + b"".join(chunks))


def avi(frames, size=(160, 120), streams=1, text=None, codec=b"MJPG"):
    """An AVI of the frames in the first of its video streams, and maybe of one subtitle chunk."""
    width, height = size

    def header(kind, handler, form):
        head = struct.pack("<4s4sIHHIIIIIIIIhhhh", kind, handler, 0, 0, 0, 0, 1, 5, 0, len(frames), 0, 0, 0, 0, 0, 0, 0)
        return group(b"strl", chunk(b"strh", head), chunk(b"strf", form))

    form = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, codec, width * height * 3 & 0xffffffff, 0, 0, 0, 0)
    headers = [header(b"vids", codec, form) for _ in range(streams)]
    movi = [chunk(b"00dc", frame) for frame in frames]
    if text is not None:
        headers.append(header(b"txts", b"\0\0\0\0", b""))
        title = struct.pack("<HI", 2, 4) + "t\0".encode("utf-16-le")
        gab2 = b"GAB2\0" + title + struct.pack("<HI", 4, len(text)) + text
        movi.insert(0, chunk(b"%02dtx" % streams, gab2))
    main = struct.pack("<14I", 200000, 0, 0, 0x10, len(frames), 0, len(headers), 0, width, height, 0, 0, 0, 0)
    return chunk(b"RIFF", b"AVI " + group(b"hdrl", chunk(b"avih", main), *headers) + group(b"movi", *movi))


def box(name, body):
    return struct.pack(">I", len(body) + 8) + name + body


def changed_box(data, path, change):
    """An MP4 with the body of the first box at `path` replaced by `change(body)`, all sizes right."""
    at, result = 0, b""
    name, *rest = path
    while at < len(data):
        size = struct.unpack(">I", data[at:at + 4])[0]
        body = data[at + 8:at + size]
        if data[at + 4:at + 8] == name:
            return result + box(name, changed_box(body, rest, change) if rest else change(body)) + data[at + size:]
        result, at = result + data[at:at + size], at + size
    raise ValueError(f"no {name} in the file")


TABLE = [b"moov", b"trak", b"mdia", b"minf", b"stbl"]


def with_entries(mp4, table, *words, count=None):
    """An MP4 whose sample table `table` holds these 32-bit words, and says that it has `count` entries."""
    body = bytes(4) + struct.pack(f">I{len(words)}I", len(words) // 2 if count is None else count, *words)
    return changed_box(mp4, [*TABLE, table], lambda _: body)


def referring_to(mp4, path):
    """An MP4 whose samples lie in another file, by a QuickTime alias record."""
    name = str(path).encode()
    alias = (bytes(10) + b"\1v" + bytes(26) + bytes(12) + b"\1f" + bytes(62) + bytes(16) + struct.pack(">HH", 0, 0)
             + bytes(16) + struct.pack(">HH", 2, len(name)) + name + b"\0" * (len(name) % 2) + b"\xff\xff\0\0")
    entry = box(b"alis", bytes(4) + alias)
    return changed_box(
        mp4, [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"], lambda _: bytes(4) + struct.pack(">I", 1) + entry)


def jpeg_of(size, folder):
    """A small JPEG that says it is of this size."""
    path = folder / "frame.jpg"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x120", "-frames:v", "1", path)
    data = bytearray(path.read_bytes())
    start = data.index(b"\xff\xc0")
    data[start + 5:start + 9] = struct.pack(">HH", size[1], size[0])
    return bytes(data)


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def files(folder, secret):
    """Every crafted file as a name and its bytes; `secret` is what some of them want to read."""
    mp4, mkv = folder / "plain.mp4", folder / "late.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=2", "-c:v", "libx264", "-bf", "0", mp4)
    ffmpeg("-i", mp4, "-c", "copy", "-bsf:v", "setts=ts='if(gte(N,6),TS+1e12,TS)'", mkv)
    jpeg, plain, hidden = jpeg_of((160, 120), folder), mp4.read_bytes(), playlist(secret)
    return {
        "subtitle-playlist.avi": avi([jpeg] * 5, text=hidden),
        "subtitle-concat.avi": avi([jpeg] * 5, text=f"ffconcat version 1.0\nfile '{secret}'\n".encode()),
        "playlist-as-frame.avi": avi([hidden] * 5),
        "playlist.mp4": hidden,
        "playlist.ts": hidden,
        "concat.mp4": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "session.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"
                       b"a=rtpmap:96 H264/90000\n",
        "dash.mp4": f"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'><Period>"
                    f"<AdaptationSet mimeType='video/mp4'><Representation id='1' bandwidth='1'><BaseURL>file://{secret}"
                    f"</BaseURL></Representation></AdaptationSet></Period></MPD>".encode(),
        "smil.mp4": f"<smil><body><video src='file://{secret}'/></body></smil>".encode(),
        "reference.mp4": referring_to(plain, secret),
        "huge-picture.avi": avi([jpeg_of((65500, 65500), folder)] * 5, size=(65500, 65500)),
        "huge-header.avi": avi([jpeg] * 5, size=(2**31 - 1, 2**31 - 1)),
        "huge-raw.avi": avi([bytes(4000)] * 5, size=(30000, 30000), codec=b"\0\0\0\0"),
        "many-streams.avi": avi([jpeg] * 5, streams=300),
        "late.mkv": mkv.read_bytes(),
        "endless.mp4": with_entries(plain, b"stts", 1, 0x7fffffff, 19, 1024),
        # 23 hours between two frames, within the limit of 24.
        "long-gap.mp4": with_entries(plain, b"stts", 1, 23 * 3600 * 10240, 19, 1024),
        "still.mp4": with_entries(plain, b"stts", 20, 0),
        "many-times.mp4": with_entries(plain, b"stts", 0xffffffff, 1),
        "table-without-end.mp4": with_entries(plain, b"stts", 20, 512, count=0x0fffffff),
        "samples-without-end.mp4": changed_box(
            plain, [*TABLE, b"stsz"], lambda _: bytes(4) + struct.pack(">II", 1, 0xfffffff0)),
        "chunks-beyond.mp4": with_entries(plain, b"stco", 0xffffff00, count=1),
        "nested.mp4": plain[:32] + b"".join(struct.pack(">I", 8 * (4000 - n)) + b"moov" for n in range(4000)),
        "endless-box.mp4": plain[:32] + struct.pack(">I4sQ", 1, b"moov", 2**63 - 1) + plain[32:],
        "metadata.mp4": b";FFMETADATA1\ntitle=x\n[CHAPTER]\nSTART=0\nEND=1\n",
        "empty.mp4": b"",
        "zeros.mp4": bytes(100_000),
    }


def names(folder, secret):
    """Arguments that mean more than a file to ffmpeg."""
    return [f"concat:{secret}|{secret}", f"file://{secret}", "http://127.0.0.1:9/x.mp4", "pipe:0", "-",
            f"cache:{secret}", f"subfile,,start,0,end,9,,:{secret}", f"{folder}/frame%03d.jpg", f"{folder}/*.mp4",
            f"crypto:{secret}", f"data:video/mp4;base64,{'A' * 40}", "/dev/zero", str(folder)]
