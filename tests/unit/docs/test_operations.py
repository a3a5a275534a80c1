"""docs/operations.md: every setting with its default, and signs to watch that the code does give."""

import ast
import re

from tests.unit.docs.project import PROJECT, read, rows_under, words_in

PAGE = "docs/operations.md"
READ_IN = {
    "all": "shared/settings.py",
    "intake": "services/intake/settings.py",
    "notifier": "services/notifier/settings.py",
}


def settings_in(path: str) -> dict[str, str]:
    """Return setting -> default, "required" where it has none, as a settings module reads them from its `env`."""
    calls = (node for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.Call))
    return {
        str(ast.literal_eval(call.args[0])): str(ast.literal_eval(call.args[1])) if len(call.args) > 1 else "required"
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.func.attr != "add_parser"
        and call.args
    }


def test_every_setting_is_on_the_page_with_its_default() -> None:
    rows = {words_in(row[0])[0]: (row[1], row[2].strip("`")) for row in rows_under(PAGE, "## Settings")}
    known = {name: {default} for path in READ_IN.values() for name, default in settings_in(path).items()}
    readers: dict[str, set[str]] = {}
    for service, path in READ_IN.items():
        for name in settings_in(path):
            readers.setdefault(name, set()).add(service)
    assert set(rows) == set(known)
    for name, (service, default) in rows.items():
        assert set(service.split(", ")) == readers[name], name
        assert ("" if default == "empty" else default) in known[name], name


def test_every_sign_to_watch_is_a_metric_or_an_event_of_a_log() -> None:
    metrics = {words_in(row[0])[0] for row in rows_under(PAGE, "## Metrics")}
    code = "".join(
        path.read_text(encoding="utf-8") for room in ("shared", "services") for path in PROJECT.glob(f"{room}/**/*.py")
    )
    logged = set(re.findall(r"logger\(\)\.\w+\(\s*\"(\w+)\"", code))
    signs = {sign for row in rows_under(PAGE, "## What to watch") for sign in words_in(row[0])}
    assert signs - {"late", "matches.stalled"} <= metrics | logged
