"""Reads the page of spool-status from standard input, as a browser has it, and says as JSON what its tables and drawings
show: the lengths of bars are turned back into numbers by the ticks of their axes."""

import json
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}
SIZES = {"k": 1000, "M": 1000000}


class Node:
    def __init__(self, name, attributes, parent):
        self.name, self.attributes, self.parent, self.children, self.text = name, dict(attributes), parent, [], ""

    def all(self, name, **wanted):
        for child in self.children:
            if child.name == name and all(child.attributes.get(key) == value for key, value in wanted.items()):
                yield child
            yield from child.all(name, **wanted)

    def words(self):
        return self.text + "".join(child.words() for child in self.children)

    def has(self, word):
        return word in self.attributes.get("class", "").split()


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.open = Node("", [], None)

    def handle_starttag(self, name, attributes):
        node = Node(name, attributes, self.open)
        self.open.children.append(node)
        if name not in VOID:
            self.open = node

    def handle_startendtag(self, name, attributes):
        self.open.children.append(Node(name, attributes, self.open))

    def handle_endtag(self, name):
        if name in VOID:
            return
        if self.open.name != name:
            raise SystemExit(f"</{name}> where </{self.open.name}> is due")
        self.open = self.open.parent

    def handle_data(self, text):
        node = Node("#text", [], self.open)
        node.text = text
        self.open.children.append(node)


def number(label):
    return float(label[:-1]) * SIZES[label[-1]] if label[-1] in SIZES else float(label)


def percent(text):
    return float(text.rstrip("%"))


def value(node):
    data = list(node.all("data"))
    if len(data) != 1 or data[0].words().replace(",", "") != data[0].attributes["value"]:
        raise SystemExit(f"not one number: {node.words()}")
    return int(data[0].attributes["value"])


def bar_table(table):
    """Names, the numbers of the columns, and the lengths of the bars by the axis."""
    axis = [row for row in table.all("tr") if row.has("axis")][0]
    ticks = [(percent(text.attributes["x"]), number(text.words())) for text in axis.all("text")]
    scale = ticks[-1][1] / ticks[-1][0]
    rows = []
    for body in table.all("tbody"):
        for row in body.all("tr"):
            cells = [cell for cell in row.all("td") if cell.has("n")]
            rows.append({
                "name": next(row.all("th")).words(),
                "numbers": [value(cell) for cell in cells if list(cell.all("data"))],
                "bars": [percent(rect.attributes["width"]) * scale for rect in row.all("rect")],
                "says": next(row.all("title")).words(),
            })
    sums = [value(cell) for row in table.all("tr") if row.has("sum") for cell in row.all("td")
            if list(cell.all("data"))]
    return {"rows": rows, "sums": sums, "ticks": [tick[1] for tick in ticks]}


def timeline(figure):
    rows = []
    for table in figure.all("table"):
        for body in table.all("tbody"):
            for row in body.all("tr"):
                rows.append({"start": next(row.all("time")).attributes["datetime"],
                             "numbers": [value(cell) for cell in row.all("td")]})
    plots = [plot for plot in figure.all("div") if plot.has("plot")]
    scales = []
    for plot in plots:
        labels, area = plot.children[0], plot.children[1]
        ticks = [(float(text.attributes["y"]) - 4, number(text.words())) for text in labels.all("text")]
        (low, _), (high, top) = ticks[0], ticks[-1]
        scales.append((area, low, (low - high) / top, [tick[1] for tick in ticks]))
    (sums, ground, unit, sum_ticks), (bars, bar_ground, bar_unit, bar_ticks) = scales
    line = [path for path in sums.all("path") if path.has("line")][0].attributes["d"]
    points = [float(point.split()[1]) for point in re.split("[ML]", line) if point]
    heights = {"f-sent": 0.0, "f-failed": 0.0, "f-deferred": 0.0}
    tallest = 0.0
    for rect in bars.all("rect"):
        kind = rect.attributes.get("class", "")
        if kind in heights:
            heights[kind] += float(rect.attributes["height"]) / bar_unit
            tallest = max(tallest, (bar_ground - float(rect.attributes["y"])) / bar_unit)
    hovers = [title.words() for area in (sums, bars) for rect in area.all("rect") for title in rect.all("title")]
    return {"rows": rows, "curveEnd": (ground - points[-1]) / unit, "barSums": heights, "tallest": tallest,
            "sumTicks": sum_ticks, "barTicks": bar_ticks, "hovers": hovers,
            "times": [text.words() for text in bars.all("text")]}


def main():
    reader = Reader()
    reader.feed(sys.stdin.read())
    root = reader.root
    overview = {}
    for row in root.all("tr"):
        if "data-mailing" in row.attributes:
            overview[row.attributes["data-mailing"]] = {
                cell.attributes["data-label"]: value(cell) for cell in row.all("td")
                if list(cell.all("data")) and "data-label" in cell.attributes}
    sections = {}
    for section in root.all("section"):
        name = section.attributes.get("data-mailing")
        if name is None:
            continue
        tables = {table.attributes["data-kind"]: bar_table(table) for table in section.all("table")
                  if "data-kind" in table.attributes}
        figures = [timeline(figure) for figure in section.all("figure")]
        sections[name] = {"tables": tables, "timeline": figures[0] if figures else None,
                          "heading": next(section.all("h2")).words(), "state": next(section.all("span")).words()}
    unnamed = [node.attributes for node in root.all("svg") if node.attributes.get("role") == "img"
               and not (node.attributes.get("aria-label") or node.attributes.get("aria-labelledby"))]
    ids = {node.attributes["id"] for node in everything(root) if "id" in node.attributes}
    dangling = [part for node in everything(root)
                for part in (node.attributes.get("aria-labelledby") or "").split() if part not in ids]
    dangling += [node.attributes["href"] for node in root.all("a") if node.attributes["href"][1:] not in ids]
    outside = [(node.name, key, text) for node in everything(root) for key, text in node.attributes.items()
               if key in ("src", "href", "srcset", "action", "poster", "style", "background")
               and not (text or "").startswith(("#", "data:"))]
    handlers = [key for node in everything(root) for key in node.attributes if key.startswith("on")]
    json.dump({"overview": overview, "sections": sections, "unnamed": unnamed, "dangling": dangling,
               "outside": outside, "handlers": handlers, "scripts": len(list(root.all("script"))),
               "text": next(root.all("body")).words()}, sys.stdout)


def everything(node):
    for child in node.children:
        yield child
        yield from everything(child)


main()
