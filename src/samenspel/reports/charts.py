"""Charts as SVG, by Altair and vl-convert, without style attributes, scripts or outside fonts.

A chart shows values that stand in a table beside it, so it says nothing to a screen reader itself.
"""

import re
from collections.abc import Sequence
from textwrap import fill
from typing import Any

INK, SOFT, ACCENT, WARM, PALE = "#1c2b33", "#5d6b73", "#1f6f8b", "#b4530a", "#b9c2c4"
FONT = "Segoe UI, Roboto, Liberation Sans, Helvetica, Arial, sans-serif"
WIDTH = 430  # pixels; a telephone shows it nearly whole
COLUMN = 0.8  # width of a column in steps of its axis
SPACED = "replace(datum.label, regexp(',', 'g'), ' ')"  # thousands
LINE = 30  # characters in a line of the name of a bar


def svg(chart: Any, name: str) -> str:
    """``chart`` as an SVG element that fills the width of its place. ``name``: what the ids in it
    begin with; those of vl-convert come from a counter of the process."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(
        chart.configure(
            font=FONT,
            aria=False,
            background="transparent",
            axis={
                "labelColor": INK, "titleColor": SOFT, "labelFontSize": 14, "titleFontSize": 14,
                "titleFontWeight": "normal", "gridColor": "#e3e6e4", "domain": False,
                "ticks": False, "labelPadding": 6, "titlePadding": 8, "labelLimit": 0,
            },
            view={"stroke": None},
            autosize={"type": "fit-x", "contains": "padding"},
        ).to_dict()
    )  # fmt: skip
    for place, found in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn))):
        own = f"{name}-{place}"
        drawn = drawn.replace(f'"{found}"', f'"{own}"').replace(f"#{found})", f"#{own})")
    start = drawn.index(">")
    box = drawn[drawn.index("viewBox") : start]
    return f'<svg class="chart" aria-hidden="true" focusable="false" {box}{drawn[start:]}'


def histogram(
    rows: Sequence[tuple[int, int]], middle: float | None, across: str, up: str, mid: str
) -> str:
    """Columns: ``rows`` are (value, number), one or more, in order; ``middle`` is marked and called
    ``mid``; ``across`` and ``up`` are the titles of the axes."""
    import altair as alt

    values = [
        {"from": value - COLUMN / 2, "to": value + COLUMN / 2, "number": number}
        for value, number in rows
    ]
    ends = [rows[0][0] - 0.5, rows[-1][0] + 0.5]
    bars = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=ACCENT, cornerRadiusEnd=1)
        .encode(
            x=alt.X("from:Q", title=across, scale=alt.Scale(nice=False, zero=False, domain=ends),
                    axis=alt.Axis(grid=False, tickMinStep=1, format="d")),
            x2="to:Q",
            y=alt.Y("number:Q", title=up, axis=alt.Axis(tickCount=5, tickMinStep=1, format="d")),
            y2=alt.Y2Datum(0),
        )
    )  # fmt: skip
    layers = [bars]
    if middle is not None:
        at = alt.InlineData(values=[{"value": middle, "text": mid}])
        layers.append(alt.Chart(at).mark_rule(color=WARM, strokeWidth=2).encode(x="value:Q"))
        layers.append(
            alt.Chart(at)
            .mark_text(color=WARM, align="left", dx=6, baseline="top", fontSize=14, y=2)
            .encode(x="value:Q", text="text:N")
        )
    return svg(alt.layer(*layers).properties(width=WIDTH, height=200), "histogram")


def bars(name: str, rows: Sequence[tuple[str, int]], title: str, pale: str | None = None) -> str:
    """Bars in the order of ``rows`` (name, number); ``pale`` names the bar that is drawn paler, as
    that of the unknown; ``name`` is that of the chart."""
    import altair as alt

    values = [
        {"name": fill(label, LINE), "number": number, "pale": label == pale, "order": place}
        for place, (label, number) in enumerate(rows)
    ]
    most = max((number for _label, number in rows), default=1)
    colour = alt.condition("datum.pale", alt.value(PALE), alt.value(ACCENT))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("name:N", title=None, sort=alt.SortField("order"),
                axis=alt.Axis(labelExpr="split(datum.label, '\\n')")),
        x=alt.X("number:Q", title=title, scale=alt.Scale(domainMin=0, domainMax=1.18 * most),
                axis=alt.Axis(tickCount=3, tickMinStep=1, format=",d", labelExpr=SPACED)),
    )  # fmt: skip
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=14).encode(text="number:Q")
    drawn = base.mark_bar(cornerRadiusEnd=1).encode(color=colour) + labels
    return svg(drawn.properties(width=WIDTH, height={"step": 38}), name)


def scatter(
    rows: Sequence[tuple[int, int, str]], kinds: Sequence[str], across: str, up: str
) -> str:
    """Points: ``rows`` are (inhabitants, number, kind); inhabitants stand on a logarithmic scale;
    ``kinds`` are at most three, in the order of their colours."""
    import altair as alt

    values = [{"x": people, "y": number, "kind": kind} for people, number, kind in rows]
    colours = dict(zip(kinds, (WARM, ACCENT, PALE), strict=False))
    there = [kind for kind in kinds if any(kind == found for _x, _y, found in rows)]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_circle(size=34, opacity=0.65)
        .encode(
            x=alt.X("x:Q", title=across, scale=alt.Scale(type="log", nice=False, padding=12),
                    axis=alt.Axis(grid=False, format=",.0f", tickCount=4,
                                  labelExpr=SPACED)),
            y=alt.Y("y:Q", title=up, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=there, range=[colours[kind] for kind in there]),
                legend=alt.Legend(title=None, orient="top", labelFontSize=14),
            ),
        )
    )  # fmt: skip
    return svg(chart.properties(width=WIDTH, height=200), "scatter")
