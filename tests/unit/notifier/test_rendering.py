"""From a claim and an opened address to a notice in words."""

from dataclasses import replace
from datetime import UTC, datetime

from services.notifier.domain.notices import Notice
from services.notifier.gateway.port import Call
from services.notifier.sending.claims import Claim, Recipient
from services.notifier.sending.rendering import Renderer
from shared.vault.purposes import Purpose
from shared.vault.tokens import to_type
from tests.unit.notifier.facts import NOW, OFFER, REQUEST, VOLUNTEER

ADDRESS = {
    "channel": "email",
    "value": "someone@example.org",
    "language": "en",
    "time_zone": "Pacific/Auckland",
    "two_words": "amber river",
}
CLAIM = Claim(
    ref="d" * 26,
    notice=Notice.OFFER,
    owner="me",
    tries=1,
    recipient=Recipient(VOLUNTEER, Purpose.VOLUNTEER_NOTIFY, 3, "sealed"),
    offer=OFFER,
    until=datetime(2026, 11, 22, 23, 30, 59, tzinfo=UTC),
    now=NOW,
    limit=NOW,
    dead_at=NOW,
    made_at=NOW,
    began=0.0,
)
RENDERER = Renderer("https://x.example/", "{}.proof".format, "{}.{}".format)
HOOK = {**ADDRESS, "channel": "webhook", "value": "https://hook.example/x"}


def test_the_token_stands_in_the_fragment_and_once_more_for_typing() -> None:
    text = RENDERER.render(CLAIM, ADDRESS).text
    assert f"https://x.example/offer#{OFFER}.proof\n" in text
    assert f"open https://x.example/offer and type this code:\n{to_type(OFFER + '.proof')}\n" in text


def test_the_time_is_the_readers_and_never_later_than_the_true_one() -> None:
    assert "until Monday 23 November, 12:30 (NZDT)." in RENDERER.render(CLAIM, ADDRESS).text


def test_an_unknown_time_zone_becomes_utc_which_says_so() -> None:
    assert "23:30 (UTC)" in RENDERER.render(CLAIM, {**ADDRESS, "time_zone": "Nowhere/Town"}).text


def test_a_notice_is_named_by_its_delivery_and_goes_to_the_opened_address() -> None:
    notice = RENDERER.render(CLAIM, ADDRESS)
    assert (notice.ref, notice.recipient) == (CLAIM.ref, "someone@example.org")


def test_a_notice_to_the_person_has_no_two_words_and_no_token() -> None:
    recipient = Recipient(REQUEST, Purpose.PERSON_NOTIFY, None, "sealed")
    claim = replace(CLAIM, notice=Notice.MATCHED, recipient=recipient, offer=None, until=None)
    address = {name: ADDRESS[name] for name in ("channel", "value", "language", "time_zone")}
    notice = RENDERER.render(claim, address)
    assert "#" not in notice.text
    assert "https://x.example/\n" in notice.text


def test_nothing_that_could_be_logged_shows_an_address_or_a_sealed_value() -> None:
    notice = RENDERER.render(CLAIM, ADDRESS)
    assert "someone" not in repr(notice)
    assert "amber" not in repr(notice)
    assert "sealed" not in repr(CLAIM)


def test_a_home_link_is_the_volunteers_own_of_the_generation_known_now() -> None:
    claim = replace(CLAIM, notice=Notice.HOME_LINK, offer=None, until=None, generation=7)
    text = RENDERER.render(claim, ADDRESS).text
    assert f"https://x.example/volunteer#{VOLUNTEER}.7\n" in text
    assert f"open https://x.example/volunteer and type this code:\n{to_type(VOLUNTEER + '.7')}\n" in text


def test_the_coordinator_is_told_a_ref_and_nothing_else() -> None:
    claim = replace(CLAIM, notice=Notice.SAFETY_REPORT, recipient=None, offer=None, until=None, shown="p" * 26)
    notice = RENDERER.render(
        claim, {"channel": "email", "value": "desk@example.org", "language": "en", "time_zone": "UTC"}
    )
    assert notice.recipient == "desk@example.org"
    assert "p" * 26 in notice.text
    assert "https://x.example/coordinator\n" in notice.text


def test_someone_who_chose_a_webhook_is_called_with_the_time_the_link_and_the_words() -> None:
    notice = RENDERER.render(CLAIM, HOOK)
    link = f"https://x.example/offer#{OFFER}.proof"
    assert notice.call == Call(VOLUNTEER, "offer", CLAIM.until, link, "amber river")
    assert notice.recipient == "https://hook.example/x"


def test_a_call_that_leads_nowhere_carries_no_link() -> None:
    notice = RENDERER.render(replace(CLAIM, notice=Notice.TOO_LATE, offer=None, until=None), HOOK)
    assert notice.call == Call(VOLUNTEER, "too_late", None, None, "amber river")


def test_a_mail_is_no_call() -> None:
    assert RENDERER.render(CLAIM, ADDRESS).call is None


def test_a_call_that_could_be_logged_shows_neither_link_nor_words() -> None:
    assert "proof" not in repr(RENDERER.render(CLAIM, HOOK))
    assert "amber" not in repr(RENDERER.render(CLAIM, HOOK))
