"""Patterns of counts of visits, and of what stands around one that says whose it is.

All are matched against one sentence in lower case.
"""

import re

from extract.parse.number_words import NUMBER_WORD

_NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORD})"

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)"
)

# Where a number begins: behind a blank, a bracket, a quotation mark.
BEGINNING = re.compile(
    rf"(?:\A|[ (#\[\"“]|[ ]x)"
    rf"(?={_NUMBER}(?![a-z%])|another[ ]in[ ]|\d{{1,2}}(?:st|nd|rd|th)[ ])",
    re.ASCII,
)

# 24 sessions · twelve (12) physical therapy visits · 9 to 10 visits · as many as 12–15 visits
# the 9- to 10-session course
#   low = "9", high = "10", noun = "visits"
# all 8 of the physical therapy visits       whole = "8"
# 1 out of 12 sessions · 4/6 treatments       done = "1", of which twelve were planned
# 4 more in November · three in 2014          bare = "4": counts on from one of the sentence
# one in 2013 and another in May 2014         bare = "another"
# has had three so far                        held = "three": of what the sentence speaks of
# and seven more that fall · and four (4) thereafter   then = "seven", "four": the same
# she then attended 14 more, …                more = "14": the same
# the attendance sheets cover seven of these  part = "seven": the same
# up to 30 where … · a maximum of 24.         most = "30"
# three or four as a trial, six to ten in all    in_all = "ten"
# the eight to twelve that it mentions · the ten that are allowed     outer = "twelve", "ten"
# surpasses the guideline's six · more than the 3-6 that make up a trial   bound = "six", "6"
# headed "visit 14 of 14"                                                  last = "14"
# her 10th PT session                                                      ordinal = "10"
# therapy note No. 14 · Tx #5 · sessions 1 through 7                       nth = "14"
# with supervised visits to number 8-10 over 4 weeks                       span = "10"
# chiropractic x 14 for the neck                                           times = "14"
# 12 visits were authorized, of which nine were attended · of which he attended nine
#   kept = "nine"
# PT visits attended: 21 · the number of visits to date is 21              stated = "21"
# a series of three, completed 3/2014 · the recommended number of visits is 9-10
#   alone = "three", "10"
COUNT = re.compile(
    rf"""
      (?P<done>{_NUMBER})(?:[ ]out[ ]of[ ]|[ ]of[ ](?:the[ ])?|/){_NUMBER}
      [ ](?:[a-z-]+[ ]){{0,3}}?(?:visits?|sessions?|treatments?)
    | (?P<whole>{_NUMBER})[ ]of[ ](?:the|his|her)[ ](?:[a-z-]+[ ]){{0,3}}?(?:visits|sessions)\b
    | (?P<low>{_NUMBER})(?:[ ]?(?:-[ ]to|-|–|to|or)[ ]?(?P<high>{_NUMBER}))?
      (?:[ ]?\(\d{{1,3}}\))?[ -](?P<between>(?:[a-z][a-z'/-]*[ ]){{0,5}}?)
      (?P<noun>visits?|sessions?|treatments?|appointments?|injections?|occasions|epidurals
      |blocks|infusions|encounters|classes|massages|manipulations|adjustments|applications
      |procedures|shots|lessons|dates[ ]of[ ]service|[lct]?esis|tx
      |pt(?=[.,;)]|[ ]\((?:19|20)\d\d\))
      |times(?=[.,;]|[ ](?:before|between|since|so[ ]far|to[ ]date|already
        |in[ ]\w{{3,9}}[ ]?\d|in[ ]\d)))\b
      (?![ ](?:per|a|each|every)[ ](?:week|month|day))
    | (?:(?<=[a-z)][ ]x[ ])|(?<=[a-z)][ ]x))(?P<times>\d{{1,2}})
      (?!\d|[./]\d|[%-])(?![ ]?(?:x|weeks?|wks?|months?|days?|hours?|mg|years?|daily|per)\b)
    | (?P<bare>{_NUMBER}|another)(?:[ ](?:more|further))?
      [ ]in[ ](?:(?:early|late|mid)[ -])?(?:{MONTH}|the[ ](?:spring|summer|fall|autumn|winter)
      |(?:19|20)\d\d)\b
    | (?:(?<=and[ ])|(?<=then[ ])|(?<=,[ ]))(?P<then>{_NUMBER})(?:[ ]?\(\d{{1,3}}\))?
      (?=(?:[ ]more)?[ ](?:th(?:is|at)|last)[ ](?:year|month|spring|summer
      |fall|autumn|winter)\b|[ ](?:since|later|thereafter|after[ ](?:that|it))\b)
    | (?<=another[ ])(?P<again>{_NUMBER})(?=[ ]on[ ]\d{{1,2}}/\d)
    | (?:(?<=has[ ]had[ ])|(?<=have[ ]had[ ])|(?<=has[ ]completed[ ])|(?<=has[ ]received[ ])
        |(?<=has[ ]attended[ ])|(?<=has[ ]undergone[ ])|(?<=has[ ]been[ ]to[ ])
        |(?<=already[ ]had[ ]))
      (?P<held>{_NUMBER})(?=[.,;]|[ ](?:and|but|so[ ]far|to[ ]date|already|of[ ]the(?:m|se))\b)
    | (?:(?<=attended[ ])|(?<=completed[ ])|(?<=received[ ])|(?<=underwent[ ])|(?<=had[ ]))
      (?P<more>{_NUMBER})[ ](?:more|further|others)(?=[.,;]|[ ](?:in|since|after|before)\b)
    | (?<!not[ ])(?<!the[ ])(?<!those[ ])(?<!these[ ])(?<!his[ ])(?<!her[ ])
      (?P<kept>{_NUMBER})(?=(?:[ ]of[ ](?:which|these|them|those))?[ ]
      (?:were|was|have[ ]been|had[ ]been)[ ]
      (?:attended|completed|used|kept|delivered|rendered|taken|carried[ ]out)\b)
    | (?:(?<=[et][ ]attended[ ])|(?<=[et][ ]kept[ ])|(?<=[et][ ]completed[ ])
        |(?<=[ ]attended:[ ])|(?<=[ ]completed:[ ])|(?<=[ ]to[ ]date:[ ])
        |(?<=[ ]attended[ ]as[ ])|(?<=[ ]attended[ ]is[ ])|(?<=[ ]attended[ ]was[ ])
        |(?<=[ ]completed[ ]is[ ])|(?<=[ ]completed[ ]was[ ])
        |(?<=[ ]to[ ]date[ ]is[ ])|(?<=[ ]to[ ]date[ ]was[ ]))
      (?P<stated>{_NUMBER})(?=[.,;)]|$|[ ](?:and|but|so[ ]far|to[ ]date|(?:out[ ])?of)\b)
    | (?:(?<=series[ ]of[ ])|(?<=visits[ ]is[ ])|(?<=sessions[ ]is[ ])|(?<=treatments[ ]is[ ]))
      (?:{_NUMBER}(?:-|–|[ ](?:to|or)[ ]))?(?P<alone>{_NUMBER})
      (?=[.,;)]|$|[ ](?:in|over|was|were|completed)\b)
    | (?P<part>{_NUMBER})[ ]of[ ](?:these|them|those)\b
    | (?:(?<=up[ ]to[ ])|(?<=a[ ]total[ ]of[ ])|(?<=a[ ]maximum[ ]of[ ]))
      (?:{_NUMBER}(?:-|–|[ ](?:to|or)[ ]))?(?P<most>{_NUMBER})\b
      (?![ ](?:visits?|sessions?|treatments?)[ ](?:per|a|each|every)\b)
      (?![ ]?(?:%|/|percent|-|–|to\b|weeks?|months?|days?|hours?|mg|times|years?|minutes?
        |pounds?|lbs?|degrees?|points?|feet|inches|miles))
    | {_NUMBER}(?:-|–|[ ](?:to|or)[ ])(?P<in_all>{_NUMBER})(?=[ ]in[ ](?:all|total)\b)
    | (?:(?<=limited[ ]to[ ])|(?<=as[ ]many[ ]as[ ])|(?<=no[ ]more[ ]than[ ])
        |(?<=limit[ ]of[ ])|(?<=ceiling[ ]of[ ])|(?<=extendable[ ]to[ ])|(?<=extended[ ]to[ ])
        |(?<=never[ ]more[ ]than[ ])|(?<=at[ ]most[ ])|(?<=carried[ ]to[ ])
        |(?<=continued[ ]to[ ]))
      (?:{_NUMBER}(?:-|–|[ ](?:to|or)[ ]))?(?P<limit>{_NUMBER})
      (?=[.,;]|[ ](?:in[ ](?:all|total)|over|where|provided|if|when)\b)
    | (?:(?<=guideline['’]s[ ])|(?<=guidelines['’][ ])|(?<=mtus['’]s[ ])|(?<=odg['’]s[ ]))
      (?:{_NUMBER}(?:-|–|[ ](?:to|or)[ ]))?(?P<bound>{_NUMBER})\b
    | (?:{_NUMBER}(?:-|–|[ ](?:to|or)[ ]))?(?P<outer>{_NUMBER})(?:[ ](?:visits|sessions))?
      (?=[ ](?:that[ ]|which[ ]|with[ ]which[ ]|are[ ]what[ ])?(?:the[ ])?
         (?:(?:\w+[ ])?guidelines?|mtus|odg|acoem|9792[.\d]*)[ ]
         (?:allows?|provides?|permits?|gives?|sets?|names?|starts?|recommends?|grants?|lists?)\b
        |[ ](?:that|which)[ ](?:it[ ](?:allows?|mentions?|recommends?|supports?)
          |(?:is|are)[ ](?:allowed|permitted|allotted|advised))\b
        |[ ](?:is|are|constitutes?|(?:that[ ])?makes?[ ]up|marks?)[ ](?:the|a|its)[ ]
         (?:\w+[ ])?(?:maximum|ceiling|limit|cap|upper[ ]limit|trial|allotment|allowance
         |most(?=[.,;]|$|[ ](?:that[ ])?(?:the|a)[ ]guideline))\b)
    | (?:(?<=[ ]no\.[ ])|(?<=[ ]tx[ ][#])|(?<=session[ ][#])|(?<=visit[ ][#])|(?<=note[ ][#])
        |(?<=sessions[ ]1[ ]through[ ])|(?<=visits[ ]1[ ]through[ ])|(?<=sessions[ ]1[ ]to[ ]))
      (?P<nth>{_NUMBER})\b(?![ ]?(?:and|or|to)\b)
    | (?:(?<=["“ ]visit[ ])|(?<=["“ ]session[ ]))(?P<last>{_NUMBER})(?=[ ]of[ ]{_NUMBER}\b)
    | (?P<ordinal>\d{{1,2}})(?:st|nd|rd|th)[ ](?:[a-z-]+[ ]){{1,3}}?
      (?:visit|session|treatment)\b
    | (?:{_NUMBER}(?:-|–|[ ](?:to|or)[ ]))?(?P<span>{_NUMBER})
      (?=[ ]over[ ](?:{_NUMBER}(?:-|–|[ ]to[ ]))?{_NUMBER}[ ]weeks?\b)
    """,
    re.VERBOSE,
)
VALUES = (
    "done", "whole", "high", "low", "bare", "then", "again", "held", "more", "kept", "stated",
    "alone", "part", "most", "in_all", "limit", "bound", "outer", "nth", "last", "ordinal",
    "span", "times",
)  # fmt: skip

