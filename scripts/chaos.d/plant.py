"""What is harmed: a replica set, an S3 server behind a proxy, the service on a small disk, and a worker elsewhere."""

import contextlib
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pymongo

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "Tests" / "EndToEnd")]

from backend import Backend  # noqa: E402
from proxy import Proxy  # noqa: E402
from servers import ReplicaSet, S3Server, Server  # noqa: E402
from service import Service, descendants  # noqa: E402
from stores import S3Store  # noqa: E402

LEASE_SECONDS = 5
SETTINGS = {
    # Work that lasts, in many pieces.
    "Encoding": {"preset": "slower"}, "Content": {"frames_per_task": 10},
    "Worker": {"lease_seconds": LEASE_SECONDS}, "Cores": {"cpu_cores": 2},
    "AutoAnnotation.1": {"engine": "motion", "track": "true"},
}
VIDEOS = {"mp4": (), "mkv": ("-bf", "3"), "ts": ("-g", "15"), "avi": ("-bf", "0")}
"""Extensions, and how x264 is set for each."""
DAMAGED = {"mp4": (0.3, 0.55), "ts": (0.2, 0.7)}
"""Extensions of videos with bytes that are overwritten, and the parts of the file after which that is."""


def damage(path, places):
    """Overwrites 400 bytes at each place, given as a part of the file's length."""
    content = bytearray(path.read_bytes())
    for place in places:
        start = int(len(content) * place)
        content[start:start + 400] = random.Random(start).randbytes(400)
    path.write_bytes(content)


class Plant(contextlib.ExitStack):
    """All processes, with their files below `folder`; ends them and unmounts the disk when the context is left."""

    def __init__(self, program, folder, seed):
        super().__init__()
        self.program, self.folder = Path(program), Path(folder)
        with contextlib.ExitStack() as undo:
            # What was started ends here, too, when the next thing does not start.
            undo.push(self)
            self.start_servers(seed)
            self.start_service()
            undo.pop_all()

    def start_servers(self, seed):
        self.replica_set = self.enter_context(ReplicaSet(self.folder / "mongo"))
        self.client = self.enter_context(pymongo.MongoClient(self.replica_set.uri, tz_aware=True))
        server = self.enter_context(S3Server(self.folder / "s3"))
        self.store = S3Store(server, "chaos")
        self.proxy = self.enter_context(Proxy(server.port, seed))

    def start_service(self):
        """The service, and one worker beside those that it starts."""
        settings = {**self.store.settings, "endpoint": f"http://127.0.0.1:{self.proxy.port}"}
        self.service = Service(
            self.program, self.folder / "service", self.replica_set.uri, "chaos", settings, SETTINGS)
        self.backend = Backend(self.service, self.store, self.client["chaos"])
        self.has_small_disk = self.mount_small_disk()
        self.callback(self.service.stop)
        self.service.start()
        self.elsewhere = None
        self.callback(self.stop_elsewhere)
        self.start_elsewhere()

    @property
    def work_folders(self):
        return [self.service.work, self.folder / "elsewhere"]

    @property
    def logs(self):
        return [self.service.log, self.folder / "elsewhere.log"]

    def mount_small_disk(self):
        """Puts the service's work folder on a disk of 32 MB (below 16 the service is not ready); only root can."""
        self.service.work.mkdir()
        if os.geteuid() != 0:
            return False
        mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", self.service.work]
        if subprocess.run(mount, capture_output=True).returncode:
            return False
        self.callback(subprocess.run, ["umount", "--lazy", self.service.work])
        return True

    def start_elsewhere(self):
        """Another machine of one core: the same configuration, another work folder."""
        text = self.service.configuration.read_text().replace("cpu_cores = 2", "cpu_cores = 1")
        configuration = self.folder / "elsewhere.cfg"
        configuration.write_text(text.replace(f"work = {self.service.work}\n", f"work = {self.work_folders[1]}\n"))
        self.elsewhere = Server(
            "the machine elsewhere", [self.program, "work", "--config", configuration], self.logs[1])

    def stop_elsewhere(self):
        if self.elsewhere:
            self.elsewhere.stop()

    def workers(self):
        """The ids of all worker processes that run now, and of the one that watches those elsewhere."""
        here = descendants(self.service.server.pid) if self.service.server else []
        if self.elsewhere is None or self.elsewhere.process.poll() is not None:
            return here
        return here + [self.elsewhere.pid, *descendants(self.elsewhere.pid)]

    def make_videos(self):
        """A video of four seconds and 120 frames in each container."""
        folder = self.folder / "videos"
        folder.mkdir()
        for extension, options in VIDEOS.items():
            path = folder / f"cam-{extension}.{extension}"
            subprocess.run(
                ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=480x270:rate=30:duration=4",
                 "-vf", f"hue=h={len(extension) * 40}", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
                 "yuv420p", *options, path], check=True)
            damage(path, DAMAGED.get(extension, ()))
            yield path

    def upload_all(self, videos):
        """New uploads; every second one is annotated, too."""
        uploads = [self.backend.upload(video, frame_rate=30) for video in videos]
        for upload in uploads[1::2]:
            upload.fields |= {"request_type": 1, "auto_anno_version": 1}
        return uploads

    def keep_logs(self, destination):
        """Copies what may explain a failure."""
        Path(destination).mkdir(parents=True, exist_ok=True)
        for log in self.logs:
            with contextlib.suppress(OSError):
                shutil.copy(log, destination)
