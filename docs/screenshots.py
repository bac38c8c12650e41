"""docs/ring.png, app-alerts.png and app-ring.png: a ring of a sample city, exported, and in the app, in a real browser; and every screen of
the app in both languages, with their page: docs/screens.md and docs/screens/. Made by `make screenshots`.

The city is README's: 6,000 people, ten planted rings, seed 1; nobody in it is real. The ring is its surest one of a kind that
shows people, doctors, a hospital, an agent and an account.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ringfinder.claims.city import make_city
from ringfinder.pipeline.graphs import open_graph
from ringfinder.pipeline.pictures import picture_of
from ringfinder.pipeline.steps import Order, run
from ringfinder.report.files import read_results
from ringfinder.words import LANGUAGES
from ringfinder.workspace import Workspace
from tests.api.conftest import serving, until
from tests.app.conftest import enrol, login
from tests.app.test_access_for_all import SCREENS, places_of
from tests.browser import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser, Page

DOCS = Path(__file__).parent
KIND = "paid_referral"
WIDTH, HEIGHT = 1280, 1260
APP_HEIGHTS = {"alerts": 620, "ring": 1180}
COLOURS = 255  # enough for a drawing, and a third of the bytes
# Screens of the app, by what they are called in tests/app/test_access_for_all.py: what is to be seen, in English and Chinese. Who has to
# log in, who has no run yet and who keeps the people are the three that stand outside that list.
SHOWN = {
    "login": ("Logging in", "登录"),
    "first run": ("An empty installation", "首次运行"),
    "alerts": ("All groups, the surest first", "全部团伙，把握最大的在前"),
    "ring": ("A ring, with the claims of a reason", "一个团伙，以及一条依据所指的费用"),
    "members": ("Who is in it, and one of them chosen", "成员，以及选中的一人"),
    "beside somebody like them": (
        "Members side by side, and one beside somebody like them",
        "比较成员，以及与情况相近的人比较",
    ),
    "entity": ("The page of a patient", "参保人页面"),
    "search": ("Search", "查找"),
    "map": ("All groups at a glance", "全部团伙总览"),
    "map on the ground": ("Where groups meet, month by month", "团伙在何处聚集，逐月播放"),
    "query": ("A question of the library", "问题库里的一个问题"),
    "free": ("One's own Cypher", "自己写 Cypher"),
    "cases": ("The work list of cases", "案件列表"),
    "inquiry": ("A case: inquiry, and a decision that is proposed", "案件：调查，以及拟定决定"),
    "tips": ("Tips", "举报"),
    "watch list": ("The watch list", "关注名单"),
    "screening": ("Which facility is looked at next", "接下来检查哪家机构"),
    "self-checks": ("Lists of questions for facilities", "自查表"),
    "statistics": ("A report", "统计报告"),
    "runs": ("Runs, and what other thresholds would change", "运行，以及改变预警标准会怎样"),
    "people": ("People and their roles", "用户与角色"),
}
SCREEN = {"width": 1200, "height": 750}
FEW = 200  # colours of a screen, so that no kind of ring loses its own; all of them together stay below MOST bytes
MOST = 1_500_000
LOCALES = {"en": "en-GB", "zh": "zh-CN"}


def main() -> None:
    """Make the city, find its rings, draw one, look at it, and at the app."""
    with tempfile.TemporaryDirectory(prefix="ringfinder-screenshots-") as folder:
        place = Workspace(Path(folder) / "workspace")
        make_city(Path(folder) / "city", people=6000, seed=1, rings=10)
        run(Order(Path(folder) / "city", place))
        stored = place.needed()
        rings = read_results(stored.results).rings
        ring = next(ring for ring in rings if ring.kind == KIND)
        file = Path(folder) / "ring.html"
        with open_graph(stored, place) as store:
            file.write_text(picture_of(store, stored, ring.ring_id, "en").html(), encoding="utf-8")
        with opened() as browser:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(file.as_uri())
            page.evaluate("() => new Promise((drawn) => { network.once('afterDrawing', drawn); network.redraw(); })")
            keep(page.screenshot(), "ring")
            of_app(browser, place.folder, ring.ring_id)
            of_screens(browser, place.folder, Path(folder) / "empty")
    (DOCS / "screens.md").write_text(screens_page(), encoding="utf-8")


def of_app(browser: Browser, workspace: Path, ring_id: str) -> None:
    """The work list and that ring, as an investigator sees them."""
    enrol(workspace)
    with serving(workspace) as service:
        until(service.ready)
        page = browser.new_page(base_url=service.url, locale="en-GB")
        login(page)
        for name, path, there in (
            ("alerts", "/app/", "tbody tr[aria-rowindex]"),
            ("ring", f"/app/rings/{ring_id}", ".canvas canvas"),
        ):
            page.set_viewport_size({"width": WIDTH, "height": APP_HEIGHTS[name]})
            page.goto(path)
            drawn(page, there)
            keep(page.screenshot(), f"app-{name}")


def of_screens(browser: Browser, workspace: Path, empty: Path) -> None:
    """Every screen in both languages; of the empty workspace the only one that it has."""
    with serving(workspace) as service:
        until(service.ready)
        places = places_of(service, read_results(Workspace(workspace).needed().results))
        for lang in LANGUAGES:
            page = fresh(browser, service.url, lang)
            page.goto("/app/")
            screen(page, "login", "input[name=name]", lang)
            login(page)
            for name in SHOWN.keys() & SCREENS.keys():
                path, there = SCREENS[name]
                page.goto(path.format(**places))
                screen(page, name, there, lang)
            login(page := fresh(browser, service.url, lang), "boss", "/app/people")
            screen(page, "people", "tbody tr", lang)
    Workspace(empty).folder.mkdir()
    enrol(empty)
    with serving(empty) as service:
        for lang in LANGUAGES:
            login(page := fresh(browser, service.url, lang))
            screen(page, "first run", ".start", lang)


def fresh(browser: Browser, url: str, lang: str) -> Page:
    """A page of somebody who reads that language."""
    return browser.new_context(base_url=url, locale=LOCALES[lang], viewport=SCREEN).new_page()  # type: ignore[arg-type]


def screen(page: Page, name: str, there: str, lang: str) -> None:
    """Keep what stands on it, once all of it does."""
    drawn(page, there)
    file = DOCS / "screens" / f"{called(name)}.{lang}.webp"
    file.parent.mkdir(exist_ok=True)
    few = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(FEW).convert("RGB")
    few.save(file, lossless=True, method=6)


def drawn(page: Page, there: str) -> None:
    """Wait until all that stands on a page is drawn."""
    page.locator(there).first.wait_for()
    page.wait_for_load_state("networkidle")
    page.locator(".waiting").first.wait_for(state="detached")
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def called(name: str) -> str:
    """A screen in the name of a file."""
    return name.replace(" ", "-")


def screens_page(shown: Mapping[str, tuple[str, str]] = SHOWN) -> str:
    """docs/screens.md."""
    lines = ["# Every screen of the app, in both languages", ""]
    lines += [
        "A sample city of 6,000 people, of whom nobody is real. [The investigator's app](investigator.md) tells what is done where; "
        "`make screenshots` makes this page."
    ]
    for name, (en, zh) in shown.items():
        lines += ["", f"## {en} · {zh}", ""]
        lines += [f"![{told}](screens/{called(name)}.{lang}.webp)" for lang, told in (("en", en), ("zh", zh))]
    return "\n".join(lines) + "\n"


def keep(picture: bytes, name: str) -> None:
    """Write it with few colours."""
    seen = Image.open(io.BytesIO(picture))
    seen.convert("RGB").quantize(COLOURS).save(DOCS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
