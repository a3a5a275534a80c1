"""Rows with sealed values, as the vault takes them."""

from collections.abc import Mapping
from typing import ClassVar

from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem


class Sealed:
    """A row with sealed values; `columns` says under which column each purpose lies."""

    ref: str
    columns: ClassVar[Mapping[Purpose, str]]

    def item(self, purpose: Purpose) -> SealedItem:
        """Return what is sealed for `purpose`, as the vault takes it; it has to be there."""
        return SealedItem(str(getattr(self, self.columns[purpose])), self.ref, purpose)

    def items(self, *purposes: Purpose) -> list[SealedItem]:
        """Return what is left of `purposes`, or of all."""
        return [self.item(each) for each in purposes or self.columns if getattr(self, self.columns[each]) is not None]
