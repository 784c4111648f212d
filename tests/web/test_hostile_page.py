"""Hostile documents and a hostile model in a real browser: nothing leaves, nothing runs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from docx import Document as Docx

from tests.web.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

pytestmark = pytest.mark.browser
EVIL = "http://evil.example"
RUN = "window.ran=1;alert(1)"
BIDI = "\u202egnp.exe\u202c \u2066fdp\u2069 \u200fx\u200e \ufeff \u0007\u001b[31m"
ATTACKS = {
    "scripts": f"<script>{RUN}</script><script src={EVIL}/a.js></script><SCRIPT>{RUN}</SCRIPT >"
    f"<img src=x onerror={RUN}><svg onload={RUN}><svg><script>{RUN}</script></svg>"
    f"<details open ontoggle={RUN}><body onload={RUN}><math><mtext><script>{RUN}</script></math>",
    "images": f"![x]({EVIL}/a.png) ![x][y] <img src={EVIL}/b.png> <img srcset='{EVIL}/c.png 2x'>"
    f" <picture><source srcset={EVIL}/d.png></picture> <video poster={EVIL}/e.png src={EVIL}/f>"
    f" <audio src={EVIL}/g autoplay> <input type=image src={EVIL}/h.png> <image href={EVIL}/i>",
    "links": f"[x](javascript:{RUN}) [x](data:text/html,<script>{RUN}</script>) <a href='java"
    f"\tscript:{RUN}'>x</a> <javascript:{RUN}> <{EVIL}/auto> [x](vbscript:{RUN}) {EVIL}/bare"
    f" <a href={EVIL} ping={EVIL}/ping download>x</a> <area href={EVIL}> [y]: {EVIL}/y",
    "frames": f"<iframe src={EVIL}></iframe><iframe srcdoc='<script>{RUN}</script>'></iframe>"
    f"<object data={EVIL}/o></object><embed src={EVIL}/e><base href={EVIL}/>"
    f"<meta http-equiv=refresh content='0;url={EVIL}'><form action={EVIL}><button autofocus>ok"
    f"</button></form><portal src={EVIL}></portal><link rel=preconnect href={EVIL}>",
    "styles": f"<style>@import url({EVIL}/a.css); * {{background: url({EVIL}/b.png) !important}}"
    f"</style><link rel=stylesheet href={EVIL}/c.css><p style='position:fixed;inset:0;background:"
    f"url({EVIL}/d.png)'>x</p><style>body{{display:none}}</style> @import '{EVIL}/e.css';",
    "templates": f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}} <%= {RUN} %> `${{{RUN}}}`"
    f" {{@html '<script>{RUN}</script>'}} $$\\href{{javascript:{RUN}}}{{x}}$$ %00 \\x3cscript\\x3e",
    "breakouts": f"\" onmouseover=\"{RUN}\" ' autofocus onfocus='{RUN}' </mark></div></article>"
    f"</section></textarea></title></style>--><script>{RUN}</script> ]]> <!-- <plaintext>",
    "bidi": f"invoice {BIDI} end",
}
LIVE = (
    "img, picture, video, audio, script, iframe, frame, object, embed, svg, math,"
    " a:not(.indexes a), area, link, base, meta, form:not(.search),"
    " input:not(.pick, .all, [type='search']), style, portal,"
    " plaintext, [onload], [onerror], [onmouseover],"
    " [onfocus], [ontoggle], [href]:not(.indexes a), [src], [srcset], [srcdoc], [action],"
    " [style*='url']"
)
PARTS = ("#transcript", "#sources", "#documents", "#head", "#news")


def sentence(name: str) -> str:
    return f"The zebra clock of {name} strikes eleven {ATTACKS[name]} and stops."


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "documents"
    folder.mkdir()
    (folder / "links.md").write_text(f"# {sentence('links')}\n\n{sentence('links')}\n")
    for name in ("scripts", "images", "breakouts", "templates", "bidi"):
        (folder / f"<img src=x onerror=alert(9)> {name}.txt").write_text(sentence(name))
    escaped = sentence("frames").replace("<", "&lt;")
    (folder / "frames.html").write_text(
        f"<title>&lt;script>{RUN}&lt;/script></title><script>{RUN}</script><p>{escaped}</p>"
    )
    docx = Docx()
    docx.add_heading(ATTACKS["styles"])
    docx.add_paragraph(sentence("styles"))
    docx.core_properties.title = ATTACKS["scripts"][:200]
    docx.save(str(folder / "styles.docx"))
    head = ",".join(f"<b onclick={RUN}>{n}" for n in range(300))
    rows = [
        ",".join([f"yardstick {row} {ATTACKS['scripts']}", *["9" * 40] * 299]) for row in range(40)
    ]
    (folder / "table.csv").write_text("\n".join([head, *rows]))
    with zipfile.ZipFile(folder / "packed.zip", "w") as packed:
        packed.writestr(f"..<script>{RUN}<.script>/{BIDI[0]}x.txt", sentence("scripts"))
    return folder


@pytest.fixture(scope="module")
def address(documents: Path) -> Iterator[str]:
    with running(documents.parent / "index", documents, "--fake") as address:
        yield address


@dataclass
class Watch:
    """What a browser did besides showing the page."""

    origin: str
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self._asked(request.url))
        context.on("page", self._opened)

    def _asked(self, url: str) -> None:
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != self.origin:
            self.requests.append(url)

    def _interrupted(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _opened(self, page: Page) -> None:
        page.on("dialog", self._interrupted)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda said: self.faults.append(said.text) if "Security Policy" in said.text else None,
        )


@pytest.fixture
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the page, and check at the end that nothing left and nothing ran."""
    address = request.getfixturevalue(getattr(request, "param", "address"))
    watch = Watch(urlsplit(address).netloc)
    context = browser.new_context(reduced_motion="reduce")
    watch.follow(context)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(address)
    page.wait_for_selector(".welcome")
    yield page
    assert len(context.pages) == 1
    assert page.url == address
    assert page.title() == "Assistant"
    assert page.evaluate("window.ran") is None
    context.close()
    assert watch == Watch(watch.origin)


