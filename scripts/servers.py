"""The servers beside the service, for the demo and the tests: mongods and an S3 server (rclone) on loopback.

    python scripts/servers.py COMMAND…    runs COMMAND with both servers up, named by MONGODB_TEST_URI and S3_TEST_…

Each is a context manager that ends what it started, by process id. `scripts/setup` put the programs into work/tools.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pymongo

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "work" / "tools"


def free_port(preferred=0):
    """A TCP port of 127.0.0.1 that nothing listens on: the preferred one if it is free."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise RuntimeError("no free TCP port on 127.0.0.1")


def _end_with_parent():
    """Runs in the child: the kernel ends it when this script dies without a chance to clean up (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Server:
    """A program that runs until `stop`, in a session of its own so that Ctrl-C reaches the script alone."""

    def __init__(self, name, command, log, environment=None):
        self.name, self.log = name, Path(log)
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=_end_with_parent, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    def wait_until(self, is_up, seconds=60):
        """Returns once `is_up()` is true; stops the program and raises with the end of its log when it ends before
        that or the time is up."""
        deadline = time.monotonic() + seconds
        try:
            while not is_up():
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.name} ended with status {self.process.returncode}; {self.last_lines()}")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} is not up after {seconds} seconds; {self.last_lines()}")
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise

    def wait_for_port(self, port):
        self.wait_until(lambda: listens(port))

    def last_lines(self, count=8):
        lines = self.log.read_text(errors="replace").splitlines()[-count:]
        return f"its log {self.log} ends:\n" + "\n".join("  " + line for line in lines)

    def stop(self, seconds=20):
        """SIGTERM, then SIGKILL to the whole session. Returns the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Mongod(Server):
    """A mongod with its data below `directory`; `uri` names it.

    It stands alone unless `replica_set` names a set that it is to be a member of, and speaks TLS with a `certificate`.
    With `logs_operations` its log has a line for every operation.
    """

    def __init__(self, directory, port=None, replica_set=None, certificate=None, logs_operations=False):
        directory = Path(directory)
        (directory / "db").mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.uri = f"mongodb://127.0.0.1:{self.port}"
        command = [
            TOOLS / "mongod", "--dbpath", directory / "db", "--bind_ip", "127.0.0.1", "--port", self.port,
            "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket",
            # Small journal files: 11 MB on disk for an empty database, not 300.
            "--wiredTigerEngineConfigString", "log=(file_max=10MB,prealloc=false)"]
        if replica_set:
            command += ["--replSet", replica_set, "--oplogSize", "50"]
        if certificate:
            command += ["--tlsMode", "requireTLS", "--tlsCertificateKeyFile", certificate.joined]
        if logs_operations:
            command += ["--slowms", "-1"]
        super().__init__("mongod", command, directory / "mongod.log")
        self.wait_for_port(self.port)


class ReplicaSet:
    """Three mongods of one replica set, each of which may be killed and started again; `uri` names the set.

    Elections start a second after the primary was last heard of, not ten.
    """

    NAME = "rs0"

    def __init__(self, directory):
        self.directory, self.ports = Path(directory), [free_port() for _ in range(3)]
        self.uri = f"mongodb://{','.join(self.addresses)}/?replicaSet={self.NAME}"
        self.members = {}
        for port in self.ports:
            self.start_member(port)
        with self.connect(self.ports[0]) as client:
            client.admin.command("replSetInitiate", {
                "_id": self.NAME, "settings": {"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 500},
                "members": [{"_id": number, "host": address} for number, address in enumerate(self.addresses)]})
        self.wait_for_primary()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def addresses(self):
        return [f"127.0.0.1:{port}" for port in self.ports]

    def connect(self, port):
        """A client of one member alone."""
        return pymongo.MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=2000)

    def start_member(self, port):
        self.members[port] = Mongod(self.directory / str(port), port, replica_set=self.NAME)

    def kill_member(self, port):
        """SIGKILL; `start_member` brings it back."""
        self.members[port].process.kill()
        self.members[port].process.wait()

    def primary(self):
        """The port of the member that takes writes, None while there is none."""
        for port in self.ports:
            try:
                with self.connect(port) as client:
                    if client.admin.command("hello")["isWritablePrimary"]:
                        return port
            except pymongo.errors.PyMongoError:
                continue
        return None

    def wait_for_primary(self, seconds=60):
        deadline = time.monotonic() + seconds
        while (port := self.primary()) is None:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the replica set has no primary after {seconds} seconds")
            time.sleep(0.1)
        return port

    def step_down(self):
        """Makes the primary leave its place to another member, as for maintenance. Returns the port that it had."""
        port = self.wait_for_primary()
        with self.connect(port) as client:
            # Without a caught-up secondary the server refuses unless it is forced.
            client.admin.command("replSetStepDown", 10, secondaryCatchUpPeriodSecs=2, force=True)
        return port

    def stop(self):
        """SIGKILL: at SIGTERM a primary waits 15 seconds for its clients to leave."""
        for port in self.members:
            self.kill_member(port)


class S3Server(Server):
    """rclone as an S3 server over a directory; it verifies signatures. A bucket is a folder of `data`.

    With a `certificate` it speaks https.
    """

    ACCESS_KEY, SECRET_KEY, BUCKET = "AKIATESTTESTTESTTEST", "test-secret-key-of-the-s3-server", "annotation"

    def __init__(self, directory, port=None, certificate=None):
        self.data = Path(directory) / "data"
        (self.data / self.BUCKET).mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.endpoint = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        command = [
            TOOLS / "rclone", "serve", "s3", "--config", "/dev/null", "--addr", f"127.0.0.1:{self.port}",
            "--auth-key", f"{self.ACCESS_KEY},{self.SECRET_KEY}"]
        if certificate:
            command += ["--cert", certificate.certificate, "--key", certificate.key]
        super().__init__("rclone", [*command, self.data], Path(directory) / "rclone.log")
        self.wait_for_port(self.port)


def exit_on_signals():
    """Turns SIGTERM and SIGHUP into a normal exit, so that context managers run."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


def run_with_servers(command):
    exit_on_signals()
    with tempfile.TemporaryDirectory(prefix="servers-") as scratch:
        with Mongod(Path(scratch) / "mongod") as mongod, S3Server(Path(scratch) / "s3") as s3:
            environment = os.environ | {
                "MONGODB_TEST_URI": mongod.uri, "S3_TEST_ENDPOINT": s3.endpoint, "S3_TEST_ACCESS_KEY": s3.ACCESS_KEY,
                "S3_TEST_SECRET_KEY": s3.SECRET_KEY, "S3_TEST_BUCKET": s3.BUCKET}
            return subprocess.run(command, env=environment, preexec_fn=_end_with_parent).returncode


if __name__ == "__main__":
    try:
        sys.exit(run_with_servers(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except RuntimeError as error:
        sys.exit(f"error: {error}")
