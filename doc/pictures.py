# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the screens over the demo network, as a terminal shows them: python3
doc/pictures.py PROGRAM VTSCREEN DIRECTORY [NAME...]. ./dev pictures calls it."""
import os
import sys

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "term"))
from vtsession import VtSession  # noqa: E402

FONTS = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono%s.ttf"
SIZE, MARGIN = 14, 8

# A terminal's ground and text, and its sixteen colours.
DARK = ("#16181d", "#d3d7de")
LIGHT = ("#fbfaf7", "#24292f")
BLACK = ("#000000", "#ffffff")
SIXTEEN = ("#000000 #cc3333 #33aa44 #c8a020 #3f74d1 #a347ba #2aa1b3 #cfcfcf "
           "#767676 #ff5555 #55dd66 #f5d547 #6da4ff #d670e6 #4fd6e8 #ffffff").split()

# Of braille's eight dots, from the lowest bit on: column, row.
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))

# Name, columns, rows, theme, ground, then what is typed and the text to wait for after each.
LONG = r"round [4-9]\d\d"
PICTURES = (
    ("table-dark", 112, 24, "dark", DARK, ((b"", LONG), (b"\x1bOB\x1bOB\x1bOB\x1bOB", r"be-5-0"))),
    ("wide-dark", 150, 44, "dark", DARK, ((b"", LONG), (b"\x1bOB\x1bOB\x1bOB\x1bOB", r"be-5-0"))),
    ("ways-light", 112, 24, "light", LIGHT, ((b"", LONG), (b"4", r"Forward path"))),
    ("chart-contrast", 112, 24, "contrast", BLACK,
     ((b"", LONG), (b"5\x1bOB\x1bOB\x1bOB\x1bOBx\x1bOBx\x1bOB\x1bOB\x1bOB", r"now"))),
    ("editor-dark", 112, 24, "dark", DARK, ((b"", LONG), (b"E\x1bOB\x1bOB\x1bOBs", r"skipped"))),
    ("table-mono", 112, 24, "mono", BLACK, ((b"", LONG),)),
)


def of_palette(number):
    """xterm's 256 colours: sixteen of one's own, a cube of 6, and 24 greys."""
    if number < 16:
        return SIXTEEN[number]
    if number >= 232:
        return "#%02x%02x%02x" % ((8 + 10 * (number - 232),) * 3)
    steps = [0, 95, 135, 175, 215, 255]
    number -= 16
    return "#%02x%02x%02x" % (steps[number // 36], steps[number // 6 % 6], steps[number % 6])


def colour(word, own):
    return own if word == "-" else word if word.startswith("#") else of_palette(int(word))


def draw(rows, columns, ground):
    plain, bold = (ImageFont.truetype(FONTS % name, SIZE) for name in ("", "-Bold"))
    width = round(plain.getlength("M"))
    height = sum(plain.getmetrics())
    image = Image.new("RGB", (columns * width + 2 * MARGIN, len(rows) * height + 2 * MARGIN),
                      ground[0])
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(rows):
        x = 0
        for front, back, attributes, text in row:
            front, back = colour(front, ground[1]), colour(back, ground[0])
            if "r" in attributes:
                front, back = back, front
            left, top = MARGIN + x * width, MARGIN + y * height
            right = left + len(text) * width
            if back != ground[0]:
                pen.rectangle((left, top, right - 1, top + height - 1), fill=back)
            for i, char in enumerate(text):
                put(pen, char, (left + i * width, top, width, height), front,
                    bold if "b" in attributes else plain)
            if "u" in attributes:
                pen.line((left, top + height - 2, right - 1, top + height - 2), fill=front)
            x += len(text)
    return image


def put(pen, char, box, front, font):
    """Blocks and lines fill their cell, as terminals draw them; the rest is the font's."""
    left, top, width, height = box
    if "\u2800" <= char <= "\u28ff":
        for dot, (column, row) in enumerate(DOTS):
            if ord(char) >> dot & 1:
                x, y = left + width * (2 * column + 1) // 4, top + height * (2 * row + 1) // 8
                pen.rectangle((x - 1, y - 1, x, y), fill=front)
    elif "\u2581" <= char <= "\u2588":
        part = height * (ord(char) - 0x2580) // 8
        pen.rectangle((left, top + height - part, left + width - 1, top + height - 1), fill=front)
    elif char == "\u2502":
        pen.line((left + width // 2, top, left + width // 2, top + height - 1), fill=front)
    elif char != " ":
        pen.text((left, top), char, fill=front, font=font)


def take(program, vtscreen, picture):
    name, columns, rows, theme, ground, steps = picture
    os.environ.update({"LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"})
    words = [program, "--demo", "-i", "0.05", "--theme", theme]
    session = VtSession(vtscreen, words, rows, columns, bound=90.0)
    for keys, marker in steps:
        session.key(keys)
        session.see(marker)
    # A picture is whole once nothing more comes for a moment.
    while session.take(0.03):
        pass
    looks = session.looks()
    session.key(b"q" if "Edit" not in "".join(session.rows()) else b"qq")
    session.end()
    return name, draw(looks, columns, ground)


def main():
    program, vtscreen, directory = (os.path.abspath(word) for word in sys.argv[1:4])
    for picture in PICTURES:
        if sys.argv[4:] and picture[0] not in sys.argv[4:]:
            continue
        name, image = take(program, vtscreen, picture)
        # More than a screen has, but for the edges of letters; none may be mixed away.
        image = image.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        path = os.path.join(directory, name + ".png")
        image.save(path, optimize=True)
        print("%s: %d bytes" % (path, os.path.getsize(path)))


main()
