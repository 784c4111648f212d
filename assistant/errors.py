"""Every error a user can meet, in one tree.

    AssistantError
    ├── SettingsError        a setting has a value that can't be used
    ├── LoadError            one file can't be read; the others go on
    │   ├── UnsupportedFormat    no loader knows this kind of file
    │   ├── EmptyDocument        the file holds no text
    │   ├── EncryptedDocument    the file needs a password
    │   └── CorruptDocument      the file is damaged, or not what its name says
    ├── StoreError           something is wrong with an index
    │   ├── IndexNotFound        no index of this name
    │   ├── IndexMismatch        built by another model or another version
    │   ├── IndexBusy            another process is writing
    │   ├── StoreUnavailable     the Chroma server can't be reached, or serves something else
    │   ├── ArchiveError         an exported index can't be written or read
    │   ├── DocumentNotFound     the index holds no document of this name
    │   └── ConversationNotFound  there is no conversation of this id
    ├── EncoderError         the embedding model can't be loaded or checked
    ├── QueryError           a limit in a question can't be understood
    ├── Stopped              somebody ended a long piece of work before it was done
    ├── PromptError          a prompt file lacks a variable, or names one too many
    └── ModelError           the language model can't be reached, or failed

Each message names the value at fault and says what to do next.
"""

from __future__ import annotations


class AssistantError(Exception):
    """The root of the tree: catch it to catch everything this package raises."""


class SettingsError(AssistantError):
    """A setting has a value that can't be used."""


class QueryError(AssistantError):
    """A limit in a question can't be understood."""


class LoadError(AssistantError):
    """One file can't be read; the others go on."""


class UnsupportedFormat(LoadError):
    """No loader knows this kind of file."""


class EmptyDocument(LoadError):
    """The file holds no text."""


class EncryptedDocument(LoadError):
    """The file needs a password."""


class CorruptDocument(LoadError):
    """The file is damaged, or is not what its name says."""


class StoreError(AssistantError):
    """Something is wrong with an index."""


class IndexNotFound(StoreError):
    """There is no index of this name."""


class IndexMismatch(StoreError):
    """The index was built by another model, or by another version of this program."""


class IndexBusy(StoreError):
    """Another process is writing to the index."""


class StoreUnavailable(StoreError):
    """The Chroma server can't be reached, or serves another state of the index."""


class ArchiveError(StoreError):
    """An exported index can't be written, or can't be trusted."""


class DocumentChanged(StoreError):
    """A document went, or became another one, while an answer was made from it."""


class DocumentNotFound(StoreError):
    """The index holds no document of this name."""


class ConversationNotFound(StoreError):
    """There is no conversation of this id, or it is somebody else's."""


class EncoderError(AssistantError):
    """The embedding model can't be loaded, or is not the one it should be."""


class Stopped(AssistantError):
    """Somebody ended a long piece of work before it was done."""


class PromptError(AssistantError):
    """A prompt file lacks a variable, or names one that is not given."""


class ModelError(AssistantError):
    """The language model can't be reached, or failed."""
