"""Records the cassettes from the loopback endpoint: `python -m tests.extract.model.record`.

What they hold are replies made up for tests. No model has been asked.
"""

from pathlib import Path
from typing import Any

import vcr

from extract import Extraction, extract_record
from extract.settings import Method, ModelSettings, ReplyMode, Settings
from tests.extract.model.endpoint import Endpoint, Fault, Plan, in_turn
from tests.extract.model.letters import KEY, LETTER, REPLY

FOLDER = Path(__file__).parents[2] / "cassettes" / "test_cassettes"
NOTE = (
    "# Recorded from the tests' own loopback endpoint. The replies were made up for tests:\n"
    "# no model was asked, and nothing here measures one.\n"
)
NOBODY = "http://127.0.0.1:9/v1"
"""Where replayed requests seem to go; nobody listens there."""

SCENES: dict[str, tuple[Method, ReplyMode, list[Fault | None]]] = {
    "json_schema": (Method.MODEL, ReplyMode.JSON_SCHEMA, []),
    "tools": (Method.MODEL, ReplyMode.TOOLS, []),
    "plain_json": (Method.MODEL, ReplyMode.JSON, []),
    "corrected": (Method.MODEL, ReplyMode.JSON_SCHEMA, [Fault.WRONG_QUOTE]),
    "busy_then_good": (Method.MODEL, ReplyMode.JSON_SCHEMA, [Fault.BUSY_SECONDS]),
    "refused": (Method.MODEL, ReplyMode.JSON_SCHEMA, [Fault.REFUSAL]),
}


def recorder(mode: str) -> vcr.VCR:
    """vcrpy as this project uses it: bodies are matched, secrets are left out."""
    return vcr.VCR(
        record_mode=mode,
        match_on=["method", "path", "body"],
        filter_headers=["authorization", "api-key", "cookie", "user-agent"],
        before_record_request=_without_machine,
        before_record_response=_without_cookies,
        cassette_library_dir=str(FOLDER),
    )


def _without_machine(request: Any) -> Any:
    for name in [name for name in request.headers if name.lower().startswith("x-stainless")]:
        del request.headers[name]
    request.uri = request.uri.replace(request.uri.split("/v1")[0], NOBODY.split("/v1")[0])
    return request


def _without_cookies(response: dict[str, Any]) -> dict[str, Any]:
    response["headers"].pop("set-cookie", None)
    return response


def extract_scene(name: str, base_url: str) -> Extraction:
    """The invented letter's extraction, asked as the scene says."""
    method, mode, _ = SCENES[name]
    model = ModelSettings(
        name="made-up", base_url=base_url, api_key=KEY, mode=mode, pause_s=0.01
    )
    return extract_record(LETTER, settings=Settings(method=method, model=model))


def main() -> None:
    """Record every scene anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (_, _, faults) in SCENES.items():
        path = FOLDER / f"{name}.yaml"
        path.unlink(missing_ok=True)
        with (
            Endpoint(Plan(lambda _message: REPLY, in_turn(faults))) as endpoint,
            recorder("all").use_cassette(path.name),
        ):
            extract_scene(name, endpoint.url)
        path.write_text(NOTE + path.read_text("utf-8"), "utf-8")


if __name__ == "__main__":
    main()
