"""Lost and found: a fresh home link for those who ask for one.

To ask does the same work for every address: that nobody has it is found out later, by the worker, where nobody waits.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, delete

from services.intake.handlers.announcing import publish_volunteer
from services.intake.handlers.context import Intake
from services.intake.storage.queries import note_link_ask
from services.intake.storage.tables import VOLUNTEERS, LinkAsk, due_rows, link_asks, volunteers
from shared.mail_address import pasted

SEND_LINKS = "send_home_links"
"""The due row that sends a link to everybody who has an address. Item and subject: the hash of the address."""

FORGET_LINK_ASK = "forget_link_ask"
"""The due row that lets the same address ask again. Item and subject: the hash of the address."""

BETWEEN_LINKS = timedelta(minutes=10)


def ask_link(intake: Intake, address: str) -> None:
    """Take note that somebody asks for a link to `address`; again within ten minutes, it changes nothing."""
    ref = intake.hash_of_address(address if "://" in address else pasted(address))
    with intake.database.transaction() as tx:
        if note_link_ask(tx, ref):
            due_rows.schedule_now(tx, SEND_LINKS, ref, ref)
            due_rows.arrange(tx, ref, {FORGET_LINK_ASK: BETWEEN_LINKS})


def send_links(tx: Connection, _intake: Intake, ask: LinkAsk) -> None:
    """Announce a fresh link, which ends the older ones, for each volunteer who has this address."""
    for row in VOLUNTEERS.all(tx, volunteers.c.notify_hash == ask.ref, order_by=[volunteers.c.ref], lock=True):
        publish_volunteer(tx, replace(row, generation=row.generation + 1), name="link_asked")


def forget_link_ask(tx: Connection, _intake: Intake, ask: LinkAsk) -> None:
    tx.execute(delete(link_asks).where(link_asks.c.ref == ask.ref))
