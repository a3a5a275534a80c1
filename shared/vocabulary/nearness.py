"""Working out every nearness from the rules in the data. The largest rule that holds wins."""

from collections.abc import Collection, Mapping
from itertools import product

from shared.vocabulary.model import Group, Pairs, Stage, Theme
from shared.vocabulary.reading import Entry, VocabularyError


def profession_pairs(rules: Entry, professions: Collection[str]) -> Pairs:
    """Return the nearness of every pair of professions: circles of members, a default, and 1 for the same."""
    pairs = {(one, other): rules.share("default") for one, other in product(professions, repeat=2)}
    for circle in rules.items("circles"):
        members = [member.slug_in(professions) for member in circle.items("members")]
        for one, other in product(members, repeat=2):
            pairs[one, other] = max(pairs[one, other], circle.share("nearness"))
    return pairs | {(slug, slug): 1.0 for slug in professions}


def care_area_pairs(rules: Entry, groups: Mapping[str, Group], groups_of: Mapping[str, tuple[str, ...]]) -> Pairs:
    """Return the nearness of every pair of care areas: by group, branch and link, by named pair, and with any."""
    by_group = _group_pairs(rules, groups)
    same = rules.share("same")
    pairs: dict[tuple[str, str], float] = {}
    for one, other in product(groups_of, repeat=2):
        shared = [by_group[pair] for pair in product(groups_of[one], groups_of[other])]
        pairs[one, other] = same if one == other else max(shared, default=0.0)
    for named in rules.items("pairs"):
        one, other, near = _pair(named, groups_of, 3)
        for pair in ((one, other), (other, one)):
            pairs[pair] = max(pairs[pair], near)
    for slug, near_any in rules.entries("with_any"):
        if slug not in groups_of:
            raise VocabularyError(f"{near_any.where}: {slug!r} is not known")
        for other in groups_of:
            for pair in ((slug, other), (other, slug)):
                pairs[pair] = max(pairs[pair], near_any.as_share())
    return pairs


def _group_pairs(rules: Entry, groups: Mapping[str, Group]) -> Pairs:
    pairs: dict[tuple[str, str], float] = {}
    for one, other in product(groups, repeat=2):
        pairs[one, other] = 0.0
        if one == other:
            pairs[one, other] = rules.share("same_group")
        elif groups[one].branch == groups[other].branch:
            pairs[one, other] = rules.share("same_branch")
    linked = rules.at("linked_groups")
    for named in linked.items("pairs"):
        one, other, _ = _pair(named, groups, 2)
        for pair in ((one, other), (other, one)):
            pairs[pair] = max(pairs[pair], linked.share("nearness"))
    return pairs


def _pair(named: Entry, known: Collection[str], length: int) -> tuple[str, str, float]:
    if not isinstance(named.value, list) or len(named.value) != length:
        raise VocabularyError(f"{named.where}: a list of {length} is needed")
    one, other = (Entry(named.where, value).slug_in(known) for value in named.value[:2])
    return one, other, Entry(named.where, named.value[2]).as_share() if length == 3 else 1.0


def stage_pairs(rules: Entry, stages: Mapping[str, Stage]) -> Pairs:
    """Return the nearness of every (person, volunteer) pair of stages, by the steps the volunteer is ahead."""
    steps = rules.at("steps")
    figures = {step: Entry(f"{steps.where}.{step}", value).as_share() for step, value in steps.value.items()}
    least, most = min(figures), max(figures)
    if sorted(figures) != list(range(least, most + 1)):
        raise VocabularyError(f"{steps.where}: the steps have a gap")
    pairs: dict[tuple[str, str], float] = {}
    for person, volunteer in product(stages, repeat=2):
        behind, ahead = stages[person].order, stages[volunteer].order
        if behind is not None and ahead is not None:
            pairs[person, volunteer] = figures[min(max(ahead - behind, least), most)]
        else:
            pairs[person, volunteer] = rules.share("unordered_same" if person == volunteer else "unordered_other")
    return pairs


def theme_pairs(rules: Entry, themes: Mapping[str, Theme]) -> Pairs:
    """Return the nearness of every pair of themes: the same, in the same cluster, or 0."""
    same, same_cluster = rules.share("same"), rules.share("same_cluster")
    return {
        (one, other): same if one == other else same_cluster * bool(themes[one].clusters & themes[other].clusters)
        for one, other in product(themes, repeat=2)
    }
