"""The desks: one method per thing that can be asked of intake, called by the pages and by the JSON API alike.

A desk takes what was validated, does what has to come before the transaction (mints data keys), opens the one
transaction in which a handler works, and does what comes after it (destroys keys, waits for an outcome).
"""

from services.intake.desks.coordination import CoordinatorDesk
from services.intake.desks.offers import OfferDesk
from services.intake.desks.people import PersonDesk, Submitted
from services.intake.desks.reports import ReportDesk
from services.intake.desks.volunteers import VolunteerDesk

__all__ = ["CoordinatorDesk", "OfferDesk", "PersonDesk", "ReportDesk", "Submitted", "VolunteerDesk"]
