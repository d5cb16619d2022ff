"""Images and labels of a dataset per CPU second: dataset_processor beside a loop of OpenCV and boto3 that does the same.

usage: datasets.py PROGRAM LOOP-PYTHON [FRAMES] [RUNS]

PROGRAM is a release build of dataset_processor, LOOP-PYTHON a Python with cv2 and boto3. Both put image, thumbnail and
label file of every frame of one 1080p clip into the same S3 server, on one core; what is counted is the CPU time of the
process that builds, not that of the servers. Needs work/tools (scripts/setup).
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "Tests" / "EndToEnd")]

LOOP = textwrap.dedent("""
    import sys
    import boto3, cv2
    endpoint, access, secret, bucket, clip, task = sys.argv[1:]
    s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=access,
                      aws_secret_access_key=secret)
    cv2.setNumThreads(1)
    capture, number = cv2.VideoCapture(clip), 0
    while True:
        read, picture = capture.read()
        if not read:
            break
        number += 1
        height, width = picture.shape[:2]
        scale = 250 / max(width, height)
        small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
        quality = [cv2.IMWRITE_JPEG_QUALITY, 92]
        image, thumbnail = (cv2.imencode(".jpg", each, quality)[1].tobytes() for each in (picture, small))
        label = "0 0.5 0.5 0.1 0.1\\n"
        folder = f"dataset/loop/{task}/{number}"
        for name, data, kind in ((f"{number}.jpg", image, "image/jpeg"), (f"{number}_thumbnail.jpg", thumbnail, "image/jpeg"),
                                 (f"1.0.1_{number}.txt", label.encode(), "text/plain")):
            s3.put_object(Bucket=bucket, Key=f"{folder}/{name}", Body=data, ContentType=kind)
    print(number)
""")


def cpu_seconds(command):
    """CPU time of a command and its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(program, loop_python, frames):
    """CPU seconds of both over one clip."""
    import pymongo
    from backend import Backend
    from datasets import Processor, Version, box
    from servers import Mongod, S3Server
    from service import Service
    from stores import S3Store
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        with Mongod(scratch / "mongod") as mongod, S3Server(scratch / "s3") as server:
            store = S3Store(server, "bench")
            service = Service(program, scratch / "service", mongod.uri, "bench", store.settings,
                              {"Cores": {"cpu_cores": 1}})
            version = Version(Backend(service, store, pymongo.MongoClient(mongod.uri)["bench"]), scratch)
            task = version.task([[box("car", 864, 486, 192, 108)]] * frames, width=1920, height=1080)
            subprocess.run(
                ["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", ROOT / "samples" / "crossing.mp4",
                 "-frames:v", str(frames), "-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "veryfast", "-g", "5",
                 "-pix_fmt", "yuv420p", scratch / "clip.mp4"], check=True)
            store.put(f"contents/planted/task-{task}/task-{task}.mp4", (scratch / "clip.mp4").read_bytes())
            version.insert()
            own = cpu_seconds(Processor(program, service).command("-v", version.id, "--json"))
            loop = cpu_seconds([
                loop_python, "-c", LOOP, server.endpoint, server.ACCESS_KEY, server.SECRET_KEY, store.bucket,
                scratch / "clip.mp4", str(task)])
            return own, loop


def main(program, loop_python, frames=1000, runs=3):
    pairs = [measure(program, loop_python, int(frames)) for _ in range(int(runs))]
    own, loop = (statistics.median(values) for values in zip(*pairs))
    print("| images and labels | CPU seconds | frames per CPU second |\n|---|---|---|")
    for name, seconds in (("dataset_processor", own), ("OpenCV and boto3", loop)):
        print(f"| {name} | {seconds:.2f} | {int(frames) / seconds:.0f} |")
    print(f"\n{own / loop:.2f} × the loop's CPU")


if __name__ == "__main__":
    main(*sys.argv[1:])
