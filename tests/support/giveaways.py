"""Words that no notice may contain (T8)."""

FORBIDDEN = (
    *("alongside", "peer", "support", "volunteer(?!#)(?! and type)", "clinic", "health", "medic", "doctor"),
    *("physician", "nurs"),
    *("hospital", "ward", "patient", "client", "case", "treat", "therap", "counsel", "well-?being", "wellness"),
    *("mental", "psych", "depress", "anxi", "burn-?out", "exhaust", "stress", "trauma", "addict", "suicid", "crisis"),
    *("struggl", "distress", "suffer", "griev", "grief", "death", "died", "error", "mistake", "complaint", "lawsuit"),
    *("colleague", "profession", "student", "resident", "programme", "university", "college", "board", "regulator"),
    *("confiden", "urgent", "emergency", "talk", "conversation", "match", "request", "offer(?!#)(?! and type)"),
)
"""Stems that would tell somebody who looks over a shoulder what this is about, or whom it is about.

The names of two pages are let through where they are part of a link, and nowhere else."""
