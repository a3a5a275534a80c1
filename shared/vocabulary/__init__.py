"""The words people choose from, how near one is to another, and the default figures, as checked data."""

from shared.vocabulary.loading import read_crisis_lines, vocabulary
from shared.vocabulary.model import DAYS, Vocabulary
from shared.vocabulary.reading import VocabularyError

__all__ = ["DAYS", "Vocabulary", "VocabularyError", "read_crisis_lines", "vocabulary"]
