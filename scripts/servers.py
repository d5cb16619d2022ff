"""The servers beside the service, for the demo and the tests: a mongod and an S3 server (rclone) on loopback.

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
    """A standalone mongod with its data below `directory`; `uri` names it."""

    def __init__(self, directory, port=None):
        directory = Path(directory)
        (directory / "db").mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.uri = f"mongodb://127.0.0.1:{self.port}"
        super().__init__("mongod", [
            TOOLS / "mongod", "--dbpath", directory / "db", "--bind_ip", "127.0.0.1", "--port", self.port,
            "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket",
            # Small journal files: 11 MB on disk for an empty database, not 300.
            "--wiredTigerEngineConfigString", "log=(file_max=10MB,prealloc=false)"], directory / "mongod.log")
        self.wait_for_port(self.port)


class S3Server(Server):
    """rclone as an S3 server over a directory; it verifies signatures. A bucket is a folder of `data`."""

    ACCESS_KEY, SECRET_KEY, BUCKET = "AKIATESTTESTTESTTEST", "test-secret-key-of-the-s3-server", "annotation"

    def __init__(self, directory, port=None):
        self.data = Path(directory) / "data"
        (self.data / self.BUCKET).mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        super().__init__("rclone", [
            TOOLS / "rclone", "serve", "s3", "--config", "/dev/null", "--addr", f"127.0.0.1:{self.port}",
            "--auth-key", f"{self.ACCESS_KEY},{self.SECRET_KEY}", self.data], Path(directory) / "rclone.log")
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
