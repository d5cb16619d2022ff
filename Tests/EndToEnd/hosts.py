"""Hosts of a network of their own: network namespaces of Linux on a bridge. Needs root and iproute2."""

import itertools
import os
import subprocess
import time

import pymongo

from servers import TOOLS, Server

PORT = 27017
"""Every host has addresses of its own, so all members listen on the usual port."""


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


class Host:
    """A namespace with an address on the bridge; its programs see nothing else of this machine's network."""

    def __init__(self, network, number):
        self.name, self.address = f"{network.name}h{number}", f"{network.prefix}.{number}"
        self.link = f"{network.name}v{number}"
        ip("netns", "add", self.name)
        ip("link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", self.link, "master", network.name, "up")
        self.run("ip", "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            self.run("ip", "link", "set", device, "up")

    def command(self, *arguments):
        return ["ip", "netns", "exec", self.name, *arguments]

    def run(self, *arguments):
        subprocess.run(self.command(*arguments), check=True, capture_output=True, text=True)

    def unplug(self):
        """Nobody reaches the host, and it reaches nobody; its programs go on."""
        ip("link", "set", self.link, "down")

    def plug_in(self):
        ip("link", "set", self.link, "up")


class Network:
    """A bridge with hosts; this machine itself has the address that ends in 254."""

    numbers = itertools.count(1)

    def __init__(self, host_count):
        number = next(self.numbers)
        self.name, self.prefix = f"cp{os.getpid() % 10_000}n{number}", f"10.77.{number}"
        ip("link", "add", self.name, "type", "bridge")
        ip("addr", "add", f"{self.prefix}.254/24", "dev", self.name)
        ip("link", "set", self.name, "up")
        self.hosts = [Host(self, number) for number in range(1, host_count + 1)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for host in self.hosts:
            # The other end of the link goes with the namespace.
            ip("netns", "del", host.name)
        ip("link", "del", self.name)


class Members:
    """A replica set with a member on each host; the last host's is the primary while it can be."""

    def __init__(self, hosts, folder):
        self.hosts, self.servers = hosts, []
        self.uri = f"mongodb://{','.join(f'{host.address}:{PORT}' for host in hosts)}/?replicaSet=hosts&socketTimeoutMS=8000"
        for host in hosts:
            data = folder / host.name
            data.mkdir()
            self.servers.append(Server(f"mongod on {host.name}", host.command(
                TOOLS / "mongod", "--dbpath", data, "--bind_ip", host.address, "--port", PORT, "--replSet", "hosts",
                "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket",
                "--wiredTigerEngineConfigString", "log=(file_max=10MB,prealloc=false)"), folder / f"{host.name}.log"))
        for server, host in zip(self.servers, hosts):
            server.wait_until(lambda host=host: self.answers(host))
        with self.connect(hosts[0]) as client:
            client.admin.command("replSetInitiate", {
                "_id": "hosts", "settings": {"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 500},
                "members": [{"_id": number, "host": f"{host.address}:{PORT}", "priority": number + 1}
                            for number, host in enumerate(hosts)]})
        self.wait_for_primary(hosts[-1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.stop()

    @staticmethod
    def connect(host):
        return pymongo.MongoClient(host.address, PORT, directConnection=True, serverSelectionTimeoutMS=2000)

    def answers(self, host):
        try:
            with self.connect(host) as client:
                return client.admin.command("ping")
        except pymongo.errors.PyMongoError:
            return False

    def is_primary(self, host):
        try:
            with self.connect(host) as client:
                return client.admin.command("hello")["isWritablePrimary"]
        except pymongo.errors.PyMongoError:
            return False

    def wait_for_primary(self, *hosts, seconds=60):
        deadline = time.monotonic() + seconds
        while not any(self.is_primary(host) for host in hosts):
            assert time.monotonic() < deadline, "the replica set has no primary"
            time.sleep(0.1)
