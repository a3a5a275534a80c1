"""What people choose from, as options for the controls."""

from collections.abc import Iterable, Mapping

from services.intake.schemas.fields import KNOWN_ZONES
from services.intake.web.forms.controls import Option, OptionGroup
from shared.vocabulary import vocabulary

WORDS = vocabulary()

LANGUAGES = {
    "en": "English",
    "af": "Afrikaans",
    "ar": "العربية (Arabic)",
    "bn": "বাংলা (Bengali)",
    "cy": "Cymraeg (Welsh)",
    "de": "Deutsch (German)",
    "es": "Español (Spanish)",
    "fa": "فارسی (Persian)",
    "fr": "Français (French)",
    "gu": "ગુજરાતી (Gujarati)",
    "hi": "हिन्दी (Hindi)",
    "it": "Italiano (Italian)",
    "ja": "日本語 (Japanese)",
    "ko": "한국어 (Korean)",
    "mi": "Te reo Māori",
    "nl": "Nederlands (Dutch)",
    "pa": "ਪੰਜਾਬੀ (Punjabi)",
    "pl": "Polski (Polish)",
    "pt": "Português (Portuguese)",
    "ro": "Română (Romanian)",
    "ta": "தமிழ் (Tamil)",
    "tl": "Tagalog",
    "tr": "Türkçe (Turkish)",
    "uk": "Українська (Ukrainian)",
    "ur": "اردو (Urdu)",
    "yo": "Yorùbá",
    "zh": "中文 (Chinese)",
}
"""Languages that clinicians often name; any other is typed as its BCP 47 code."""

CLUSTERS = {
    "blame": "Something that went wrong",
    "load": "The weight of the work",
    "people_at_work": "People at work",
    "path": "My way",
    "home": "At home",
    "health": "My health",
    "colleague": "A colleague",
    "identity": "Who I am",
}
"""Headings for the clusters of the vocabulary's themes, in the order in which they are shown."""

SHOWS = {
    "name": "My name",
    "profession": "My profession",
    "care_area": "My care area",
    "stage": "Where I am on the way",
    "gender": "My gender",
    "themes": "What I have lived",
    "values": "What I hold dear",
    "contact": "How to reach me, once we are introduced",
}
"""What a volunteer may show besides affiliations and roles; the slugs are those of the API."""

REGIONS = ("Europe", "America", "Australia", "Pacific", "Africa", "Asia", "Atlantic", "Indian", "Antarctica", "Arctic")


def plain(labels: Mapping[str, str], only: Iterable[str] | None = None) -> tuple[OptionGroup, ...]:
    """Return slugs and labels as one group without a heading; `only` keeps some of them."""
    kept = labels if only is None else {slug: labels[slug] for slug in only}
    return (OptionGroup("", tuple(Option(slug, label) for slug, label in kept.items())),)


def stages() -> tuple[OptionGroup, ...]:
    """Return the stages."""
    return plain({slug: stage.label for slug, stage in WORDS.stages.items()})


def urgencies() -> tuple[OptionGroup, ...]:
    """Return how soon somebody would like an answer."""
    return plain({slug: urgency.label for slug, urgency in WORDS.urgencies.items()})


def roles() -> tuple[OptionGroup, ...]:
    """Return the roles that judge people."""
    return plain({slug: role.label for slug, role in WORDS.evaluative_roles.items()})


def care_areas() -> tuple[OptionGroup, ...]:
    """Return the care areas under the first group of each; those that belong to no group come last."""
    found = {slug: OptionGroup(group.label, _areas_in(slug)) for slug, group in WORDS.groups.items()}
    return (*found.values(), OptionGroup("None of these", _areas_in(None)))


def _areas_in(group: str | None) -> tuple[Option, ...]:
    return tuple(
        Option(slug, label)
        for slug, label in WORDS.care_areas.items()
        if (WORDS.groups_of[slug] or (None,))[0] == group
    )


def themes() -> tuple[OptionGroup, ...]:
    """Return the themes under their first cluster; one for which others can help more than a peer says so."""
    hints = {
        slug: f"First, {theme.first} can help more than a peer." for slug, theme in WORDS.themes.items() if theme.first
    }
    return _clustered(WORDS.themes, hints)


def restricted_themes() -> tuple[OptionGroup, ...]:
    """Return the themes for which a volunteer has to be trained."""
    return _clustered([slug for slug, theme in WORDS.themes.items() if theme.restricted], {})


def _clustered(slugs: Iterable[str], hints: Mapping[str, str]) -> tuple[OptionGroup, ...]:
    kept = list(slugs)
    groups = []
    for cluster, heading in CLUSTERS.items():
        found = tuple(
            Option(slug, WORDS.themes[slug].label, hints.get(slug, ""))
            for slug in kept
            if _first_cluster(WORDS.themes[slug].clusters) == cluster
        )
        if found:
            groups.append(OptionGroup(heading, found))
    return tuple(groups)


def _first_cluster(clusters: frozenset[str]) -> str:
    return next(cluster for cluster in CLUSTERS if cluster in clusters)


def time_zones() -> tuple[OptionGroup, ...]:
    """Return every time zone that is named by a place, under its part of the world."""
    return tuple(
        OptionGroup(
            region,
            tuple(
                Option(zone, zone.partition("/")[2].replace("_", " ").replace("/", ", "))
                for zone in KNOWN_ZONES
                if zone.startswith(f"{region}/")
            ),
        )
        for region in REGIONS
    )