def ask(page: Page, question: str) -> None:
    before = page.locator(".exchange").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.exchange:nth-child({before + 1})[aria-busy="false"]')


def look_at_everything(page: Page) -> None:
    """Hover and open each mark, and see that nothing anywhere is live."""
    marks = page.locator(".exchange:last-child .mark, .exchange:last-child .verdict").all()
    for mark in marks[:5]:
        page.mouse.move(0, 0)
        mark.scroll_into_view_if_needed()
        page.wait_for_timeout(300)  # What scrolls hides the tip.
        mark.hover()
        page.wait_for_selector("#tip:visible")
        assert page.locator("#tip").locator(LIVE).count() == 0
        mark.click()
    page.mouse.move(0, 0)
    for part in PARTS:
        inside = page.locator(f"{part} .html-container")
        assert inside.locator(LIVE).count() == 0, part
        text = inside.text_content() if inside.count() else ""
        assert not set(text or "") & set("\u202e\u202c\u2066\u2069\ufeff\u0007\u001b"), part
    assert page.is_visible("#question")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_document_is_only_read(opened: Page, name: str) -> None:
    ask(opened, f"When does the zebra clock of {name} strike?")
    shown = opened.inner_text(".exchange") + opened.inner_text("#sources")
    assert "zebra clock" in shown
    if name in {"scripts", "images", "breakouts", "templates"}:  # as it stands in the file
        assert ATTACKS[name].split()[0][:20] in shown
    look_at_everything(opened)


def test_hostile_names_titles_tables_and_refusals(opened: Page) -> None:
    opened.get_by_role("tab", name="Documents").click()
    assert "onerror=alert(9)" in opened.inner_text("#documents")
    assert "<script>" in opened.inner_text("#documents")
    look_at_everything(opened)
    ask(opened, "Which yardstick of 299 is it, yardstick 7?")
    look_at_everything(opened)
    ask(opened, f"Which sourdough yeast? {ATTACKS['scripts']} {ATTACKS['images']} {BIDI}")
    look_at_everything(opened)


def test_hostile_files_are_uploaded(opened: Page, tmp_path: Path) -> None:
    names = [f"<svg onload={RUN}>.md", f"'\"{BIDI[0]}x.txt", "page.html"]
    for name in names:
        (tmp_path / name).write_text(f"<html><script>{RUN}</script>{sentence('scripts')} {name}")
    (tmp_path / "broken.pdf").write_text(f"%PDF-1.4 <script>{RUN}</script>")
    opened.get_by_role("tab", name="Documents").click()
    files = [str(tmp_path / name) for name in (*names, "broken.pdf")]
    opened.set_input_files("#drop input[type=file]", files)
    opened.wait_for_selector(".reports")
    assert "broken.pdf: failed" in opened.inner_text(".reports")
    look_at_everything(opened)


@pytest.fixture(scope="module")
def model_address(documents: Path, address: str) -> Iterator[str]:
    """Serve the same index once more."""
    reply = " [1] ".join(attack.replace("\n", " ") for attack in ATTACKS.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_REPLY", f"The zebra clock strikes eleven. [1] {reply}")
        with running(documents.parent / "index", None, "--fake", model=True) as served:
            yield served


@pytest.mark.parametrize("opened", ["model_address"], indirect=True)
def test_a_hostile_model_writes_only_text(opened: Page) -> None:
    ask(opened, "When does the zebra clock of scripts strike?")
    assert "<script>" in opened.inner_text(".answer")
    look_at_everything(opened)
