"""HTML as a tree, so that every text in it is escaped because it is a text. Pure.

What a person or another program wrote goes into the page as the text of an element or the value of an attribute, and
``xml.etree`` escapes both. Signs that steer a terminal or turn letters round are taken out before that.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

Element = ElementTree.Element
Child = Element | str


def element(tag: str, attributes: Mapping[str, object] | None = None, *children: Child | None) -> Element:
    """An element with its children in order; ``None`` is no child."""
    made = Element(tag, {name: plain(str(value)) for name, value in (attributes or {}).items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif child is not None:
            _say(made, plain(child))
    return made


def document(title: str, style: str, *body: Element) -> str:
    """A whole page. It may load nothing from anywhere and run nothing, and says so to the browser.

    ``style`` is ours: it is the one text that goes in as it is.
    """
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    sheet = Element("style")
    sheet.text = style
    head = element("head", None, element("meta", {"charset": "utf-8"}), element("meta", policy))
    head.extend((element("meta", {"name": "viewport", "content": "width=device-width"}), element("title", None, title)))
    head.append(sheet)
    page = element("html", {"lang": "en"}, head, element("body", None, *body))
    return "<!DOCTYPE html>\n" + ElementTree.tostring(page, encoding="unicode", method="html") + "\n"


def plain(text: str) -> str:
    """A text without line feeds, and without anything that a terminal would obey or that turns letters round."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _say(parent: Element, text: str) -> None:
    """Behind what the parent holds already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
