"""What the model is told: versioned texts, and the examples shown to it.

A text is a file, `letter.v1.md`; a released version is never edited (`released.json`
holds its digest and a test compares). Knows nothing of records or letters.
"""

from prompts.load import Prompt, PromptError, load_examples, load_prompt, released_digests

__all__ = ["Prompt", "PromptError", "load_examples", "load_prompt", "released_digests"]
