"""The deterministic parsers: the cleaned letter in, a draft out."""

from extract.parse.letter import parse_letter

__all__ = ["parse_letter"]
