"""Draws a comparison as an SVG: one row a figure, one bar a provider, lengths on a log scale."""
import math
from xml.sax.saxutils import escape

_COLOURS = ["#7b42bc", "#b9bcc4"]
_LABELS, _BARS, _RIGHT, _BAR, _GAP, _TOP = 300, 380, 110, 16, 20, 56


def comparison(title, names, rows):
    """`rows` are (label, unit, [value or None per name]); returns the SVG's text."""
    ratios = [max(filter(None, cells)) / min(filter(None, cells)) for _, _, cells in rows if any(cells)]
    decades = max(1.0, math.log10(max(ratios, default=1)))
    row_height = _BAR * len(names) + _GAP
    height, width = _TOP + row_height * len(rows) + 10, _LABELS + _BARS + _RIGHT
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
             'font-family="system-ui, sans-serif" font-size="13">',
             f'<rect width="{width}" height="{height}" fill="white"/>',
             f'<text x="16" y="24" font-size="15" font-weight="600">{escape(title)}</text>']
    for index, name in enumerate(names):
        x = 16 + 260 * index
        parts.append(f'<rect x="{x}" y="34" width="10" height="10" fill="{_COLOURS[index]}"/>'
                     f'<text x="{x + 16}" y="43">{escape(name)}</text>')
    for number, (label, unit, cells) in enumerate(rows):
        y = _TOP + number * row_height + _GAP / 2
        parts.append(f'<text x="16" y="{y + _BAR * len(names) / 2 + 4}">{escape(label)}</text>')
        smallest = min(filter(None, cells), default=1)
        for index, value in enumerate(cells):
            top = y + index * _BAR
            if value is None:
                parts.append(f'<text x="{_LABELS}" y="{top + 12}" fill="#888">not measured</text>')
                continue
            # The smaller value of a row is a tenth of the width; each decade above it adds an equal part.
            length = _BARS * (0.1 + 0.9 * math.log10(max(value / smallest, 1)) / decades)
            parts.append(f'<rect x="{_LABELS}" y="{top}" width="{length:.1f}" height="{_BAR - 2}" fill="{_COLOURS[index]}"/>'
                         f'<text x="{_LABELS + length + 6:.1f}" y="{top + 12}">{escape(number_text(value))} {escape(unit)}</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)


def number_text(value):
    """Three significant digits, no exponent, thousands apart."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"
