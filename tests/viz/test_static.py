"""SVG and PNG: one sheet, drawn twice."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections import Counter

import matplotlib.image
import numpy as np
import pytest
from matplotlib import font_manager

from ringfinder.errors import UsageError
from ringfinder_viz import extra
from ringfinder_viz.sheet import wrapped
from tests.viz import world
from tests.viz.conftest import Draw

SVG = "{http://www.w3.org/2000/svg}"


def test_svg_is_a_file_of_its_own_with_each_member_and_line(draw: Draw) -> None:
    picture = draw(lang="zh", unmask=True)
    root = ET.fromstring(picture.svg())
    shapes = Counter(element.tag.removeprefix(SVG) for element in root.iter())
    scene = picture.scene
    assert shapes["line"] == len(scene.edges) + 2  # two of the legend
    assert shapes["circle"] == 3 + 1  # patients, and one in the legend
    assert shapes["rect"] == 1 + 2  # paper and both places
    said = [element.text for element in root.iter(f"{SVG}title")]
    assert said == ["冒名就医 RAB12", *(e.said for e in scene.edges), *(n.said for n in scene.nodes)]
    assert not [name for element in root.iter() for name in element.attrib if "href" in name or name.startswith("on")]


def test_svg_begins_with_title_certainty_and_reason(draw: Draw) -> None:
    root = ET.fromstring(draw().svg())
    texts = [element.text for element in root.iter(f"{SVG}text")]
    at = texts.index("lent cards RAB12")
    assert texts[at + 1 : at + 3] == ["97 of 100, very sure", "2 of 3 visits began after the registered date of death"]
    assert "Not an alert: for information only, nothing follows from it alone." in draw(world.FRIENDS).svg()


def test_every_text_of_the_svg_stands_on_the_sheet(draw: Draw) -> None:
    for lang in ("zh", "en"):
        root = ET.fromstring(draw(lang=lang).svg())
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        for element in root.iter(f"{SVG}text"):
            assert 0 < float(element.attrib["x"]) < width - 20
            assert 0 < float(element.attrib["y"]) < height - 20


def test_png_is_the_sheet_twice_as_sharp_with_something_drawn(draw: Draw) -> None:
    picture = draw(lang="zh", unmask=True)
    root = ET.fromstring(picture.svg())
    image = matplotlib.image.imread(io.BytesIO(picture.png()))
    assert image.shape[:2] == (2 * int(root.attrib["height"]), 2 * int(root.attrib["width"]))
    red, green, blue = np.moveaxis((255 * image[..., :3]).round().astype(np.int64), -1, 0)
    colours, counts = np.unique(red << 16 | green << 8 | blue, return_counts=True)
    assert {0x56B4E9, 0x009E73, 0x1F74AD} <= set(colours.tolist())
    assert colours[counts.argmax()] == 0xFFFFFF


def test_png_that_no_font_can_draw_is_refused_with_the_cure(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = draw()
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    with pytest.raises(UsageError, match=r"no font for them; install one .* or take it as --svg or --html"):
        picture.png()


def test_missing_library_is_told_with_its_cure(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = draw()
    for module, make in (("pyvis.network", picture.html), ("matplotlib.figure", picture.png)):
        with monkeypatch.context() as patch:
            patch.setitem(__import__("sys").modules, module, None)
            with pytest.raises(UsageError, match=r"needs \w+, which is not installed; install it with `pip install"):
                make()
    assert extra.needed("json").loads("1") == 1


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("one two three", 60.0, ["one two", "three"]),
        ("一二三四五六", 30.0, ["一二三", "四五六"]),
        ("一二三。四", 30.0, ["一二三。", "四"]),
        ("averylongword x", 20.0, ["averylongword", "x"]),
        ("", 20.0, [""]),
    ],
)
def test_text_is_broken_at_blanks_and_between_chinese_signs(text: str, room: float, lines: list[str]) -> None:
    assert wrapped(text, room, 10.0) == lines
