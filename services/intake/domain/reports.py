"""What may be said in a report about safety."""

from services.intake.domain.refusals import Invalid

LONGEST_REPORT = 2_000


def check_report(text: str) -> None:
    """Raise Invalid unless `text` says something, and no more than can be kept."""
    if not text.strip():
        raise Invalid("text", "blank_report")
    if len(text) > LONGEST_REPORT:
        raise Invalid("text", "report_too_long", max=LONGEST_REPORT)
