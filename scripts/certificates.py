"""Certificates for servers on loopback, signed by an authority of the test's own (openssl)."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """PEM files of a server: its certificate, its private key, and both in one file as mongod wants them."""

    certificate: Path
    key: Path

    @property
    def joined(self):
        path = self.certificate.with_suffix(".joined.pem")
        path.write_bytes(self.certificate.read_bytes() + self.key.read_bytes())
        return path


class Authority:
    """A certificate authority below `directory`; clients trust `ca_file`."""

    def __init__(self, directory, name="Test Authority"):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ca_file, self._key = self.directory / "ca.pem", self.directory / "ca.key"
        openssl("req", "-x509", *NEW_KEY, "-days", "2", "-subj", f"/CN={name}", "-keyout", self._key, "-out",
                self.ca_file, "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def sign(self, name="server", address="IP:127.0.0.1,DNS:localhost"):
        """A certificate for the address, as a `subjectAltName`."""
        request, extensions = self.directory / f"{name}.csr", self.directory / f"{name}.ext"
        result = Certificate(self.directory / f"{name}.pem", self.directory / f"{name}.key")
        openssl("req", *NEW_KEY, "-subj", f"/CN={name}", "-keyout", result.key, "-out", request)
        extensions.write_text(f"subjectAltName={address}\nextendedKeyUsage=serverAuth,clientAuth\n")
        openssl("x509", "-req", "-in", request, "-CA", self.ca_file, "-CAkey", self._key, "-CAcreateserial", "-days",
                "2", "-extfile", extensions, "-out", result.certificate)
        return result


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
