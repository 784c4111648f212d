"""All settings in one value: defaults < assistant.toml < ASSISTANT_* environment < arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import platformdirs
from pydantic import Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant import resources
from assistant.errors import SettingsError

BUNDLED_ENCODER = "all-MiniLM-L6-v2"
SETTINGS_FILE = "assistant.toml"
ENVIRONMENT = "ASSISTANT_"
"""What the names of variables of the environment that set something begin with."""


def _default_indexes() -> Path:
    top = resources.checkout()
    if top is not None:
        return top / "indexes"
    return Path(platformdirs.user_data_dir("cited-assistant", appauthor=False)) / "indexes"


class Settings(BaseSettings):
    """Everything that can be set; ``load`` reads it and explains what can't be used."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT, toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    index: str = Field("default", description="the index used where none is named")
    indexes: Path = Field(
        default_factory=_default_indexes, description="the folder that holds the indexes"
    )
    chroma_url: str = Field(
        "",
        description="address of a Chroma server for the vectors; empty keeps them in the index's "
        "folder",
    )
    encoder: str = Field(
        BUNDLED_ENCODER,
        description="the embedding model: a sentence-transformers name or folder",
    )
    device: Literal["", "cpu", "cuda", "mps"] = Field(
        "",
        description="where torch runs the embedding model; empty runs the bundled one on the "
        "processor without torch, and any other where torch finds it fastest",
    )
    reranker: str = Field(
        "",
        description="a cross-encoder that orders what was found: a sentence-transformers name or "
        "folder; empty does without",
    )
    model: str = Field(
        "", description="the language model, such as ollama:llama3.2:3b; empty answers without one"
    )
    base_url: str = Field("", description="address of an OpenAI-compatible or Ollama server")
    api_key: SecretStr = Field(
        SecretStr(""), description="key for the language model; empty leaves it to the provider"
    )
    timeout: float = Field(60.0, gt=0, description="seconds to wait for the language model")
    passages: int = Field(8, ge=1, le=100, description="passages an answer may draw on")
    context_tokens: int = Field(
        3000, ge=200, description="most tokens of passages sent to a language model"
    )
    unsupported: Literal["mark", "remove", "retry"] = Field(
        "mark",
        description="what happens to a language model's sentences that no passage supports: "
        "they are marked, removed, or the model is asked once more",
    )
    wrong_answers: float = Field(
        0.05,
        gt=0,
        lt=1,
        description="rate of questions without an answer in the documents that may be answered "
        "all the same; less refuses more",
    )
    max_file_mb: float = Field(200.0, gt=0, description="largest file that is read, in megabytes")
    max_pages: int = Field(5000, ge=1, description="most pages of a file that is read")
    max_expansion: int = Field(
        200, ge=1, description="how many times its size an archive or office file may unpack to"
    )
    max_seconds: float = Field(300.0, gt=0, description="seconds that reading one file may take")
    max_memory_mb: float = Field(
        2000.0, ge=300, description="memory that reading one file may take, in megabytes"
    )
    ocr: bool = Field(True, description="read scanned pages by OCR, where tesseract is installed")
    private_urls: bool = Field(
        False, description="whether pages may be added from private and local addresses"
    )
    language: Literal["", "en", "de", "es", "fr"] = Field(
        "", description="language of the chat page; empty is the one that a browser prefers"
    )
    host: str = Field("127.0.0.1", description="address the chat page is served on")
    port: int = Field(7860, ge=0, le=65535, description="port of the chat page; 0 picks a free one")
    waiting: int = Field(
        64, ge=1, description="questions that may wait for their turn; more are turned away"
    )
    max_uploads: int = Field(100, ge=1, description="most files that are uploaded at once")
    max_upload_mb: float = Field(
        1000.0, gt=0, description="most megabytes that are uploaded at once"
    )
    password: SecretStr = Field(
        SecretStr(""), description="what one has to know to use the chat page; empty asks nobody"
    )
    users: Path | None = Field(
        None, description="a file of name:hash lines: who may use the chat page"
    )

    _arguments: frozenset[str] = PrivateAttr(frozenset())

    @classmethod
    def load(cls, **arguments: Any) -> Self:
        """Read the settings from file and environment; arguments that are not None win.

        Raises :class:`SettingsError`, naming each setting at fault and its value.
        """
        return cls._checked({key: value for key, value in arguments.items() if value is not None})

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """Return the same settings but for some; raises :class:`SettingsError` as ``load`` does.

        Where the others come from does not change.
        """
        new = self._checked({**dict(self), **changes})
        new._arguments = self._arguments
        return new

    def overruled(self, name: str) -> Literal["", "argument", "environment"]:
        """Return what a setting comes from that is stronger than the file, if anything."""
        if name in self._arguments:
            return "argument"
        variables = {variable.upper() for variable in os.environ}
        return "environment" if f"{ENVIRONMENT}{name}".upper() in variables else ""

    @classmethod
    def _checked(cls, given: Mapping[str, Any]) -> Self:
        try:
            settings = cls(**given)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc']))} = {fault['input']!r}: {fault['msg']}"
                for fault in error.errors(include_url=False)
            )
            raise SettingsError(
                f"Settings that can't be used: {faults}. "
                f"Mend them in {SETTINGS_FILE}, the {ENVIRONMENT}* environment or the arguments."
            ) from None
        except ValueError as error:
            raise SettingsError(f"{SETTINGS_FILE} can't be read: {error}") from None
        settings._arguments = frozenset(given)
        return settings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the sources in order, the strongest first."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def index_folder(name_or_path: str | Path, settings: Settings) -> Path:
    """Return the folder of an index: a path as it is, a name inside the indexes' folder."""
    path = Path(name_or_path)
    if path.is_absolute() or len(path.parts) > 1:
        return path
    if path.name in {"", ".", ".."}:
        raise SettingsError(f"{str(name_or_path)!r} is no name for an index. Choose another.")
    return settings.indexes / path.name
