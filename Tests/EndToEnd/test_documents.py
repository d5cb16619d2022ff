"""The documents: every link leads somewhere, and every command, setting and message in them is the program's own."""

import re
import subprocess

import pytest

from servers import ROOT

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


@pytest.fixture(scope="module")
def sources():
    """All of the program's text, without regard to how lines are broken."""
    text = "".join(path.read_text() for path in sorted((ROOT / "Sources").rglob("*.swift")))
    return re.sub(r'"\s*\+\s*"|\s+', " ", text).lower()


def heading_links(text):
    """What `#…` may say, by GitHub's rule for headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if not re.match(r"https?:", link):
            file, _, heading = link.partition("#")
            target = path.parent / file if file else path
            assert target.exists(), link
            assert not heading or heading in heading_links(target.read_text()), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_are_there(path, program):
    for command in set(re.findall(r"content-processor ([a-z]+)\b(?! of\b)", path.read_text())) - {"models"}:
        result = subprocess.run([program, command, "--help"], capture_output=True, text=True)
        assert result.returncode == 0 and f"content-processor {command}" in result.stdout, command


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_settings_are_there(path):
    section, known = "", set()
    for line in (ROOT / "config.cfg").read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]").partition(".")[0]
        elif match := re.match(r"#?(\w+) =", line):
            known.add((section, match[1]))
    sections = "MongoDB|S3|App|Content|Encoding|Folders|Cores|Worker|Log|Retention"
    named = re.findall(rf"\[({sections})\] ([a-z_0-9]+)", path.read_text())
    assert set(named) <= known


def symptoms():
    """The quoted messages of the failure table, by their fixed parts."""
    table = OPERATIONS.partition("## Failure table")[2]
    rows = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| ")][1:]
    return [message for row in rows for message in re.findall(r"`([^`]+)`", row) if message.count(" ") >= 2]


def test_there_are_messages_to_look_for():
    assert len(symptoms()) >= 10


@pytest.mark.parametrize("message", symptoms())
def test_the_program_prints_the_message(message, sources):
    for part in message.lower().split("…"):
        assert part.strip() in sources
