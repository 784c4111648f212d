"""All settings in one value: defaults < assistant.toml < ASSISTANT_* environment < arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError
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


def _default_indexes() -> Path:
    top = resources.checkout()
    if top is not None:
        return top / "indexes"
    return Path(platformdirs.user_data_dir("cited-assistant", appauthor=False)) / "indexes"


class Settings(BaseSettings):
    """Everything that can be set; ``load`` reads it and explains what can't be used."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    index: str = Field("default", description="the index used where none is named")
    indexes: Path = Field(
        default_factory=_default_indexes, description="the folder that holds the indexes"
    )
    encoder: str = Field(
        BUNDLED_ENCODER,
        description="the embedding model: a sentence-transformers name or folder",
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
    max_file_mb: float = Field(200.0, gt=0, description="largest file that is read, in megabytes")
    host: str = Field("127.0.0.1", description="address the chat page is served on")
    port: int = Field(7860, ge=0, le=65535, description="port of the chat page; 0 picks a free one")

    @classmethod
    def load(cls, **arguments: Any) -> Settings:
        """Read the settings from file and environment; arguments that are not None win.

        Raises :class:`SettingsError`, naming each setting at fault and its value.
        """
        given = {key: value for key, value in arguments.items() if value is not None}
        try:
            return cls(**given)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc']))} = {fault['input']!r}: {fault['msg']}"
                for fault in error.errors(include_url=False)
            )
            raise SettingsError(
                f"Settings that can't be used: {faults}. "
                f"Mend them in {SETTINGS_FILE}, the ASSISTANT_* environment or the arguments."
            ) from None
        except ValueError as error:
            raise SettingsError(f"{SETTINGS_FILE} can't be read: {error}") from None

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
