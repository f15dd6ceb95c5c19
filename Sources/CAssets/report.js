// The charts of a report: draws the data of the page with dygraphs, and turns the switches into redraws. Without
// dygraphs the page holds still pictures, of which the switch shows those against the chosen axis.
(function () {
    "use strict";

    const switches = document.getElementById("switches");
    if (!switches) return;
    const data = JSON.parse(document.getElementById("data").textContent);
    const charts = [];

    const axis = () => switches.elements.axis.value;
    const cssValue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

    // Whether the curves of a kind are wanted; a kind without a switch always is.
    function isShown(curve) {
        const boxes = Array.from(switches.querySelectorAll("input[name=kind]"));
        const box = boxes.find((box) => box.value === curve.kind);
        return !box || box.checked;
    }

    // A number with a letter for thousands, millions and so on.
    function short(value) {
        for (const [unit, letter] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
            if (Math.abs(value) >= unit) return parseFloat((value / unit).toPrecision(4)) + letter;
        }
        return String(parseFloat(value.toPrecision(4)));
    }

    // The rows of a chart: each place on the axis at which some curve has a point. A curve without a point there has
    // null, and its line goes on; a point that is no number is NaN and leaves a gap.
    function rowsOf(curves) {
        const rows = new Map();
        curves.forEach((curve, column) => {
            const { x, low, middle, high } = curve[axis()];
            x.forEach((place, index) => {
                if (!rows.has(place)) rows.set(place, [place].concat(new Array(curves.length).fill(null)));
                const value = middle[index];
                const none = value === null;
                rows.get(place)[column + 1] =
                    none ? [NaN, NaN, NaN] : [low ? low[index] : value, value, high ? high[index] : value];
            });
        });
        return Array.from(rows.values()).sort((a, b) => a[0] - b[0]);
    }

    function stylesOf(curves) {
        const styles = {};
        curves.forEach((curve, column) => {
            styles[String(column)] = {
                color: cssValue(`--c${curve.color}`),
                strokeWidth: curve.width,
                strokePattern: curve.pattern.length > 0 ? curve.pattern : null,
                drawPoints: curve[axis()].x.length <= 60 && curve.kind !== "training",
                pointSize: curve.width > 2 ? 3 : 2,
            };
        });
        return styles;
    }

    // Colours follow the light or dark wish of the reader.
    const themeOptions = () => ({
        axisLineColor: cssValue("--axis"),
        gridLineColor: cssValue("--line"),
        fillAlpha: parseFloat(cssValue("--band")),
    });

    // The values of a curve at its point nearest to a place on the axis.
    function valuesNear(curve, place) {
        const { x, low, middle, high } = curve[axis()];
        let best = 0;
        x.forEach((candidate, index) => {
            if (Math.abs(candidate - place) < Math.abs(x[best] - place)) best = index;
        });
        if (middle[best] === undefined || middle[best] === null) return "";
        const text = (value) => parseFloat(value.toPrecision(4));
        const range = low ? ` (${text(low[best])} – ${text(high[best])})` : "";
        return text(middle[best]) + range;
    }

    // The legend beside the chart, with the values where the pointer is. Made of nodes: names are never read as HTML.
    function legendOf(curves, place) {
        const fragment = document.createDocumentFragment();
        fragment.append(...curves.map((curve) => {
            const item = document.createElement("li");
            item.className = isShown(curve) ? "" : "off";
            const swatch = document.createElement("i");
            swatch.className = `swatch ${curve.classes}`;
            const label = document.createElement("span");
            label.textContent = curve.label;
            // The values have their room from the start, so that nothing moves when they appear.
            const output = document.createElement("output");
            output.className = curve[axis()].low ? "range" : "";
            output.textContent = place === undefined ? "" : valuesNear(curve, place);
            item.append(swatch, label, output);
            return item;
        }));
        return fragment;
    }

    function draw(chart) {
        const element = document.getElementById(`chart-${chart.id}`);
        const curves = chart.curves;
        let rows = rowsOf(curves);
        const finger = matchMedia("(pointer: coarse)").matches;
        const options = () => ({
            ...themeOptions(),
            labels: ["x"].concat(curves.map((_, column) => String(column))),
            xlabel: data.axes[axis()],
            series: stylesOf(curves),
            visibility: curves.map(isShown),
        });
        const graph = new Dygraph(element, rows, {
            ...options(),
            customBars: true,
            connectSeparatedPoints: true,
            legend: "always",
            labelsDiv: `legend-${chart.id}`,
            legendFormatter: (state) => legendOf(curves, state.x),
            highlightCircleSize: 4,
            xRangePad: 8,
            yRangePad: 8,
            axes: {
                x: { axisLabelFormatter: short, valueFormatter: short, pixelsPerLabel: 70 },
                y: { axisLabelFormatter: short, valueFormatter: short, axisLabelWidth: 48 },
            },
            // A finger scrolls the page; the library would take every touch for itself.
            ...(finger ? { interactionModel: {} } : {}),
        });
        charts.push({
            redraw(isNewAxis) {
                rows = rowsOf(curves);
                graph.updateOptions({ file: rows, ...(isNewAxis ? { dateWindow: null, valueRange: null } : {}), ...options() });
            },
        });
    }

    function showPictures() {
        for (const picture of document.querySelectorAll("[data-axis]")) {
            picture.hidden = picture.dataset.axis !== axis();
        }
    }

    switches.addEventListener("submit", (event) => event.preventDefault());
    switches.addEventListener("change", (event) => {
        showPictures();
        for (const chart of charts) chart.redraw(event.target.name === "axis");
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        for (const chart of charts) chart.redraw(false);
    });
    // A browser may bring back the switches of an earlier visit.
    showPictures();
    data.charts.forEach(draw);
})();
