"""Can a client be made of what the environment says? Told before a letter is asked about.

Certificates, proxies and headers are read from the environment by the client and what it is
built on, each with errors of its own. They end here: what they say may hold a secret.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from extract.errors import EndpointUnreachable, ModelUnusable
from extract.model.billing import heard_or_not

if TYPE_CHECKING:
    import openai

_ADDRESS = "OPENAI_BASE_URL (--base-url)"
_HEADERS = ("OPENAI_CUSTOM_HEADERS",)
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
"""Variables that the client reads by itself."""

T = TypeVar("T", bound="openai.OpenAI | openai.AsyncOpenAI")


def built(make: Callable[[], T]) -> T:
    """The client that `make` makes, sure to be able to write a request.

    Raises:
        ModelUnusable: there can be none; the variables that may be at fault are named.
    """
    import httpx2

    try:
        client = make()
        httpx2.Request("POST", str(client.base_url), headers=_texts(client))
    except Exception as error:  # noqa: BLE001  each layer has errors of its own
        failure = _unusable(error)
    else:
        return client
    raise failure  # here it has no context, which could quote a header


def unreached(error: "openai.APIConnectionError") -> Exception:
    """What it is called that no answer came: it may pass, unless no request can be written."""
    import httpx2

    cause = error.__cause__
    if isinstance(cause, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
        return _unusable(cause)
    failure = EndpointUnreachable(
        "the endpoint cannot be reached or broke the connection: check OPENAI_BASE_URL and "
        "the network"
    )
    return heard_or_not(error, failure)


def _texts(client: "openai.OpenAI | openai.AsyncOpenAI") -> dict[str, str]:
    """The headers of every request, those left out that the client fills in later."""
    headers = client.default_headers.items()
    return {name: value for name, value in headers if isinstance(value, str)}


def _unusable(error: Exception) -> ModelUnusable:
    import httpx2

    suspects = [n for n in _about(error) if n in os.environ or n.lower() in os.environ]
    is_address = isinstance(error, httpx2.InvalidURL) or not suspects
    return ModelUnusable(
        f"no request can be made as the environment is set ({type(error).__name__}): check "
        f"{', '.join([*suspects, _ADDRESS] if is_address else suspects)}"
    )


def _about(error: Exception) -> tuple[str, ...]:
    """The variables that may be at fault, besides the endpoint's address."""
    import httpx2

    if isinstance(error, UnicodeEncodeError | httpx2.LocalProtocolError):
        return _HEADERS
    if isinstance(error, ImportError | ValueError | httpx2.InvalidURL):
        return _PROXIES
    if isinstance(error, OSError):
        return _CERTIFICATES
    return (*_HEADERS, *_CERTIFICATES, *_PROXIES)
