"""Large letters made of blocks, readable from three metres.

Textual's own digits are thin lines three rows high. These are five rows high at scale 1, with strokes two
columns wide: on a screen 20 cm high that shows 24 rows, 4 cm.
"""

from __future__ import annotations

ROWS = 5
STRUCK_ROW = 2

_GLYPHS = {
    "0": "###|# #|# #|# #|###",
    "1": " # |## | # | # |###",
    "2": "###|  #|###|#  |###",
    "3": "###|  #|###|  #|###",
    "4": "# #|# #|###|  #|  #",
    "5": "###|#  |###|  #|###",
    "6": "###|#  |###|# #|###",
    "7": "###|  #|  #|  #|  #",
    "8": "###|# #|###|# #|###",
    "9": "###|# #|###|  #|###",
    ".": " | | | |#",
    ":": " |#| |#| ",
    "-": "   |   |###|   |   ",
    " ": "  |  |  |  |  ",
    "A": "###|# #|###|# #|# #",
    "B": "## |# #|## |# #|## ",
    "C": "###|#  |#  |#  |###",
    "E": "###|#  |## |#  |###",
    "F": "###|#  |## |#  |#  ",
    "H": "# #|# #|###|# #|# #",
    "K": "# #|# #|## |# #|# #",
    "L": "#  |#  |#  |#  |###",
    "O": "###|# #|# #|# #|###",
    "P": "###|# #|###|#  |#  ",
    "S": "###|#  |###|  #|###",
    "T": "###| # | # | # | # ",
    "U": "# #|# #|# #|# #|###",
    "Y": "# #|# #|###| # | # ",
}
_UNKNOWN = "   |   | # |   |   "


def width(text: str, scale: int = 1) -> int:
    """Columns that ``rows(text, scale)`` takes."""
    return 2 * scale * pixels_wide(text)


def pixels_wide(text: str) -> int:
    """Pixels from the left of the first letter to the right of the last."""
    return sum(len(_glyph(letter)[0]) for letter in text) + max(0, len(text) - 1)


def rows(text: str, scale: int = 1, struck: bool = False, columns: int | None = None) -> list[str]:
    """``ROWS * scale`` lines of equal length. Struck: with a line through.

    A pixel is ``columns`` wide, without it ``2 * scale``: as wide as it is high, in the cells of most terminals.
    """
    wide = 2 * scale if columns is None else columns
    glyphs = [_glyph(letter) for letter in text]
    lines = []
    for row in range(ROWS):
        pixels = " ".join(glyph[row] for glyph in glyphs)
        line = "".join(("█" if pixel == "#" else " ") * wide for pixel in pixels)
        lines.extend([line] * scale)
    if struck:
        middle = STRUCK_ROW * scale + scale // 2
        lines[middle] = "━" * len(lines[middle])
    return lines


def _glyph(letter: str) -> list[str]:
    return _GLYPHS.get(letter, _UNKNOWN).split("|")
