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


def waterfall(rows: Sequence[tuple[str, int, int, str]], title: str) -> str:
    """From the first bar to the last: ``rows`` are (name, from, to, label); the first and the last
    are whole, each bar between begins where the one before ends."""
    import altair as alt

    names = [fill(label, LINE) for label, _start, _end, _text in rows]
    values = [
        {
            "name": names[place],
            "next": names[min(place + 1, len(rows) - 1)],
            "from": start,
            "to": end,
            "right": max(start, end),
            "text": text,
            "whole": place in (0, len(rows) - 1),
        }
        for place, (_label, start, end, text) in enumerate(rows)
    ]
    most = max(max(start, end) for _label, start, end, _text in rows)
    colour = alt.condition("datum.whole", alt.value(ACCENT), alt.value(WARM))
    band = alt.Scale(type="band", domain=names, paddingInner=0.3, paddingOuter=0.15)
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("name:N", title=None, scale=band,
                axis=alt.Axis(labelExpr="split(datum.label, '\\n')")),
    )  # fmt: skip
    across = alt.X("from:Q", title=title, scale=alt.Scale(domain=[0, 1.18 * most], nice=False),
                   axis=alt.Axis(tickCount=3, tickMinStep=1, format=",d", labelExpr=SPACED),
                   )  # fmt: skip
    bars = base.mark_bar(cornerRadiusEnd=1).encode(x=across, x2="to:Q", color=colour)
    # Between two bars at the level where the next begins, and through a bar without width.
    rule = alt.Chart(alt.InlineData(values=values[:-1])).mark_rule(color=SOFT)
    levels = rule.encode(
        x="to:Q",
        y=alt.Y("name:N", bandPosition=1, scale=band),
        y2=alt.Y2("next:N", bandPosition=0),
    )
    still = rule.transform_filter("datum.from === datum.to").encode(
        x="to:Q",
        y=alt.Y("name:N", bandPosition=0, scale=band),
        y2=alt.Y2("name:N", bandPosition=1),
    )
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=14).encode(
        x="right:Q", text="text:N"
    )
    return svg(
        (bars + levels + still + labels).properties(width=WIDTH, height={"step": 38}), "waterfall"
    )


def curve(
    points: Sequence[tuple[int, int, int]],
    here: tuple[int, int],
    across: str,
    up: str,
    name: str,
    bound: str,
) -> str:
    """Steps: ``points`` are (number, value, proven least value); ``here`` is marked and called
    ``name``. The proven least is drawn, and called ``bound``, where it lies below the value."""
    import altair as alt

    values = [{"number": n, "value": value, "least": least} for n, value, least in points]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("number:Q", title=across,
                scale=alt.Scale(zero=False, nice=False, domain=[points[0][0], points[-1][0]]),
                axis=alt.Axis(grid=False, tickCount=5, tickMinStep=1, format="d")),
    )  # fmt: skip
    axis = alt.Axis(tickCount=5, tickMinStep=1, format="d")
    most = max(1, *(value for _number, value, _least in points))
    line = base.mark_line(color=ACCENT, interpolate="step-after", strokeWidth=2.5).encode(
        y=alt.Y("value:Q", title=up, axis=axis, scale=alt.Scale(domain=[0, 1.15 * most]))
    )
    layers = [line]
    if any(least < value for _number, value, least in points):
        layers.append(
            base.mark_line(
                color=SOFT, interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.5
            ).encode(y="least:Q")
        )
        last = alt.InlineData(values=[{**values[-1], "text": bound}])
        layers.append(
            alt.Chart(last)
            .mark_text(color=SOFT, align="right", dx=-4, dy=14, fontSize=14)
            .encode(x="number:Q", y="least:Q", text="text:N")
        )
    at = alt.Chart(alt.InlineData(values=[{"number": here[0], "value": here[1], "text": name}]))
    at = at.encode(x="number:Q", y="value:Q")
    layers.append(at.mark_point(color=WARM, filled=True, size=90, opacity=1))
    layers.append(at.mark_text(color=WARM, align="left", dy=-14, fontSize=14).encode(text="text:N"))
    return svg(alt.layer(*layers).properties(width=WIDTH, height=200), "curve")
