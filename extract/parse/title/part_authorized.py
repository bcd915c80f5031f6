"""Which part of a request was authorised, and which is in dispute?

A title may tell how a request was authorised in part: the original request, what the
claims administrator authorised, and what remains for the review.
"""

import re
from typing import NamedTuple

from extract.spans import Found, Passage

# Physical therapy 12 visits was the original request. 6 visits was authorized by the
#   Claims Administrator. The remaining IMR eligible portion of the original request, …
_ORIGINAL = re.compile(r"\s(?:was|were|is|are)\s(?:the|an)\soriginal\srequest\b[.,;]?\s*")

# … 6 visits was authorized by the Claims Administrator. · … was approved by …
_AUTHORIZED_BY = re.compile(
    r"\s(?:was|were|is|are|has\sbeen|have\sbeen)\s(?:authorized|approved|certified)\sby\s"
    r"(?:the\s)?Claims\sAdministrator\b[.,;]?\s*",
    re.IGNORECASE,
)

# The remaining IMR eligible portion of the original request, 6 visits
_REMAINING = re.compile(
    r"(?:The\s)?remaining\sIMR[\s-]eligible\s(?:portion|part)\s?(?:of\sthe\soriginal\srequest)?"
    r"\s?[,:]?\s*",
    re.IGNORECASE,
)

# The Claims Administrator authorized 6 visits, leaving the original request IMR eligible.
_ADMINISTRATOR = re.compile(
    r"(?:The\s)?Claims\sAdministrator\s(?:has\s)?(?:authorized|approved|certified)\s",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r",?\sleaving\sthe\soriginal\srequest\sIMR[\s-]eligible[.,;]?\s*", re.IGNORECASE
)

# The original request, 12 visits
_THE_ORIGINAL = re.compile(r"(?:The\s)?original\srequest\s?[,:]\s*", re.IGNORECASE)


class PartAuthorized(NamedTuple):
    """What a title says of a request authorised in part; what it leaves out is `None`."""

    original_request: Passage
    authorized: Passage | None
    in_dispute: Passage | None
    rule: str

    def values(self) -> dict[str, Found[str]]:
        """The three fields, as printed."""
        passages = {
            "original_request": self.original_request,
            "authorized": self.authorized,
            "in_dispute": self.in_dispute,
        }
        return {
            name: passage.found_whole(passage.text, self.rule)
            for name, passage in passages.items()
            if passage
        }


def split_part_authorized(title: Passage) -> PartAuthorized | None:
    """The parts of a title that speaks of an original request; `None` for other titles."""
    if "original request" not in title.text:
        return None
    original = _ORIGINAL.search(title.text)
    if not original:
        return None
    asked = title.part(0, original.start()).stripped()
    rest = title.part(original.end())
    authorized, left, rule = _remaining(rest) or _leaving(rest) or (None, None, "part.unclear")
    return PartAuthorized(asked, authorized, left, rule)


_Split = tuple[Passage | None, Passage | None, str]


def _remaining(rest: Passage) -> _Split | None:
    """Y was authorized … The remaining IMR eligible portion of the original request, Z."""
    remaining = _REMAINING.search(rest.text)
    if not remaining:
        return None
    left = _tidy(rest.part(remaining.end()))
    before = rest.part(0, remaining.start())
    given = _AUTHORIZED_BY.search(before.text)
    if given:
        return _tidy(before.part(0, given.start())), left, "part.remaining"
    administrator = _ADMINISTRATOR.search(before.text)
    authorized = before.part(administrator.end()) if administrator else None
    return authorized and _tidy(authorized).stripped("."), left, "part.remaining"


def _leaving(rest: Passage) -> _Split | None:
    """The Claims Administrator authorized Y, leaving … The original request, Z."""
    leaving = _LEAVING.search(rest.text)
    if not leaving:
        return None
    before, behind = rest.part(0, leaving.start()), rest.part(leaving.end())
    administrator = _ADMINISTRATOR.search(before.text)
    given = _AUTHORIZED_BY.search(before.text)
    if administrator:
        authorized: Passage | None = _tidy(before.part(administrator.end()))
    else:
        authorized = _tidy(before.part(0, given.start())) if given else None
    named = _THE_ORIGINAL.match(behind.text)
    left = _tidy(behind.part(named.end())) if named else None
    return authorized, left, "part.leaving_original"


def _tidy(passage: Passage) -> Passage:
    """`passage` without the white space and the stops at its ends."""
    return passage.stripped().stripped(",:;").stripped()
