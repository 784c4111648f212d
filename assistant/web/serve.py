"""Serves the page: on loopback unless told otherwise, offline, until Ctrl-C."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import passwords, resources
from assistant.errors import SettingsError
from assistant.holdings import OnProgress
from assistant.passwords import Users
from assistant.settings import Settings
from assistant.web.about import is_loopback

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_LOG = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_SCRIPTS = ("say.js", "keys.js", "prompt.js", "indexes.js", "page.js", "history.js", "reader.js")
_STYLES = (
    "page.css",
    "history.css",
    "bar.css",
    "reader.css",
    "documents.css",
    "evaluate.css",
    "settings.css",
)
_ADDING = "adding-samples"


def launch(
    settings: Settings,
    *,
    index: str | None = None,
    open_browser: bool = False,
    samples: bool = False,
    mcp: bool = False,
    announce: Callable[[str], None] | None = None,
    on_progress: OnProgress | None = None,
) -> None:
    """Build the page for an index and serve it until Ctrl-C.

    ``samples`` adds the sample documents to the default index if nothing was
    ever added to it; ``on_progress`` hears how far that is. With ``mcp``, MCP
    clients are answered beside the page. ``announce`` is called with the page's
    address once it answers.
    """
    from assistant.assistant import Assistant

    who_may_log_in(settings)
    with Assistant.open(index, settings=settings) as assistant:
        if samples and index is None:
            add_samples(assistant, on_progress=on_progress)
        threading.Thread(target=_warm_up, args=(assistant,), daemon=True).start()
        with serve(assistant, open_browser=open_browser, mcp=mcp) as address:
            if announce:
                announce(address)
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                _LOG.info("Interrupted; closing the page")


@contextmanager
def serve(assistant: Assistant, *, open_browser: bool = False, mcp: bool = False) -> Iterator[str]:
    """Serve the page on a thread of its own while the context lasts; yields its address."""
    settings = assistant.settings
    users = who_may_log_in(settings)
    port = _free_port(settings)
    keep_offline()
    fetch_nothing()
    from starlette.middleware import Middleware

    from assistant.indexes import Indexes
    from assistant.web.bodies import Bodies
    from assistant.web.gate import USER, Gate
    from assistant.web.guard import Guard
    from assistant.web.labels import Speaking
    from assistant.web.look import theme
    from assistant.web.page import build

    beside = _beside(assistant) if mcp else {}
    indexes = Indexes(assistant)
    page = build(indexes).queue(max_size=settings.waiting, api_open=False)
    try:
        _, address, _ = page.launch(
            server_name=settings.host,
            server_port=port,
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            show_error=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            footer_links=[],
            max_file_size=f"{settings.max_file_mb:g}mb",
            state_session_capacity=1000,
            app_kwargs={
                "middleware": [
                    Middleware(Guard, host=settings.host),
                    Middleware(Speaking, chosen=lambda: assistant.settings.language),
                    *([Middleware(Gate, users=users)] if users else []),
                    Middleware(Bodies, upload_mb=settings.max_upload_mb),
                ],
                "docs_url": None,
                "redoc_url": None,
                "openapi_url": None,
                **beside,
            },
            auth_dependency=(lambda request: request.scope.get(USER)) if users else None,
            theme=theme(),
            css=_read(*_STYLES),
            head=f"<style>{_read('frame.css')}</style><script>{_read(*_SCRIPTS)}</script>",
        )
        yield address
    finally:
        page.close(verbose=False)
        indexes.close()


def who_may_log_in(settings: Settings) -> Users | None:
    """Return who may use the page, or None where anybody on this machine may.

    Raises :class:`SettingsError` where others could reach it without a password.
    """
    users = passwords.users(settings)
    if users is None and not is_loopback(settings.host):
        raise SettingsError(
            f"On {settings.host!r} others than this machine could read your documents. Set a "
            "password as ASSISTANT_PASSWORD, or a file of users as ASSISTANT_USERS (`assistant "
            "password NAME` prints a line of it), or serve the page on 127.0.0.1."
        )
    return users


def add_samples(assistant: Assistant, *, on_progress: OnProgress | None = None) -> bool:
    """Add the sample documents to an index that never held any; tell whether it was done.

    An index that somebody has emptied stays empty. Interrupted, it goes on at
    the next start.
    """
    unfinished = assistant.folder / _ADDING
    if assistant.status().generation and not unfinished.exists():
        return False
    _LOG.info("Adding the sample documents to the index %r", assistant.name)
    unfinished.touch()
    assistant.add([resources.samples_folder()], on_progress=on_progress)
    unfinished.unlink()
    return True


def keep_offline() -> None:
    """Tell Gradio, before it is imported, to ask nothing of any server elsewhere."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")


def _beside(assistant: Assistant) -> dict[str, Any]:
    """Return what the application is made with to answer MCP clients, too."""
    from assistant import mcp_server

    routes, lifespan = mcp_server.mounted(assistant)
    return {"routes": routes, "lifespan": lifespan}


def fetch_nothing() -> None:
    """Have Gradio take files only as uploads.

    It would fetch any address that somebody names as the path of a file, from
    wherever this server can reach.
    """
    import gradio as gr
    from gradio import processing_utils

    async def refuse(url: str, cache_dir: str) -> str:  # noqa: ARG001 - called by name
        raise gr.Error(f"{url!r} is not fetched: upload the file.", print_exception=False)

    processing_utils.async_ssrf_protected_download = refuse


def _read(*names: str) -> str:
    return "".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def _free_port(settings: Settings) -> int:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"The page can't be served on {settings.host}, port {settings.port}: "
                f"{error.strerror}. Set another with --port or ASSISTANT_PORT; 0 picks a free one."
            ) from error
        return int(probe.getsockname()[1])


def _warm_up(assistant: Assistant) -> None:
    """Load the models before the first question does; a failure shows there, in words."""
    try:
        assistant.warm_up()
    except Exception:  # noqa: BLE001 - the first question will meet it again, and say it
        _LOG.info("The models could not be loaded ahead", exc_info=True)
