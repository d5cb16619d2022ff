"""What the database is asked in normal work: few questions. That each uses an index, the end of every session checks."""

from collections import Counter

from service import wait_until

COLLECTIONS = ("Content", "Annotation")
#: Of one upload that becomes one clip, from the request to its end, by one worker. The goal is 40.
OPERATIONS_OF_ONE_CLIP = 47


def profiled(database, work):
    """The operations on collections of the product while `work` runs."""
    database.command("profile", 0)
    database.drop_collection("system.profile")
    database.create_collection("system.profile", capped=True, size=64 << 20)
    database.command("profile", 2)
    work()
    database.command("profile", 0)
    names = tuple(f"{database.name}.{prefix}" for prefix in COLLECTIONS)
    return [entry for entry in database["system.profile"].find({"appName": "content-processor"})
            if entry["ns"].startswith(names)]


def questions(operations):
    """How often each kind of command was sent to each collection."""
    def command(entry):
        names = [name for name in ("find", "aggregate", "insert", "update", "delete", "findAndModify", "q")
                 if name in entry["command"]]
        return f"{entry['op']} {names[0] if names else ''} {entry['ns'].split('.', 1)[1]}"

    return Counter(command(entry) for entry in operations)


def is_inner(entry):
    """Whether it is one of the writes that the server makes for a `$merge`, which is one question."""
    return entry["op"] == "update" and entry["ns"].endswith(("AnnotationFrame", "AnnotationTask"))


def is_idle(entry):
    """Whether it is what workers and the reconciler ask all the time, found or not."""
    command = entry["command"]
    looks = command.get("filter", {})
    return (entry["ns"].endswith("ContentJobUnit") and "lease" in looks and entry.get("nreturned") == 0
            or entry["ns"].endswith("ContentJob") and "pending" in looks and entry.get("nreturned") == 0
            or entry["ns"].endswith("AnnotationContentUpload") and "status" in looks)


def test_a_one_clip_upload_asks_the_database_few_times(make_backend, videos):
    backend = make_backend(settings={"Cores": {"cpu_cores": 1}})
    # The first job makes the indexes.
    backend.upload(videos.numbered("plain"), frame_rate=5).process()
    upload = backend.upload(videos.numbered("plain"), frame_rate=5, frames_per_task=120)

    def work():
        upload.post()
        wait_until(lambda: upload.document["status"] == 1, 20, "the end of the job")

    operations = [entry for entry in profiled(backend.database, work) if not is_idle(entry) and not is_inner(entry)]
    assert backend.database["AnnotationTask"].count_documents({"uploadId": upload.id}) == 1
    assert len(operations) <= OPERATIONS_OF_ONE_CLIP, "\n".join(
        f"{count} × {question}" for question, count in sorted(questions(operations).items()))
