"""What people paste where a code or a key is asked for: a whole link, a broken line, a sentence around it."""

from collections.abc import Callable
from textwrap import fill
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from shared.vault.tokens import home_link, to_type
from tests.integration.intake.browsing import act, heading
from tests.integration.intake.world import World

AROUND = {
    "as it stands": "{link}",
    "spaces": "  {link}\r\n",
    "brackets": "<{link}>",
    "a sentence": "Read it and answer here: {link} If you cannot now, a no is as good an answer.",
    "the whole mail": "Your two words: amber river\n\n{link}\n\nIf it does not work, type this code:\n{code}\n\nBye",
    "markdown": "[here]({link})",
    "the code": "{code}",
    "the code in capitals": "{CODE}",
    "the code in a sentence": "type this code: {code}. If these are not yours, do not open it",
    "the token alone": "{token}",
}
BROKEN: dict[str, Callable[[str], str]] = {
    "by a mail": lambda link: fill(link, 30),
    "by a quote": lambda link: "\n".join(f"> {line}" for line in fill(link, 40).splitlines()),
    "by quoted-printable": lambda link: "=\r\n".join(fill(link, 60).splitlines()),
    "by a filter": lambda link: f"https://filter.example/?url={quote(link, safe='')}&data=05%7C01%7Canna%40example.org",
    "by two filters": lambda link: (
        f"https://f.example/?u={quote('https://g.example/?u=' + quote(link, safe=''), safe='')}"
    ),
    "by zero width": "\u200b".join,
}


def pastes(link: str, token: str) -> dict[str, str]:
    """Return what may be pasted for a token of a link, by what was done to it."""
    code = to_type(token)
    around = {how: text.format(link=link, code=code, CODE=code.upper(), token=token) for how, text in AROUND.items()}
    return around | {f"broken {how}": make(link) for how, make in BROKEN.items()}


def test_an_offers_link_is_taken_however_it_was_pasted_where_its_code_is_asked_for(
    site: FlaskClient, world: World
) -> None:
    world.ask()
    _, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer))
    for how, pasted in pastes(f"https://x.example/offer#{token}", token).items():
        assert heading(act(site, "/offer", pasted, "look")) == "Somebody would like to talk", how
    accepted = act(site, "/offer", f"<https://x.example/offer#{token}>", "accept")
    assert heading(accepted) == "Your answer is noted"


def test_a_home_link_is_taken_however_it_was_pasted_where_the_key_is_asked_for(site: FlaskClient, world: World) -> None:
    _, volunteer = world.approved()
    link = home_link(world.intake.links, volunteer, 0)
    for how, pasted in pastes(f"https://x.example/volunteer#{link}", link).items():
        assert act(site, "/volunteer", pasted, "open").status_code == 200, how


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        " {}\n",
        "Your key: {}",
        "My request key is {}, keep it well",
        "This is the code that I have been told: {}",
        "“{}”",
        "key={}&x",
    ],
)
def test_a_key_is_taken_with_the_words_that_were_copied_with_it(site: FlaskClient, world: World, around: str) -> None:
    request, volunteer = world.ask(), world.apply()
    for shown in (request, request.replace("-", " "), request.lower(), request.replace("-", "\u2011")):
        assert act(site, "/request", around.format(shown), "open").status_code == 200, shown
    assert act(site, "/volunteer", around.format(volunteer), "open").status_code == 200


@pytest.mark.parametrize("path", ["/offer", "/request", "/volunteer"])
@pytest.mark.parametrize(
    "pasted", ["#" * 4_000, "abcd-" * 4_000, "https://x.example/offer#" * 900, "%25" * 9_000, "a b"]
)
def test_what_holds_no_link_and_no_key_is_turned_away_as_ever(site: FlaskClient, path: str, pasted: str) -> None:
    step = "look" if path == "/offer" else "open"
    assert act(site, path, pasted, step).status_code in {404, 422}


def test_the_inputs_let_a_whole_link_in(site: FlaskClient) -> None:
    for path in ("/offer", "/request", "/volunteer"):
        assert 'maxlength="4000"' in site.get(path).text
