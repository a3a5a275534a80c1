"""Rules that concern more than one field of a form."""

from services.intake.domain.refusals import Invalid
from services.intake.domain.shapes import Filled


def check_person(form: Filled) -> None:
    """Raise Invalid unless the theme that matters most is one of the themes."""
    if form["most_important"] is not None and form["most_important"] not in form["themes"]:
        raise Invalid("most_important", "This is not one of the themes you chose.")
