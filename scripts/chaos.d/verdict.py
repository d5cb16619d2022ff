"""What is left when the harm is over, against an undisturbed run."""

import collections
import contextlib
import re
from pathlib import Path

from documents import normalized
from service import wait_until

ENDED_BADLY = re.compile(r" end=(?!signaled\((?:9|15)\))(\S+).* worker ended$", re.MULTILINE)


def complaints(plant, uploads, references, victims=()):
    """Everything that is not as after the undisturbed run, as sentences; nothing when all is well.

    `victims` are the ids of killed processes.
    """
    for upload, reference in zip(uploads, references):
        yield from differences(upload, reference)
    yield from strays(plant)
    yield from leftovers(plant)
    yield from (f"{path} was left behind" for path in shared_memory(victims))
    for log in plant.logs:
        for match in ENDED_BADLY.finditer(log.read_text(errors="replace")):
            yield f"{log.name}: a worker ended by itself: {match.group(1)}"


def differences(upload, reference):
    name, document = upload.path.name, upload.document
    shown = {field: document[field] for field in ("status", "progress", "errorMessage", "taskCount")}
    if shown != {"status": 1, "progress": 100, "errorMessage": {}, "taskCount": len(reference)}:
        yield f"{name}: the upload says {shown}"
    try:
        found = normalized(upload)
    except OSError as error:
        yield f"{name}: {error}"
        return
    if len(found) != len(reference):
        yield f"{name}: {len(found)} tasks, not {len(reference)}"
    for mine, wanted in zip(found, reference):
        for what, one, other in zip(("task", "frames", "clip"), mine, wanted):
            if one != other:
                yield f"{name}: {mine[0]['taskName']}: its {what} is not that of the undisturbed run"


def strays(plant):
    """What nothing refers to, and what is there twice."""
    database = plant.backend.database
    tasks = list(database.AnnotationTask.find())
    names = collections.Counter((task["uploadId"], task["taskName"]) for task in tasks)
    yield from (f"{name}: {count} tasks of one name" for (_, name), count in names.items() if count > 1)
    frames = collections.Counter(
        (frame["taskId"], frame["frameId"]) for frame in database.AnnotationFrame.find({}, {"taskId": 1, "frameId": 1}))
    known = {task["_id"] for task in tasks}
    yield from (f"frame {frame} is there {count} times" for frame, count in frames.items() if count > 1)
    yield from (f"frame {number} of a task that is not there" for task, number in frames if task not in known)
    wanted = {task["videoPath"] for task in tasks}
    # Names that rclone keeps for itself are not objects.
    objects = {key for key in plant.store.keys() if ".rclone_temp_" not in key}
    yield from (f"object {key} belongs to no task" for key in sorted(objects - wanted))
    yield from (f"object {key} is missing" for key in sorted(wanted - objects))


def leftovers(plant):
    """Work that is still queued, files that nobody will read, and workers whose supervisor is gone."""
    database = plant.backend.database
    for job in database.ContentJob.find({"state": {"$ne": "succeeded"}}):
        yield f"job {job['_id']} is {job['state']}: {job.get('error')}"
    for unit in database.ContentJobUnit.find({"state": {"$ne": "done"}}):
        yield f"unit {unit['_id']} ({unit['kind']}) is {unit['state']}"
    try:
        wait_until(lambda: not temporary_files(plant), 20)
    except AssertionError:
        yield from (f"{path} was left behind" for path in temporary_files(plant))
    try:
        wait_until(lambda: not orphans(plant), 20)
    except AssertionError:
        yield from (f"worker {pid} outlives its supervisor" for pid in orphans(plant))


def orphans(plant):
    """Worker processes of this plant that nobody watches."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = path.read_bytes()
            if b"--supervised" in command and bytes(plant.folder) in command:
                found.add(int(path.parent.name))
    return found - set(plant.workers())


def shared_memory(pids):
    """Files in /dev/shm that carry the id of a process that is no more, as libraries make them."""
    names = {str(pid) for pid in pids if not Path(f"/proc/{pid}").exists()}
    return [path for path in Path("/dev/shm").iterdir() if path.name.rpartition("-")[2] in names]


def temporary_files(plant):
    """All files but the locks of workers, which are there while they live."""
    return [path for folder in plant.work_folders for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".lock"]
