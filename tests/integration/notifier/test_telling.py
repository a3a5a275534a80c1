"""Who is told what, from an announced event to the mail that arrives."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.notifier.domain.notices import Notice
from shared.vault.keyrings import Keyrings
from shared.vault.sealing import key_id_of
from shared.vault.tokens import home_link, offer_token
from tests.integration.notifier.mail_server import Manners, subjects, text_of, what_it_says
from tests.integration.notifier.world import COORDINATOR, NOW, PERSON, VOLUNTEER, World


def test_a_volunteer_is_told_when_the_person_ends_the_match(world: World, manners: Manners) -> None:
    match = world.matched(world.offered(world.person(), world.volunteer(VOLUNTEER)))
    world.announce("matches", "ended", match, state="ended", ended_by="person", then="over")
    world.send_due()
    assert subjects(manners, VOLUNTEER) == ["A question is closed", "Everything is ready"]


def test_a_person_who_wants_no_notices_gets_none(world: World, manners: Manners) -> None:
    request = world.person()
    world.matched(world.offered(request, world.volunteer(VOLUNTEER)))
    world.announce("matches", "stalled", request, request=request, state="stalled")
    world.send_due()
    assert {mail["To"] for mail in manners.taken} == {VOLUNTEER, COORDINATOR}
    assert ("sent", "matched") not in world.told()


def test_a_person_who_wants_notices_hears_of_a_stall_once_a_wait(world: World, manners: Manners) -> None:
    request = world.person(PERSON)
    for name in ("stalled", "waiting", "stalled"):
        world.announce("matches", name, request, request=request, state=name)
        world.send_due()
    assert subjects(manners, PERSON) == ["There is news for you"]


def test_a_second_wait_of_the_same_round_is_told_of_again_and_a_repeat_of_the_same_wait_is_not(
    world: World, manners: Manners
) -> None:
    request = world.person(PERSON)
    stalled = {"request": request, "state": "stalled", "late": "silent_limit"}
    world.announce("matches", "stalled", request, **stalled)
    world.send_due()
    once = (subjects(manners, COORDINATOR), subjects(manners, PERSON))
    assert once == (["Something needs you", "Something takes long"], ["There is news for you"])
    world.announce("matches", "stalled", request, why="asleep")
    world.send_due()
    assert (subjects(manners, COORDINATOR), subjects(manners, PERSON)) == once
    handed_back_at = NOW + timedelta(days=4)
    world.announce("matches", "waiting", request, state="waiting", late="no", waiting_since=handed_back_at)
    world.announce("matches", "stalled", request, state="stalled", late="silent_limit")
    world.pass_hours(1)
    world.send_due()
    assert (subjects(manners, COORDINATOR), subjects(manners, PERSON)) == (sorted(once[0] * 2), once[1] * 2)


def test_a_person_is_told_once_that_a_yes_waits_for_theirs_and_not_after_they_gave_it(
    world: World, manners: Manners
) -> None:
    request = world.person(PERSON)
    match = world.matched(world.offered(request, world.volunteer(VOLUNTEER)))
    world.send_due()
    for _ in range(2):
        world.announce("matches", "asked", match, check_ins=0, nudged_at=NOW)
        world.send_due()
    assert subjects(manners, PERSON) == ["There is news for you"] * 2
    assert world.delivery(Notice.YES_WAITED_FOR, match).state == "sent"
    quick = world.person(PERSON)
    other = world.matched(world.offered(quick, world.volunteer("other@example.net")))
    world.introduced(quick, other)
    world.announce("matches", "asked", other, check_ins=0, nudged_at=NOW)
    world.send_due()
    assert world.delivery(Notice.YES_WAITED_FOR, other).state == "obsolete"


def test_an_erased_person_is_told_nothing_and_keeps_no_address_here(world: World, manners: Manners) -> None:
    request = world.person(PERSON)
    match = world.matched(world.offered(request, world.volunteer(VOLUNTEER)))
    world.erased(request)
    world.send_due()
    assert manners.taken_by(PERSON) == []
    assert world.delivery(Notice.MATCHED, match).state == "obsolete"


def test_a_key_destroyed_before_the_word_of_it_arrives_means_erased_as_well(world: World, manners: Manners) -> None:
    request = world.person(PERSON)
    match = world.matched(world.offered(request, world.volunteer(VOLUNTEER)))
    world.house.keeper.destroy([key_id_of(world.aggregates["requests", request].data["notify"])], NOW)
    world.send_due()
    assert manners.taken_by(PERSON) == []
    assert world.delivery(Notice.MATCHED, match).state == "obsolete"
    assert "matched" not in [notice for _, notice in world.told()]


def test_a_removed_volunteer_is_told_nothing_even_if_the_removal_comes_first(world: World, manners: Manners) -> None:
    volunteer = "v" * 26
    late = world.record("volunteers", "published", volunteer, volunteer=volunteer)
    world.announce("volunteers", "removed", volunteer, state="removed", profile=None, notify=None)
    world.deliver(*late)
    world.offered(world.person(), volunteer)
    world.send_due()
    assert manners.taken == []
    assert world.told() == []


def test_a_text_that_waits_is_told_once_to_whom_it_is_for(world: World, manners: Manners) -> None:
    request = world.person(PERSON)
    offer = world.offered(request, world.volunteer(VOLUNTEER))
    match = world.matched(offer)
    world.send_due()
    manners.taken.clear()
    for to in ("volunteer", "person"):
        world.text(match, to)
        world.send_due()
    assert [(mail["To"], what_it_says(mail)) for mail in manners.taken] == [
        (VOLUNTEER, "A few lines for you"),
        (PERSON, "There is news for you"),
    ]
    token = offer_token(Keyrings(world.house.folders["intake"]).named("links"), offer)
    assert f"https://x.example/offer#{token}" in text_of(manners, VOLUNTEER, "A few lines for you")


def test_a_text_whose_match_comes_later_is_told_then_and_one_whose_match_has_ended_never(
    world: World, manners: Manners
) -> None:
    request = world.person(PERSON)
    offer = world.offered(request, world.volunteer(VOLUNTEER))
    world.send_due()
    late = world.record("matches", "matched", "m" * 26, match="m" * 26, **world.parties(offer))
    waiting = world.text("m" * 26, "volunteer")
    world.send_due()
    assert world.delivery(Notice.TEXT_WAITING_VOLUNTEER, waiting).state == "pending"
    world.deliver(*late)
    world.send_due()
    assert world.delivery(Notice.TEXT_WAITING_VOLUNTEER, waiting).state == "sent"
    world.announce("matches", "ended", "m" * 26, state="ended", ended_by="person", then="over")
    gone = world.text("m" * 26, "volunteer")
    world.send_due()
    assert world.delivery(Notice.TEXT_WAITING_VOLUNTEER, gone).state == "obsolete"


def test_a_match_is_asked_how_it_goes_and_without_a_sign_of_life_its_volunteer_is(
    world: World, manners: Manners
) -> None:
    match = world.matched(world.offered(world.person(PERSON), world.volunteer(VOLUNTEER)))
    world.send_due()
    manners.taken.clear()
    world.announce("matches", "asked", match, check_ins=1, sign_asks=1)
    world.send_due()
    assert subjects(manners, VOLUNTEER) == ["A short answer, please", "How does it go?"]
    assert subjects(manners, PERSON) == ["There is news for you"]
    world.announce("matches", "asked", match, check_ins=2)
    world.send_due()
    assert subjects(manners, VOLUNTEER) == ["A short answer, please", "How does it go?", "How does it go?"]


def test_nobody_is_asked_for_a_sign_of_life_that_came_while_the_mail_server_was_away(
    world: World, manners: Manners
) -> None:
    request = world.person()
    match = world.matched(world.offered(request, world.volunteer(VOLUNTEER)))
    world.introduced(request, match)
    world.send_due()
    manners.answers[VOLUNTEER] = ["421 away", "ok"]
    world.announce("matches", "asked", match, check_ins=0, sign_asks=1)
    world.send_due()
    this_hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    world.announce("requests", "sign_of_life", request, sign_at=this_hour, sign_by="person")
    world.send_due()
    assert world.delivery(Notice.NO_SIGN_OF_LIFE, f"{match}.1").state == "obsolete"
    assert "A short answer, please" not in subjects(manners, VOLUNTEER)


def test_the_person_hears_when_the_request_is_about_to_end_in_their_own_time(world: World, manners: Manners) -> None:
    request = world.person(PERSON)
    ends = datetime.now(UTC) + timedelta(days=7)
    world.announce("requests", "ends_soon", request, ends_at=ends)
    world.announce("requests", "published", request)
    world.send_due()
    assert f"{ends.astimezone(ZoneInfo('America/Toronto')):%H:%M}" in text_of(manners, PERSON, "There is news for you")


def test_a_person_hears_the_truth_at_the_silent_limit(world: World, manners: Manners) -> None:
    request = world.person(PERSON)
    world.announce("matches", "stalled", request, request=request, state="stalled", late="silent_limit")
    world.send_due()
    assert subjects(manners, PERSON) == ["There is news for you"]


def test_a_fresh_home_link_is_sent_of_the_newest_generation_alone(world: World, manners: Manners) -> None:
    volunteer = world.volunteer(VOLUNTEER, state="suspended")
    for generation in (1, 2):
        world.announce("volunteers", "link_asked", volunteer, generation=generation)
    world.announce("volunteers", "published", volunteer)
    world.send_due()
    token = home_link(Keyrings(world.house.folders["intake"]).named("links"), volunteer, 2)
    text = text_of(manners, VOLUNTEER, "Your link")
    assert f"https://x.example/volunteer#{token}" in text
    assert "amber river" in text
    assert world.delivery(Notice.HOME_LINK, f"{volunteer}.1").state == "obsolete"
