import pytest

from extract.model.tokens import count_tokens
from extract.model.transport import _worst_usage


@pytest.mark.parametrize("text", ["word ", "12 3.4 ", "漢字", "§¶", "A1b2"])
def test_what_is_set_aside_is_enough_for_any_text(text: str) -> None:
    body = {"messages": [{"content": text * 500}], "max_tokens": 7}
    worst = _worst_usage(body, form_size=100)
    assert worst.input_tokens >= count_tokens(text * 500) + 50
    assert worst.output_tokens == 7
