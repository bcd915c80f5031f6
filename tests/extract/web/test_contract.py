"""Schemathesis against the running service: no 5xx, every answer as described."""

import re
import subprocess
import sys
from pathlib import Path

from tests.extract.web.serving import serving

EXAMPLES = 1_000


def test_the_service_keeps_its_contract(tmp_path: Path) -> None:
    with serving(max_bytes=200_000, max_characters=50_000) as client:
        options = ["--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color"]
        most = ["--max-examples", str(EXAMPLES), "--warnings", "off"]
        # No schema can say which bytes are a letter that can be read.
        most += ["--exclude-checks", "positive_data_acceptance"]
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from schemathesis.cli import schemathesis; schemathesis()",
                "run",
                f"{client.base_url}/openapi.json",
                *options,
                *most,
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        figures = client.get("/metrics").text
    assert done.returncode == 0, done.stdout[-5_000:]
    assert not re.search(r'imr_http_requests_total\{[^}]*status="5', figures)
    asked = re.findall(r"imr_http_requests_total\{.*?\} ([\d.]+)", figures)
    assert sum(map(float, asked)) >= EXAMPLES
