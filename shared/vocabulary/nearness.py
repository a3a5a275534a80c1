"""Working out every nearness from the rules in the data. The largest rule that holds wins."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import product

from marshmallow import ValidationError

from shared.vocabulary.model import Group, Pairs, Stage, Theme
from shared.vocabulary.reading import Share


@dataclass(frozen=True)
class _Circle:
    members: tuple[str, ...]
    nearness: Share


@dataclass(frozen=True)
class ProfessionRules:
    """Circles of members, a default, and 1 for the same."""

    default: Share
    circles: tuple[_Circle, ...]

    def all_pairs(self, professions: Collection[str]) -> Pairs:
        pairs = dict.fromkeys(product(professions, professions), self.default)
        for circle in self.circles:
            for one, other in product(circle.members, repeat=2):
                pairs[one, other] = max(pairs[one, other], circle.nearness)
        return pairs | {(slug, slug): 1.0 for slug in professions}


@dataclass(frozen=True)
class _LinkedGroups:
    nearness: Share
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CareAreaRules:
    """By group, branch and link, by named pair, and with any; 1 for the same."""

    same_group: Share
    same_branch: Share
    with_any: Mapping[str, Share]
    linked_groups: _LinkedGroups
    pairs: tuple[tuple[str, str, Share], ...]

    def all_pairs(self, groups_of: Mapping[str, Collection[str]], groups: Mapping[str, Group]) -> Pairs:
        by_group = self._group_pairs(groups)
        pairs = {
            (one, other): max((by_group[pair] for pair in product(groups_of[one], groups_of[other])), default=0.0)
            for one, other in product(groups_of, repeat=2)
        }
        anywhere = [(slug, other, near) for slug, near in self.with_any.items() for other in groups_of]
        for one, other, near in (*self.pairs, *anywhere):
            pairs[one, other] = pairs[other, one] = max(pairs[one, other], near)
        return pairs | {(slug, slug): 1.0 for slug in groups_of}

    def _group_pairs(self, groups: Mapping[str, Group]) -> Pairs:
        pairs = {
            (one, other): self.same_branch * (groups[one].branch == groups[other].branch)
            for one, other in product(groups, repeat=2)
        }
        for one, other in self.linked_groups.pairs:
            pairs[one, other] = pairs[other, one] = max(pairs[one, other], self.linked_groups.nearness)
        return pairs | {(slug, slug): self.same_group for slug in groups}


@dataclass(frozen=True)
class StageRules:
    """By the steps that the volunteer is ahead; further steps count as the last ones. Off the ladder by pair."""

    steps: Mapping[int, Share]
    unordered_same: Share
    unordered_other: Share
    pairs: tuple[tuple[str, str, Share], ...] = ()

    def __post_init__(self) -> None:
        if not self.steps or sorted(self.steps) != list(range(min(self.steps), max(self.steps) + 1)):
            raise ValidationError("They have a gap.", "steps")

    def all_pairs(self, stages: Mapping[str, Stage]) -> Pairs:
        """Return the nearness of every (person, volunteer) pair."""
        pairs = {
            (person, volunteer): self._near(stages[person].order, stages[volunteer].order, same=person == volunteer)
            for person, volunteer in product(stages, repeat=2)
        }
        for one, other, near in self.pairs:
            pairs[one, other] = pairs[other, one] = near
        return pairs

    def _near(self, behind: int | None, ahead: int | None, *, same: bool) -> float:
        if behind is None or ahead is None:
            return self.unordered_same if same else self.unordered_other
        return self.steps[min(max(ahead - behind, min(self.steps)), max(self.steps))]


@dataclass(frozen=True)
class ThemeRules:
    """1 for the same, less in the same cluster, else 0."""

    same_cluster: Share

    def all_pairs(self, themes: Mapping[str, Theme]) -> Pairs:
        pairs = {
            (one, other): self.same_cluster * bool(themes[one].clusters & themes[other].clusters)
            for one, other in product(themes, repeat=2)
        }
        return pairs | {(slug, slug): 1.0 for slug in themes}
