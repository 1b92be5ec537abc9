"""HTML as a tree: a text in it stays a text."""

from __future__ import annotations

from html.parser import HTMLParser

from retrotread.records.report.html import document, element


class Seen(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&lt;b&gt;"


def test_a_hostile_text_is_a_text() -> None:
    seen = Seen(document(HOSTILE, "", element("p", None, HOSTILE)))
    assert seen.tags == {"html", "head", "meta", "title", "style", "body", "p"}
    assert seen.texts.count(HOSTILE) == 2


def test_a_hostile_attribute_is_one_attribute() -> None:
    seen = Seen(document("", "", element("p", {"class": HOSTILE})))
    assert seen.elements[-1] == ("p", {"class": HOSTILE})


def test_signs_that_steer_or_turn_letters_round_become_blanks() -> None:
    page = document("", "", element("p", None, "a\x1b[31m\x00b\u202ec\nd"))
    assert "a [31m b c d" in page


def test_texts_and_elements_keep_their_order() -> None:
    made = element("p", None, "one ", element("b", None, "two"), " three", None, " four")
    assert "<p>one <b>two</b> three four</p>" in document("", "", made)


def test_the_page_tells_the_browser_to_load_and_run_nothing() -> None:
    elements = Seen(document("", "")).elements
    policies = [found["content"] for _, found in elements if found.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
