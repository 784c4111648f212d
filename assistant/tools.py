"""What programs ask for by name: the same calls for the page's endpoints and for MCP.

Annotations are evaluated, not strings: the endpoints and the tools describe
themselves by them.
"""

from typing import Annotated, Literal

from pydantic import Field

from assistant.excerpts import check_view
from assistant.holdings import DocumentInfo
from assistant.indexes import Indexes
from assistant.types import Answer, Excerpt, Hit

LONGEST_QUESTION = 4000
"""Characters of a question that are read."""
AT_ONCE = 4
"""Questions answered at the same time; the others wait their turn."""
BUSY = "Too many questions are waiting already. Ask again in a moment."

Question = Annotated[
    str,
    Field(
        max_length=LONGEST_QUESTION,
        description="the question; it may hold limits, as in "
        '"exact words" -word document:NAME folder:NAME type:pdf date:2009..2011 page:3-5',
    ),
]
Count = Annotated[int, Field(ge=1, le=100, description="how many passages to find")]
MaybeCount = Annotated[
    int | None,
    Field(ge=1, le=100, description="passages the answer may draw on; null for the usual number"),
]
View = Annotated[
    Literal["passages", "evidence"],
    Field(description="whole passages, or only their strongest sentences within a budget"),
]
Budget = Annotated[
    int | None, Field(ge=1, le=1_000_000, description='the budget of the view "evidence"')
]
IndexName = Annotated[
    str, Field(max_length=1000, description="the index, by its name; empty for the one served")
]
Within = Annotated[
    list[str] | None,
    Field(description="names of documents, as they are listed, to look in; null for all"),
]


class Tools:
    """The calls. What they return becomes the JSON that the command line writes."""

    def __init__(self, indexes: Indexes) -> None:
        """Take the indexes that answer."""
        self.indexes = indexes

    def ask(
        self,
        question: Question,
        passages: MaybeCount = None,
        index: IndexName = "",
        within: Within = None,
    ) -> Answer:
        """Answer a question from the documents, or refuse it.

        Each claim has its verdict, each citation its document, page, offsets and quote.
        """
        assistant = self.indexes.get(index)
        return assistant.ask(question, passages=passages, within=within or ())

    def retrieve(
        self,
        question: Question,
        k: Count = 8,
        view: View = "passages",
        characters: Budget = None,
        tokens: Budget = None,
        index: IndexName = "",
        within: Within = None,
    ) -> list[Hit] | list[Excerpt]:
        """Find the passages, or the sentences, that bear most on a question, best first."""
        check_view(view, characters, tokens)
        assistant, names = self.indexes.get(index), within or ()
        if view == "passages":
            return assistant.retrieve(question, k, within=names)
        return assistant.retrieve(
            question, k, view=view, characters=characters, tokens=tokens, within=names
        )

    def documents(self, index: IndexName = "") -> list[DocumentInfo]:
        """List the documents: name, title, pages, passages, and what was read of each."""
        return self.indexes.get(index).documents()