SAID_TO_BE_HAD = ("held", "more", "kept", "stated", "nth", "last", "ordinal")
"""Those that are of visits had, whatever stands around them."""

GOING_ON = ("bare", "then", "again")
"""Those that go on from a count before them."""

SAID_TO_BE_ALLOWED = ("most", "limit", "bound", "outer")
"""Those that are a guideline's."""

OPENED = ("(", '("', "(“", '("at least ', "(“at least ", "(at least ")
"""What sets a count off from the treatment before it."""

# Words between number and noun that make it no count: "2 times per week visits"; not "20
# full-day sessions".
NO_COUNT = re.compile(
    r"(?<![\w-])(?:weeks?|months?|days?|years?|hours?|mg|times|percent|degrees?|old|out of|"
    r"per|a|the|and|for|"
    r"with|of|level|in|over)\b"
)
# "another 6 visits" · "a further 6" · "8 visits (2014) + 6 visits" · "a second block of 8
# visits"; not "the second he had 6"
ADDS = re.compile(
    r"\b(?:another|further|plus|followed by|then|and an additional|(?:second|third)"
    r"(?= (?:\w+ )?(?:block|course|round|set|series|batch|group|cycle|run|trial)| $))"
    r"\b[^.;]{0,25}$|\+ $"
)
# "16 sessions in all: 10 to the end of the year and 6 since"
IN_PARTS = re.compile(r"\b(?:in all|in total|altogether): ")
# "one injection in 2013 and another in May 2014"
ONCE = re.compile(r" in (?:\w+ )?(?:19|20)\d\d,? and ")
# "10 visits over 4-6 weeks and up to 25 visits"
GOES_ON = re.compile(r"(?: over [\w-]+ (?:weeks?|months?))?,? (?:and|with|or|then|to)\b")
# "… twelve physical therapy visits are not medically necessary." tells of the request.
CONCLUSION = re.compile(
    r"\b(?:medically (?:necessary|appropriate)|medical necessity|clinically indicated|"
    r"not (?:necessary|supported)|be supported)\b[^.]{0,40}\.?\s*$"
)
# "another 8 sessions would lie beyond it" · "12 sessions requested"
# "Twelve visits is double the allowed number" · "eight visits surpass it"
# "ten sessions from the start also go beyond that number"
# "Twelve sessions, however, are more than" · "Four sessions do not go past the number"
ASKED_FOR = re.compile(
    r"(?:, (?:however|though|then|thus|therefore),)?,? (?:that is,? more than"
    r"|which (?:is|are) (?:already )?(?:more than|over|beyond) (?:what )?the"
    r"|as (?:requested|asked)|would|exceeds?|surpass\w*|requested|asked|proposed"
    r"|(?:are|is) requested|(?:has|have) been allowed|do(?:es)? not (?:apply|exceed|go past)"
    r"|(?:is|are|comes? to|goes?|go) (?:also )?(?:double|half again|twice|triple|more|far"
    r"|well|in excess|over|above|beyond|outside|less|under|within)"
    r"|(?:[a-z-]+ ){1,8}?(?:exceeds?|surpass(?:es|ed)?|go(?:es)? (?:also )?beyond))\b"
)
# "Up to twelve visits, as requested, exceed that"
AS_ASKED_FOR = re.compile(r",? (?:as (?:requested|asked)|would exceed|exceeds?)\b")
# "four more visits were cancelled" · "were never scheduled"
MISSED = re.compile(
    r" (?:\w+ ){0,6}?(?:cancel|missed\b|not (?:attended|kept|used)"
    r"|no[- ]show|never (?:scheduled|used|attended|kept|begun|started))"
)
# "She completed the six authorized physical therapy visits": attended, not only authorised
ATTENDED = re.compile(
    r"\b(?:completed|attended|finished|used|underwent|had)"
    r"(?: (?:all|both))?(?: of)?(?: (?:the|these|those|his|her))? $"
)
# not completed the six · once he has completed the 8
UNSURE = re.compile(
    r"\b(?:not|never|once|when|if|whether|until|after|should|could|unless)\b|n't\b"
)
# "Eight sessions are within the 9 to 10 visits that are set out there": a guideline's
# "well in excess of the 9- to 10-session course recommended on page 99"
ALLOWED = re.compile(
    r"\b(?:(?:is|are|stays?|falls?|lies?|remains?) within|in excess of|beyond) the $"
)
SET_OUT = re.compile(
    r" (?:course )?(?:(?:that|which) (?:are|is) )?"
    r"(?:set out|set forth|laid down|recommended|supported) (?:in|under|by|on)\b"
)
# "… consisted of 14 sessions in 2012 and an additional 6 sessions in May 2013"
IN_ADDITION = re.compile(r"\band (?:an )?(?:additional|another|further|later) $")
AT_A_TIME = re.compile(r" (?:in|during|between|from) (?:[a-z]+ ){0,5}(?:19|20)\d\d\b")
# "eight visits, of which she kept seven" · "12 were authorized, nine of which were used"
PARTED = re.compile(
    r"[^.;]{0,60}?, (?:\w+ )?of (?:which|these|those|them) (?:\w+ ){0,4}?"
    r"(?:attended|completed|used|kept|had|received|delivered|rendered|taken)\b"
)
# "two injections of 2012"
IN_THE_PAST = re.compile(r" (?:of|from) (?:the )?(?:\w+ ){0,2}(?:19|20)\d\d\b")
# "certified 6 of 12 visits": not had
GRANTED = re.compile(
    r"\b(?:certif|authoriz|approv|modif|allow|grant|den(?:y|ied|ies)|request|recommend)"
    r"[a-z]{0,6}(?: [a-z]+){0,2} $"
)
# "still has four of six visits to attend"
LEFT = re.compile(
    r" (?:\w+ ){0,2}(?:to (?:attend|come|give|go|use)|remain\w*|left|outstanding|unused"
    r"|pending)\b"
)

STOP = re.compile(r"[,;.()]")
