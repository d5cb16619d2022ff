"""What lies in deploy/: each kind of file is read by its own tool, and what it tells the program fits the program."""

import configparser
import os
import re
import shutil
import subprocess

import pytest
import yaml

from servers import ROOT, TOOLS

DEPLOY = ROOT / "deploy"
SAMPLE = ROOT / "samples" / "crossing.mp4"
DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
COMPOSE = DEPLOY / "docker" / "compose.yml"
KUBERNETES = sorted([*(DEPLOY / "kubernetes").glob("*.yaml"), DEPLOY / "kubernetes" / "secret.yaml.example"])
SCALED = DEPLOY / "kubernetes" / "keda" / "scaledobject.yaml"


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, **options)


def checked(*command, **options):
    """The output of a tool that is content."""
    result = run(*command, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def variables():
    """The environment variable of every key that there is, by the shipped config.cfg."""
    lines = (line.lstrip("#") for line in (ROOT / "config.cfg").read_text().splitlines())
    names, section = set(), ""
    for line in lines:
        if line.startswith("["):
            section = line.strip("[]").upper().replace(".", "_")
        elif match := re.match(r"(\w+) =", line):
            names.add(f"{section}_{match[1].upper()}")
    return names


def check_accepted(program, folder, environment=(), configuration=None):
    """The program starts with the configuration; `probe` is the command that needs nothing else."""
    path = folder / "config.cfg"
    path.write_text(configuration or (ROOT / "config.cfg").read_text())
    result = run(program, "probe", SAMPLE, "--config", path, env={**os.environ, **dict(environment)}, cwd=folder)
    assert (result.returncode, result.stderr) == (0, "")


class TestSystemd:
    UNITS = ("content-processor.service", "content-processor-doctor.service", "content-processor-work@4.service",
             "dataset_processor-pending.service", "dataset_processor-pending.timer")

    @pytest.fixture(scope="class")
    def root(self, program, dataset_program, tmp_path_factory):
        """A root directory into which all was installed, beside systemd's own units."""
        built, root = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("root")
        for path in (program, dataset_program):
            (built / path.name).symlink_to(path)
        self.install(built, root)
        (root / "built").symlink_to(built)
        shutil.copytree("/lib/systemd/system", root / "usr" / "lib" / "systemd" / "system", symlinks=True)
        return root

    def install(self, built, root):
        return checked(DEPLOY / "systemd" / "install", "--from", built, "--root", root)

    @pytest.mark.parametrize("unit", UNITS)
    def test_systemd_accepts_the_unit_without_a_word(self, root, unit):
        assert checked("systemd-analyze", "verify", f"--root={root}", "--man=no", unit) == ""

    @pytest.mark.parametrize("path", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name)
    def test_the_unit_is_exposed_little(self, path):
        # 2.0 of 10; systemd calls up to 4 OK.
        checked("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", path)

    def test_the_user_of_the_units_is_made(self, root):
        users = set(re.findall(r"^User=(.+)$", "".join(
            path.read_text() for path in (DEPLOY / "systemd").glob("*.service")), re.MULTILINE))
        made = checked("systemd-sysusers", f"--root={root}", "--dry-run")
        assert users == set(re.findall(r"Creating user '(.+?)'", made)) != set()

    def test_what_an_administrator_wrote_survives_an_upgrade(self, root):
        folder = root / "etc" / "content-processor"
        written = {folder / "config.cfg": "[App]\n", folder / "secrets.env": "A=1\n"}
        for path, text in written.items():
            path.write_text(text)
        self.install((root / "built").resolve(), root)
        assert {path: path.read_text() for path in written} == written

    def test_the_secrets_are_named_as_the_program_reads_them(self):
        text = (DEPLOY / "systemd" / "secrets.env").read_text()
        assert set(re.findall(r"^#?([A-Z0-9_]+)=", text, re.MULTILINE)) <= variables()


class TestDocker:
    def instructions(self, word):
        """The arguments of every instruction of a kind, lines joined and comments left out."""
        text = "\n".join(line for line in DOCKERFILE.read_text().splitlines() if not line.lstrip().startswith("#"))
        joined = text.replace("\\\n", " ")
        return [line.removeprefix(word).strip() for line in joined.splitlines() if line.startswith(word + " ")]

    def packages(self):
        """The packages that apt installs in each stage that installs any."""
        found = (re.search(r"--no-install-recommends\s+(.*?)\s+&&", line) for line in self.instructions("RUN"))
        lists = [match[1].split() for match in found if match]
        assert len(lists) == 2
        return lists

    def test_hadolint_is_content(self):
        assert checked(TOOLS / "deploy" / "bin" / "hadolint", DOCKERFILE) == ""

    def test_what_is_copied_is_there_and_not_ignored(self):
        sources = [source for line in self.instructions("COPY") if not line.startswith("--from")
                   for source in line.split()[:-1]]
        assert sources and all((ROOT / source).exists() for source in sources)
        ignore = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text().split("\n")
        assert sorted(line[1:] for line in ignore if line.startswith("!")) == sorted(sources)

    def test_debian_has_the_packages(self):
        for packages in self.packages():
            checked("apt-get", "install", "--simulate", "--no-install-recommends", *packages)

    def test_the_build_stage_has_the_libraries_that_setup_installs(self):
        wanted = re.search(r"packages=\((.*?)\)", (ROOT / "scripts" / "setup").read_text(), re.DOTALL)[1].split()
        assert {name for name in wanted if name.endswith("-dev")} <= set(self.packages()[0])

    def test_the_last_stage_has_every_library_that_the_loader_wants(self, program, dataset_program):
        listed = self.packages()[1]
        closure = set(re.findall(r"^(\S+)$", checked(
            "apt-cache", "depends", "--recurse", "--installed", "--no-recommends", "--no-suggests", "--no-conflicts",
            "--no-breaks", "--no-replaces", "--no-enhances", *listed), re.MULTILINE))
        for path in (program, dataset_program):
            libraries = set(re.findall(r"=> (/\S+)", checked("ldd", path)))
            # Swift's own libraries, beside its standard library, are linked in by the Dockerfile.
            swift = {os.path.dirname(library) for library in libraries if "libswiftCore" in library}
            owners = self.owners(
                os.path.realpath(library) for library in libraries if os.path.dirname(library) not in swift)
            assert owners - closure == set() and len(owners) > 50

    def owners(self, libraries):
        """The packages of files. /lib is a link to /usr/lib, and dpkg knows a file by one of the names."""
        names = {library: (library, library.removeprefix("/usr")) for library in libraries}
        lines = run("dpkg", "-S", *sum(names.values(), ())).stdout.splitlines()
        found = dict(reversed(line.split(": ", 1)) for line in lines)
        unknown = [library for library, either in names.items() if not set(either) & set(found)]
        assert not unknown, f"no package owns {unknown}"
        return {package.split(":")[0] for package in found.values()}


class TestCompose:
    @pytest.fixture(scope="class")
    def compose(self):
        return yaml.safe_load(COMPOSE.read_text())

    @pytest.fixture(scope="class")
    def environment(self):
        """example.env, with a value for what an operator has to set."""
        lines = (DEPLOY / "docker" / "example.env").read_text().splitlines()
        pairs = (line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?[A-Z0-9_]+=", line))
        return {name: value or "set-by-the-operator" for name, value in pairs}

    @staticmethod
    def interpolated(value, environment):
        """As compose does it: ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message}."""
        def replacement(match):
            name, default = match[1], match[3] if match[2] in (":-", "-") else ""
            return environment.get(name) or default
        return re.sub(r"\$\{(\w+)(?:(:-|-|:\?)([^}]*))?\}", replacement, str(value))

    def test_it_is_a_compose_file(self):
        checked(TOOLS / "deploy" / "bin" / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)

    def test_the_variables_that_it_wants_are_in_the_example(self, environment):
        wanted = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
        assert wanted == set(environment)

    def test_images_are_built_here_or_have_a_version(self, compose):
        for name, service in compose["services"].items():
            version = service["image"].partition(":")[2]
            assert "build" in service or version not in ("", "latest"), name

    def test_every_volume_is_declared_and_used(self, compose):
        services = compose["services"].values()
        used = {volume.split(":")[0] for service in services for volume in service.get("volumes", [])}
        assert {name for name in used if not name.startswith("/")} == set(compose["volumes"])

    def test_services_wait_for_services_that_are_there(self, compose):
        for service in compose["services"].values():
            for name, wait in service.get("depends_on", {}).items():
                other = compose["services"][name]
                assert wait["condition"] != "service_healthy" or "test" in other["healthcheck"]

    def test_its_files_are_there(self, compose):
        build = compose["services"]["serve"]["build"]
        context = (COMPOSE.parent / build["context"]).resolve()
        assert context == ROOT and (context / build["dockerfile"]).is_file()

    @pytest.mark.parametrize("name", ["serve", "worker"])
    def test_the_program_accepts_its_environment(self, program, compose, environment, name, tmp_path):
        given = {key: self.interpolated(value, environment)
                 for key, value in compose["services"][name]["environment"].items()}
        assert set(given) <= variables()
        check_accepted(program, tmp_path, given)


class TestKubernetes:
    @pytest.fixture(scope="class")
    def objects(self):
        """Every object by its kind and name."""
        documents = (document for path in [*KUBERNETES, SCALED] for document in yaml.safe_load_all(path.read_text()))
        return {(document["kind"], document["metadata"]["name"]): document for document in documents}

    @staticmethod
    def pods(objects):
        """The pod templates by the name of what makes them."""
        found = {}
        for (kind, name), document in objects.items():
            spec = document.get("spec", {})
            spec = spec.get("jobTemplate", {}).get("spec", spec)
            if kind in ("Deployment", "CronJob"):
                found[name] = spec["template"]
        return found

    @pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
    @pytest.mark.parametrize("version", ["1.29.0", "1.37.0"])
    def test_the_schemas_of_kubernetes_accept_it(self, path, version):
        checked(TOOLS / "deploy" / "bin" / "kubernetes-validate", "--strict", "-k", version, path)

    def test_pods_refer_to_what_is_there(self, objects):
        for name, pod in self.pods(objects).items():
            volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
            for volume in volumes.values():
                if "configMap" in volume:
                    assert ("ConfigMap", volume["configMap"]["name"]) in objects
                if "persistentVolumeClaim" in volume:
                    assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in objects
            (container,) = pod["spec"]["containers"]
            assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes), name
            assert [("Secret", source["secretRef"]["name"]) in objects for source in container["envFrom"]] == [True]

    def test_pods_are_confined(self, objects):
        for pod in self.pods(objects).values():
            (container,) = pod["spec"]["containers"]
            assert pod["spec"]["enableServiceLinks"] is False and pod["spec"]["securityContext"]["runAsNonRoot"]
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}

    def test_selectors_find_the_pods(self, objects):
        labels = [pod["metadata"]["labels"] for pod in self.pods(objects).values()]
        specs = [document.get("spec", {}) for document in objects.values()]
        selectors = [spec["selector"] for spec in specs if "selector" in spec]
        assert len(selectors) == 5
        for selector in selectors:
            wanted = selector.get("matchLabels", selector)
            assert [pod for pod in labels if wanted.items() <= pod.items()] == [wanted]

    def test_the_program_accepts_the_configuration(self, program, objects, tmp_path):
        secrets = objects["Secret", "content-processor"]["stringData"]
        assert set(secrets) <= variables()
        environment = {name: value or "set-by-the-operator" for name, value in secrets.items()}
        check_accepted(program, tmp_path, environment, objects["ConfigMap", "content-processor"]["data"]["config.cfg"])

    def test_the_workers_of_a_pod_fit_its_limits(self, objects):
        settings = configparser.ConfigParser()
        settings.read_string(objects["ConfigMap", "content-processor"]["data"]["config.cfg"])
        cores, memory = settings["Cores"].getint("cpu_cores"), settings["Worker"].getint("memory_limit_mb")
        for pod in self.pods(objects).values():
            (container,) = pod["spec"]["containers"]
            limits = container["resources"]["limits"]
            assert limits["cpu"] == str(cores) and int(limits["memory"].removesuffix("Gi")) * 1024 > cores * memory

    def test_the_queue_sets_the_number_of_a_deployment_that_leaves_it_open(self, objects):
        scaled = objects["ScaledObject", "content-processor-workers"]["spec"]
        target = objects["Deployment", scaled["scaleTargetRef"]["name"]]["spec"]
        assert "replicas" not in target and scaled["minReplicaCount"] < scaled["maxReplicaCount"]
        (trigger,) = scaled["triggers"]
        assert trigger["type"] == "prometheus" and {"serverAddress", "query", "threshold"} <= set(trigger["metadata"])
        assert all(isinstance(value, str) for value in trigger["metadata"].values())

    def test_the_service_tells_what_the_queue_is_measured_by(self, objects, make_backend):
        backend = make_backend()
        told = backend.service.get("/metrics", key=None).body.decode()
        (trigger,) = objects["ScaledObject", "content-processor-workers"]["spec"]["triggers"]
        metric = re.search(r"content_processor_\w+", trigger["metadata"]["query"])[0]
        assert f"# TYPE {metric} gauge\n" in told and f'\n{metric}{{state="waiting"}} 0\n' in told
        assert backend.service.stop() == 0
