"""One ring as a page of its own: the section that the report gives it, whether or not it alerts."""

from __future__ import annotations

from importlib.resources import files

from ringfinder.report.alert import Case, alert_section
from ringfinder.report.figures import word
from ringfinder.report.html import element, raw
from ringfinder.report.register import Register
from ringfinder.words import Language, say


def page(case: Case, register: Register, lang: Language) -> str:
    """The whole file; it needs nothing from elsewhere. Of a ring that is no alert the page says so first."""
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    title = f"{word(case.ring.kind, lang)} {case.ring.ring_id}"
    return "<!doctype html>\n" + element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="referrer", content="no-referrer"),
            element("title", title),
            element("style", raw(style)),
        ),
        element(
            "body",
            None if case.ring.alert else element("p", say("report.not_an_alert", lang), class_="verdict none"),
            alert_section(case, 1, register, lang),
            element("p", say("report.unmasked" if register.unmask else "report.masked", lang), class_="quiet"),
        ),
        lang="zh-CN" if lang == "zh" else "en",
    )
