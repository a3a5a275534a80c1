"""The kinds of due rows that the matcher keeps."""

SEARCH = "search"
"""A request that found nobody is tried again. Item and subject: the request."""

READ_AGAIN = "read_again"
"""What a person said has words that this version does not know: it is read again. Item and subject: the request."""

FREED = "freed"
"""Capacity may have come free a while ago: all who wait look once more. Item and subject: the volunteer."""

LATE = "late"
"""A request whose offers nobody answers has waited too long. Item and subject: the request."""

NUDGE = "nudge"
"""Half of an offer's window has passed. Item: the offer; subject: its request."""

EXPIRY = "expiry"
"""An offer's window has passed, two minutes ago. Item: the offer; subject: its request."""

VOLUNTEER_CHANGED = "volunteer_changed"
"""A volunteer changed or left. Item: an open offer or a live match of theirs, judged again; subject: its request."""

YES_DUE = "yes_due"
"""The person has not answered a volunteer's yes for a while. Item: the match; subject: its request."""

CHECK_IN = "check_in"
"""Both sides of a match are asked how it goes. Item: the match; subject: its request."""

SIGN_DUE = "sign_due"
"""A match shows no sign of life: both sides are asked. Item: the match; subject: its request."""

MATCH_END = "match_end"
"""A match ends by itself: nobody's yes, or no sign of life for too long. Item: the match; subject: its request."""

FORGET = "forget"
"""A request was closed or withdrawn so long ago that its rows go. Item and subject: the request."""
