"""A small city, run once, a real service on it with people who log in, and a real browser.

Whatever a page does in these tests: it may ask no host but the service, and complain of nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfinder.casebook import people
from ringfinder.casebook.database import open_casebook
from ringfinder.claims.city import make_city
from ringfinder.pipeline.steps import Order, run
from ringfinder.report.files import read_results
from ringfinder.report.results import Results
from ringfinder.workspace import Workspace
from ringfinder_viz.webapp import INDEX, app_files
from tests import browser as machine
from tests.api.conftest import Served, serving, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
PASSWORD = "seven brown bears at dawn"
PEOPLE = {
    "lin": (("analyst", "supervisor"), None),
    "viewer": (("viewer",), None),
    "boss": (("admin",), None),
    "north": (("investigator",), ("340806",)),
    "tips": (("tip_officer",), None),
}
# What a browser without a graphics card says of itself, and of an answer that is an error and is shown as one.
NO_COMPLAINT = ("GL Driver Message", "Failed to load resource")
Open = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


def enrol(workspace: Path) -> None:
    """Make the people, each with the password."""
    with open_casebook(workspace) as book:
        for name, (roles, districts) in PEOPLE.items():
            made = people.create(book, name, roles, districts, "password", "test")
            assert isinstance(made, people.User)
            secret = people.invite(book, made.user_id, "test")
            assert isinstance(secret, str)
            people.accept(book, secret, None, PASSWORD)


@pytest.fixture(scope="session")
def built() -> None:
    """The app is there."""
    assert INDEX in app_files(), "the app is not built; run `make app`"


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one run of a city of 3,000 people, and the people who look at it; only to be read."""
    folder = tmp_path_factory.mktemp("app")
    make_city(folder / "claims", people=3000, seed=1, rings=6)
    run(Order(folder / "claims", Workspace(folder / "workspace")))
    enrol(folder / "workspace")
    return folder / "workspace"


@pytest.fixture(scope="session")
def results(city: Path) -> Results:
    """What was found in it."""
    return read_results(Workspace(city).needed().results)


@pytest.fixture(scope="session")
def service(city: Path, built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service on a copy of that workspace, ready."""
    place = tmp_path_factory.mktemp("app-served") / "workspace"
    shutil.copytree(city, place)
    with serving(place) as served:
        until(served.ready)
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser, closed with its module: Playwright keeps an event loop running in its thread until then."""
    with machine.opened() as started:
        yield started


@contextmanager
def watched(chromium: Browser, url: str, lang: str = "en", **options: Any) -> Iterator[Page]:
    """A page of its own that asked nobody else and complained of nothing when it ends."""
    asked: list[str] = []
    complaints: list[str] = []
    locale = "zh-CN" if lang == "zh" else "en-GB"
    context = chromium.new_context(
        base_url=url, locale=locale, **({"viewport": {"width": 1280, "height": 900}} | options)
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: None if any(one in message.text for one in NO_COMPLAINT) else complaints.append(message.text),
    )
    yield page
    context.close()
    assert [one for one in asked if not one.startswith((url, "blob:", "data:"))] == []
    assert complaints == []


def login(page: Page, name: str = "lin", place: str = "/app/") -> None:
    """Open a place of the app as somebody."""
    page.goto(place)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.locator(".me").wait_for()


@pytest.fixture
def open_as(service: Served, chromium: Browser) -> Open:
    """Opens a place of the app as somebody: (name, place, lang)."""

    @contextmanager
    def opened(name: str = "lin", place: str = "/app/", lang: str = "en", **options: Any) -> Iterator[Page]:
        with watched(chromium, service.url, lang, **options) as page:
            login(page, name, place)
            yield page

    return opened
