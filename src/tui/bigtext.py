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
    return max((len(row) for row in rows(text, scale)), default=0)


def rows(text: str, scale: int = 1, struck: bool = False) -> list[str]:
    """``ROWS * scale`` lines of equal length; a pixel is ``2 * scale`` columns wide. Struck: with a line through."""
    glyphs = [_GLYPHS.get(letter, _UNKNOWN).split("|") for letter in text]
    lines = []
    for row in range(ROWS):
        pixels = " ".join(glyph[row] for glyph in glyphs)
        line = "".join(("█" if pixel == "#" else " ") * (2 * scale) for pixel in pixels)
        lines.extend([line] * scale)
    if struck:
        middle = STRUCK_ROW * scale + scale // 2
        lines[middle] = "━" * len(lines[middle])
    return lines
