"""Asking for a peer on a phone, and coming back with the key."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.site import EXIT, ORGANISATION, Site, fill_ask, key_on, place_input


def test_a_person_asks_and_opens_their_request(phone: Page, site: Site) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="Yes, I am safe").click()
    fill_ask(phone)
    phone.get_by_role("button", name="Ask for a peer").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request is on its way")
    key = key_on(phone)

    phone.goto("/request")
    phone.get_by_label("Your request key").fill(key.lower().replace("-", " "))
    phone.get_by_role("button", name="Open my request").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Looking for your peer")
    assert phone.url == f"{site.url}/request"
    assert site.world.events("requests") == ["published"]


def test_a_refused_form_leads_to_its_errors_and_keeps_what_was_written(phone: Page) -> None:
    phone.goto("/ask")
    place_input(phone, ORGANISATION).fill("St Elsewhere")
    place_input(phone, "Town").fill("Boston")
    phone.get_by_text("Reaching you").click()
    phone.get_by_label("Words for your peer").fill("It was a long night.")
    phone.get_by_role("button", name="Ask for a peer").click()

    alert = phone.get_by_role("alert")
    expect(alert).to_contain_text("Choose what you do.")
    alert.get_by_role("link", name="What you do").click()
    expect(phone.locator("#f-profession")).to_be_in_viewport()
    expect(place_input(phone, ORGANISATION)).to_have_value("St Elsewhere")
    expect(place_input(phone, "Town")).to_have_value("Boston")
    expect(phone.get_by_label("Words for your peer")).to_have_value("It was a long night.")


def test_who_names_no_place_is_asked_again_until_they_say_that_they_would_rather_not(phone: Page, site: Site) -> None:
    phone.goto("/ask")
    fill_ask(phone)
    for said in ("", "prefer not to disclose"):
        place_input(phone, ORGANISATION).fill(said)
        phone.get_by_role("button", name="Ask for a peer").click()
        expect(phone.get_by_role("alert")).to_contain_text("tick that you would rather not say")

    phone.get_by_label("I would rather not say").check()
    phone.get_by_role("button", name="Ask for a peer").click()
    expect(phone.get_by_role("alert")).to_contain_text("Please do one of the two.")

    place_input(phone, ORGANISATION).fill("")
    phone.get_by_role("button", name="Ask for a peer").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request is on its way")


def test_the_operators_names_are_suggested_and_a_chosen_one_is_divided(open_phone: Callable[..., Page]) -> None:
    phone = open_phone(javascript=True)
    names = {
        "organisation": [["Mercy Hospital", "Toledo"]],
        "unit": [],
        "town": [],
    }
    phone.route("**/assets/places.json", lambda route: route.fulfill(json=names))
    sent: list[str] = []
    phone.goto("/ask")
    expect(phone.locator("datalist option").first).to_have_attribute("value", "Mercy Hospital, Toledo")
    phone.on("request", lambda request: sent.append(request.url))

    place_input(phone, ORGANISATION).fill("Mercy Hospital, Toledo")
    place_input(phone, ORGANISATION).blur()

    expect(place_input(phone, ORGANISATION)).to_have_value("Mercy Hospital")
    expect(place_input(phone, "Town")).to_have_value("Toledo")
    assert sent == []


def test_somebody_who_is_not_safe_is_led_to_people_who_answer(phone: Page, site: Site) -> None:
    phone.goto("/")
    phone.get_by_role("button", name="No, or I am not sure").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Please talk to somebody now")
    expect(phone.get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    assert site.world.events("requests") == []


def test_no_page_is_wider_than_a_small_phone(phone: Page) -> None:
    phone.set_viewport_size({"width": 360, "height": 640})
    for path in ("/", "/ask", "/request", "/receipt", "/volunteer", "/offer", "/nowhere"):
        phone.goto(path)
        phone.locator("details").evaluate_all("found => found.forEach(each => each.open = true)")
        overflowing = phone.locator("body *").evaluate_all(
            "found => found.filter(each => each.getBoundingClientRect().right > 360).map(each => each.outerHTML)"
        )
        assert overflowing == []


def test_the_key_board_alone_is_enough_to_reach_the_way_out(phone: Page) -> None:
    phone.goto("/ask")
    for _ in range(3):
        phone.keyboard.press("Tab")

    expect(phone.get_by_role("link", name="Leave this site")).to_be_focused()


def test_nothing_is_left_in_the_browser(open_phone: Callable[..., Page]) -> None:
    phone = open_phone(javascript=True)
    phone.goto("/ask")
    fill_ask(phone)
    phone.get_by_role("button", name="Ask for a peer").click()

    left = "[localStorage.length, sessionStorage.length, document.cookie, document.referrer.includes('?')]"
    assert phone.evaluate(left) == [0, 0, "", False]
    assert phone.evaluate("caches.keys()") == []


def test_leaving_takes_the_page_out_of_the_history(open_phone: Callable[..., Page], site: Site) -> None:
    phone = open_phone(javascript=True)
    phone.route(EXIT, lambda route: route.fulfill(body="Rain"))
    phone.goto("/request")
    phone.goto("/ask")
    before = phone.evaluate("history.length")

    phone.get_by_role("link", name="Leave this site").click()
    phone.wait_for_url(EXIT)

    assert phone.evaluate("history.length") == before
