"""One mechanism to search the classifier and the knowledge base by residents' words (plain Python)."""

from .index import Document, Index, split_synonyms
from .query import highlight, term_groups, terms
from .stemming import stems
from .text import content_tokens, fold, tokenize

__all__ = [
    "Document",
    "Index",
    "content_tokens",
    "fold",
    "highlight",
    "split_synonyms",
    "stems",
    "term_groups",
    "terms",
    "tokenize",
]
