"""Which addresses a webhook may have."""

import ipaddress

import pytest

from services.notifier.gateway.port import PermanentFailure
from services.notifier.gateway.webhook import WebhookAddress, check, is_public, read_webhook_address

SECURE, CLEAR = (read_webhook_address(f"{scheme}://hook.example/x") for scheme in ("https", "http"))
PUBLIC = "93.184.216.34"


def test_an_address_is_taken_apart_and_the_other_side_is_told_the_name_as_it_was_written() -> None:
    address = read_webhook_address("https://Hook.example:8443/in/box?to=me#not-sent")
    assert address == WebhookAddress(True, "hook.example", 8443, "Hook.example:8443", "/in/box?to=me")
    assert read_webhook_address("https://hook.example") == WebhookAddress(
        True, "hook.example", 443, "hook.example", "/"
    )
    assert read_webhook_address("https://[2606:4700::1]/").host == "2606:4700::1"


@pytest.mark.parametrize(
    "url",
    [
        *("", "hook.example", "ftp://hook.example/", "file:///etc/passwd", "https://", "https:///path"),
        *("https://user:pass@hook.example/", "https://hook.example@10.0.0.1/", "https://hook.example:99999/"),
        *("https://hook.example/\r\nHost: other", "https://hook example/", "https://hook.example\\@10.0.0.1/"),
        *("https://[fe80::1%25eth0]/", "https://[::1", "https://h\u00f6ok.example/"),
    ],
)
def test_what_is_no_plain_address_of_the_web_fails_for_good_and_is_not_repeated(url: str) -> None:
    with pytest.raises(PermanentFailure) as caught:
        read_webhook_address(url)
    assert caught.value.code == "not_an_address"


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("192.0.0.1", "192.0.0.8", "192.0.0.255", "192.88.99.1", "3fff::1", "3fff:fff::1"),
        *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:10.0.0.1", "::ffff:93.184.216.34", "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:a00:1::1"),
    ],
)
def test_what_is_not_one_machine_of_the_open_internet_is_never_called(ip: str) -> None:
    assert not is_public(ipaddress.ip_address(ip))
    with pytest.raises(PermanentFailure, match="private_address"):
        check(SECURE, [PUBLIC, ip], loopback=False)


@pytest.mark.parametrize("ip", [PUBLIC, "192.0.1.1", "192.88.98.1", "2606:4700::1", "3ffe::1"])
def test_a_machine_of_the_open_internet_is_called_over_tls_and_never_in_clear_text(ip: str) -> None:
    check(SECURE, [ip], loopback=False)
    for loopback in (True, False):
        with pytest.raises(PermanentFailure, match="clear_text"):
            check(CLEAR, [ip], loopback=loopback)


@pytest.mark.parametrize("ip", ["127.0.0.1", "::1"])
def test_this_machine_is_called_only_where_everything_runs_on_it(ip: str) -> None:
    for address in (SECURE, CLEAR):
        check(address, [ip], loopback=True)
        with pytest.raises(PermanentFailure):
            check(address, [ip], loopback=False)


def test_where_everything_runs_on_one_machine_its_neighbours_are_still_not_called() -> None:
    with pytest.raises(PermanentFailure, match="private_address"):
        check(SECURE, ["127.0.0.1", "192.168.1.1"], loopback=True)
