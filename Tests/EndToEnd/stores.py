"""The two object stores that the service can write to, seen from behind: the files that they keep."""

import hashlib
import hmac
import os
import ssl
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

from servers import S3Server


class Store:
    """Objects as files below `directory`."""

    def __init__(self, directory, settings):
        self.directory, self.settings = Path(directory), settings
        """`settings`: the keys of the section [S3]."""

    def path(self, key):
        return self.directory / key

    def keys(self, prefix=""):
        """Every object whose key starts with the prefix."""
        keys = (str(path.relative_to(self.directory)) for path in self.directory.rglob("*") if path.is_file())
        return sorted(key for key in keys if key.startswith(prefix))

    def bytes(self, key):
        return self.path(key).read_bytes()

    def put(self, key, data):
        """An object that someone else wrote."""
        self.path(key).parent.mkdir(parents=True, exist_ok=True)
        self.path(key).write_bytes(data)

    def remove(self, key):
        self.path(key).unlink()


class DirectoryStore(Store):
    def __init__(self, directory):
        directory.mkdir()
        super().__init__(directory, {"directory": directory})

    def content_type(self, key):
        """As the service keeps it: in an extended attribute where the file system has them, else in a hidden file."""
        path = self.path(key)
        try:
            return os.getxattr(path, "user.mime_type").decode()
        except OSError:
            return next(line for line in path.with_name(f".{path.name}.info").read_text().splitlines() if "/" in line)


class S3Store(Store):
    """A bucket of its own on the S3 server."""

    def __init__(self, server, bucket):
        self.endpoint, self.bucket = server.endpoint, bucket
        # By its own protocol: rclone does not look for new folders for five minutes.
        self.request("PUT", f"/{bucket}")
        super().__init__(server.data / bucket, {
            "endpoint": server.endpoint, "region": "us-east-1", "access_key_id": S3Server.ACCESS_KEY,
            "secret_access_key": S3Server.SECRET_KEY, "bucket_name": bucket})

    def content_type(self, key):
        return self.head(key)["Content-Type"]

    def head(self, key):
        """The headers of an object."""
        return self.request("HEAD", f"/{self.bucket}/{key}")

    def remove(self, key):
        """By the server's own protocol: it remembers what it has seen in a folder."""
        self.request("DELETE", f"/{self.bucket}/{key}")

    def request(self, method, path):
        """Sends a request without a body, signed with AWS Signature Version 4. Returns the answer's headers."""
        host = urllib.parse.urlsplit(self.endpoint).netloc
        path = urllib.parse.quote(path, safe="/-_.~")
        moment = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{moment[:8]}/us-east-1/s3/aws4_request"
        names = "host;x-amz-content-sha256;x-amz-date"
        canonical = (f"{method}\n{path}\n\nhost:{host}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:{moment}\n\n"
                     f"{names}\nUNSIGNED-PAYLOAD")
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key_bytes = b"AWS4" + S3Server.SECRET_KEY.encode()
        for part in scope.split("/"):
            key_bytes = hmac.digest(key_bytes, part.encode(), "sha256")
        signature = hmac.digest(key_bytes, text.encode(), "sha256").hex()
        request = urllib.request.Request(self.endpoint + path, method=method, headers={
            "x-amz-date": moment, "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={S3Server.ACCESS_KEY}/{scope}, SignedHeaders={names}, "
                             f"Signature={signature}"})
        # Whether certificates are checked is the service's matter, not the bystander's.
        with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as answer:
            return answer.headers
