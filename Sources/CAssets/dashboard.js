// The page of a run that goes on: takes its records in as they come and draws them. Whatever stands in records goes into
// the page as text, never as markup.
(function () {
    "use strict";

    const pointLimit = 1500;
    const svgNamespace = "http://www.w3.org/2000/svg";
    const byId = (id) => document.getElementById(id);

    let state;
    function reset() {
        state = {
            settings: {}, curves: {}, losses: new Map(), round: null, pulse: null, former: null, network: null,
            summary: null, isOver: false, hasServer: false, torn: 0, log: [], dead: new Set(), dropped: 0, distance: null,
        };
    }
    reset();

    // Records come from files that anybody may have written: what is no number is none.
    const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
    const isIndex = (value) => Number.isInteger(value) && value >= 0 && value < 1024;

    // MARK: What comes

    function curve(name, label, color, style) {
        return state.curves[name] ??= { label, color, style, points: [] };
    }

    // A long run keeps every second point, as often as it takes.
    function add(curve, point) {
        curve.points.push(point);
        if (curve.points.length > pointLimit) curve.points = curve.points.filter((_, index) => index % 2 === 0);
    }

    function takeLearning(record) {
        const { time, peer, split, loss, accuracy } = record;
        if (!isNumber(time)) return;
        if (split === "train" && isIndex(peer) && isNumber(loss)) {
            state.losses.set(peer, loss);
            let sum = 0;
            for (const one of state.losses.values()) sum += one;
            add(curve("loss.train", "training, mean of the peers", 2, "thin"), [time, sum / state.losses.size]);
        }
        if (split !== "test") return;
        // The lines of one test follow each other: first the peers, then their average, then a server.
        if (state.round === null || state.round.step !== record.step) state.round = { step: record.step, accuracy: [], loss: [] };
        if (isIndex(peer)) {
            if (isNumber(accuracy)) state.round.accuracy.push(accuracy);
            if (isNumber(loss)) state.round.loss.push(loss);
            return;
        }
        const isServer = peer === "centre";
        const label = isServer ? "server" : "average of the models";
        for (const [kind, value] of [["accuracy", accuracy], ["loss", loss]]) {
            if (isNumber(value)) add(curve(`${kind}.${label}`, label, isServer ? 3 : 0, "line"), [time, value]);
            const values = state.round[kind];
            if (!isServer && values.length > 1) {
                let [low, high] = [Infinity, -Infinity];
                for (const one of values) [low, high] = [Math.min(low, one), Math.max(high, one)];
                add(curve(`${kind}.peers`, "least to most of the peers", 1, "band"), [time, low, high]);
            }
        }
        if (isServer) state.hasServer = true;
        if (isServer || !state.hasServer) state.test = { accuracy, loss };
    }

    // A pulse with what is no part of one left out; null where nothing is left.
    function sound(record) {
        const numbers = ["time", "since", "samples", "steps_done", "steps_total", "dropped"];
        const lists = ["peers", "messages", "waits"];
        if (!numbers.every((key) => isNumber(record[key])) || !lists.every((key) => Array.isArray(record[key]))) return null;
        const isPeer = (peer) => Array.isArray(peer) && isNumber(peer[0]) && isNumber(peer[1]) && typeof peer[3] === "string";
        if (record.peers.length > 1024 || !record.peers.every(isPeer)) return null;
        const isPair = (row) => Array.isArray(row) && row.slice(0, 2).every(isIndex) && isNumber(row[2]) && row[2] > 0;
        const inside = (row) => Math.max(row[0], row[1]) < record.peers.length;
        const pairs = (list) => list.filter((row) => isPair(row) && inside(row));
        return { ...record, messages: pairs(record.messages), waits: pairs(record.waits) };
    }

    function takePulse(untested) {
        const record = sound(untested);
        if (record === null) return leaveOut(JSON.stringify(untested));
        state.former = state.pulse;
        state.pulse = record;
        const seconds = record.time - record.since;
        const former = state.former ? state.former.samples : 0;
        if (seconds > 0) {
            add(curve("speed", "all peers together", 0, "line"), [record.time, (record.samples - former) / seconds]);
        }
        record.peers.forEach((peer, index) => {
            if (peer[3] === "dead" && !state.dead.has(index)) {
                state.dead.add(index);
                note(record.time, `peer ${index} is dead`);
            }
            if (peer[3] !== "dead" && state.dead.delete(index)) note(record.time, `peer ${index} is back`);
        });
        if (record.dropped > state.dropped) {
            note(record.time, `${record.dropped - state.dropped} messages came to nothing`);
            state.dropped = record.dropped;
        }
    }

    function note(time, text) {
        state.log.push(`${short(time)} s: ${text}`);
        if (state.log.length > 200) state.log.shift();
    }

    function leaveOut(text) {
        state.torn += 1;
        state.tornText = text.slice(0, 120);
    }

    function take(text) {
        let record;
        try {
            record = JSON.parse(text);
        } catch {
            record = null;
        }
        if (record === null || typeof record !== "object") return leaveOut(text);
        if (record.kind === undefined) takeLearning(record);
        if (record.kind === "consensus" && isNumber(record.time) && isNumber(record.distance)) {
            state.distance = record.distance;
            add(curve("distance", "of the models to their average", 0, "line"), [record.time, record.distance]);
        }
        if (record.kind === "network" && isNumber(record.messages)) state.network = record;
        if (record.kind === "pulse") takePulse(record);
    }

    // MARK: Texts

    // A number with a letter for thousands, millions and so on.
    function short(value) {
        if (!isNumber(value)) return "–";
        for (const [unit, letter] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
            if (Math.abs(value) >= unit) return parseFloat((value / unit).toPrecision(4)) + " " + letter;
        }
        return String(parseFloat(value.toPrecision(4)));
    }

    const percent = (share) => `${Math.round(100 * Math.min(Math.max(share, 0), 1))} %`;

    function element(name, text, className) {
        const made = document.createElement(name);
        if (text !== undefined) made.textContent = text;
        if (className) made.className = className;
        return made;
    }

    function shape(name, attributes, text) {
        const made = document.createElementNS(svgNamespace, name);
        for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
        if (text !== undefined) made.textContent = text;
        return made;
    }

    // MARK: Drawing

    function drawHead() {
        const { settings, pulse, test } = state;
        byId("title").textContent = settings.name ?? "A run";
        document.title = `${settings.name ?? "a run"} – murmur`;
        const model = settings["model.name"];
        const parts = [settings["algorithm.name"], settings.peers && `${settings.peers} peers`,
            settings["topology.name"], model && (model === "quadratic" ? model : `${model} on ${settings["data.name"]}`)];
        byId("subtitle").textContent = parts.filter(Boolean).join(", ");
        const figures = [
            ["time of training", pulse && `${short(pulse.time)} s`],
            ["accuracy", test && isNumber(test.accuracy) && test.accuracy.toFixed(4)],
            ["loss", test && isNumber(test.loss) && test.loss.toFixed(4)],
            ["consensus distance", isNumber(state.distance) && short(state.distance)],
            ["messages", state.network && short(state.network.messages)],
            ["weight mass", massText()],
            ["dead peers", pulse && pulse.peers.length > 0 && String(state.dead.size)],
        ];
        byId("figures").replaceChildren(...figures.filter(([, value]) => value).map(([name, value]) => {
            const group = element("div");
            group.append(element("dt", name), element("dd", value));
            return group;
        }));
        if (pulse && pulse.steps_total > 0) byId("progress").value = pulse.steps_done / pulse.steps_total;
        if (state.isOver) byId("progress").value = 1;
        byId("remark").hidden = state.torn === 0;
        if (state.torn > 0) {
            byId("remark").textContent = `Lines that are no records are left out: ${state.torn}, the last of them ${state.tornText}`;
        }
    }

    function massText() {
        const masses = (state.pulse?.peers ?? []).map((peer) => peer[2]).filter(isNumber);
        if (masses.length === 0) return null;
        return `${short(masses.reduce((sum, mass) => sum + mass, 0))} with peers`;
    }

    function ticks(low, high) {
        const step = 10 ** Math.floor(Math.log10((high - low) / 3));
        const wide = [1, 2, 5, 10].map((factor) => factor * step).find((wide) => (high - low) / wide <= 5) ?? step * 10;
        const places = [];
        for (let place = Math.ceil(low / wide) * wide; place <= high + wide * 1e-9; place += wide) places.push(place);
        return places;
    }

    function drawChart(id) {
        const plot = byId(id);
        const names = Object.keys(state.curves).filter((name) => name === id || name.startsWith(`${id}.`)).sort();
        const curves = names.map((name) => state.curves[name]);
        plot.closest("figure").hidden = curves.length === 0 && state.test !== undefined;
        plot.previousElementSibling.replaceChildren(...curves.map((curve) => {
            const item = element("li");
            const swatch = { line: "", thin: " dashed", band: " thin" }[curve.style];
            item.append(element("i", undefined, `swatch c${curve.color}${swatch}`), curve.label);
            return item;
        }));
        const [width, height, left, bottom, right] = [Math.max(plot.clientWidth, 240), 220, 58, 36, 14];
        const values = curves.flatMap((curve) => curve.points.flatMap((point) => point.slice(1)));
        const times = curves.flatMap((curve) => curve.points.map((point) => point[0]));
        const picture = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `curve of ${id}` });
        plot.replaceChildren(picture);
        if (values.length === 0) {
            picture.append(shape("text", { x: width / 2, y: height / 2, "text-anchor": "middle" }, "nothing yet"));
            return;
        }
        const least = (list) => list.reduce((a, b) => Math.min(a, b));
        const most = (list) => list.reduce((a, b) => Math.max(a, b));
        let [low, high, last] = [least(values), most(values), Math.max(most(times), 1e-9)];
        if (id === "speed" || id === "distance") low = Math.min(low, 0);
        if (high - low < 1e-12) [low, high] = [low - 0.5, high + 0.5];
        const x = (time) => left + (time / last) * (width - left - right);
        const y = (value) => height - bottom - ((value - low) / (high - low)) * (height - bottom - 12);
        for (const place of ticks(low, high)) {
            picture.append(
                shape("line", { class: "grid", x1: left, x2: width - right, y1: y(place), y2: y(place) }),
                shape("text", { x: left - 8, y: y(place) + 4, "text-anchor": "end" }, short(place)));
        }
        for (const place of ticks(0, last)) {
            picture.append(shape("text", { x: x(place), y: height - bottom + 18, "text-anchor": "middle" }, short(place)));
        }
        picture.append(shape("text", { x: width - right, y: height - 3, "text-anchor": "end" }, "seconds of training"));
        for (const curve of curves) picture.append(...drawCurve(curve, x, y));
    }

    function drawCurve(curve, x, y) {
        const color = `c${curve.color}`;
        const place = (time, value) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`;
        if (curve.style === "band") {
            const back = curve.points.slice().reverse();
            const outline = curve.points.map((point) => place(point[0], point[1])).concat(back.map((point) => place(point[0], point[2])));
            return [shape("polygon", { class: `band ${color}`, points: outline.join(" ") })];
        }
        const shapes = [shape("polyline", {
            class: `line ${color}${curve.style === "thin" ? " thin" : ""}`,
            points: curve.points.map((point) => place(point[0], point[1])).join(" "),
        })];
        if (curve.style === "line" && curve.points.length <= 60) {
            shapes.push(...curve.points.map((point) => shape("circle", {
                class: `dot ${color}`, cx: x(point[0]).toFixed(1), cy: y(point[1]).toFixed(1), r: 2.5,
            })));
        }
        return shapes;
    }

    // Rows for those who send or wait, columns for those they send to or wait for; the more, the stronger the colour.
    function drawPairs(id, cells, count, text, key) {
        const most = cells.reduce((most, cell) => Math.max(most, cell[2]), 0);
        byId(`${id}-key`).textContent = cells.length === 0 ? key.none : `${key.axes} Strongest: ${text(most)}.`;
        if (count === 0) return byId(id).replaceChildren();
        const side = 100 / count;
        const picture = shape("svg", { viewBox: "-9 -7 110 108", class: id, role: "img", "aria-label": key.axes });
        picture.append(shape("rect", { class: "cells", x: 0, y: 0, width: 100, height: 100 }));
        for (const [row, column, value] of cells) {
            const cell = shape("rect", {
                class: "cell", x: (column * side).toFixed(3), y: (row * side).toFixed(3), width: side.toFixed(3),
                height: side.toFixed(3), "fill-opacity": (0.15 + 0.85 * (value / most)).toFixed(3),
            });
            cell.append(shape("title", {}, `${row} → ${column}: ${text(value)}`));
            picture.append(cell);
        }
        const every = Math.max(1, Math.ceil(count / 16));
        const size = Math.min(3.2, side * every * 0.55);
        for (let index = 0; index < count; index += every) {
            const middle = (index + 0.5) * side;
            picture.append(
                shape("text", { x: -1.5, y: middle + size * 0.35, "text-anchor": "end", "font-size": size }, String(index)),
                shape("text", { x: middle, y: -1.5, "text-anchor": "middle", "font-size": size }, String(index)));
        }
        byId(id).replaceChildren(picture);
    }

    function drawPeers() {
        const { pulse, former } = state;
        if (!pulse) return;
        const seconds = Math.max(pulse.time - pulse.since, 1e-9);
        byId("window").textContent = pulse.peers.length === 0
            ? "There are too many peers to show each."
            : `Between ${short(pulse.since)} s and ${short(pulse.time)} s of training.`;
        drawPairs("messages", pulse.messages, pulse.peers.length, (count) => `${short(count)} messages`, {
            axes: "Rows send to columns.", none: "No messages in this time.",
        });
        drawPairs("waits", pulse.waits, pulse.peers.length, (wait) => `${percent(wait / seconds)} of the time`, {
            axes: "Rows wait for columns.", none: "Nobody waited for a message in this time.",
        });
        const hasMass = pulse.peers.some((peer) => isNumber(peer[2]));
        const head = element("tr");
        const titles = ["peer", "steps", "computing", "waiting for"].concat(hasMass ? ["mass"] : [], ["loss", "state"]);
        head.append(...titles.map((title) => element("th", title)));
        byId("peers").previousElementSibling.replaceChildren(head);
        byId("peers").replaceChildren(...pulse.peers.map((peer, index) => {
            const row = element("tr");
            const before = former?.peers[index]?.[1] ?? 0;
            const computing = (peer[1] - before) / seconds;
            const waits = pulse.waits.filter((wait) => wait[0] === index).sort((a, b) => b[2] - a[2]);
            const waited = waits.slice(0, 2).map((wait) => `${wait[1]} (${percent(wait[2] / seconds)})`).join(", ");
            row.append(element("td", String(index)), element("td", short(peer[0])), meter(computing), element("td", waited));
            if (hasMass) row.append(element("td", isNumber(peer[2]) ? short(peer[2]) : ""));
            const loss = state.losses.get(index);
            row.append(element("td", loss === undefined ? "" : loss.toFixed(3)));
            const known = ["running", "finished", "dead"].includes(peer[3]) ? peer[3] : "";
            row.append(element("td", String(peer[3]), known));
            return row;
        }));
    }

    function meter(share) {
        const cell = element("td");
        const bar = shape("svg", { class: "meter", viewBox: "0 0 100 10", preserveAspectRatio: "none" });
        bar.append(shape("rect", { x: 0, y: 0, height: 10, width: 100 * Math.min(Math.max(share, 0), 1) || 0 }));
        cell.append(bar, ` ${percent(share || 0)}`);
        return cell;
    }

    function draw() {
        drawHead();
        for (const id of ["accuracy", "loss", "distance", "speed"]) drawChart(id);
        drawPeers();
        const lines = state.log.length === 0 ? ["nothing out of the ordinary so far"] : state.log;
        byId("log").replaceChildren(...lines.map((line) => element("li", line)));
    }

    let isDue = false;
    function drawSoon() {
        if (isDue) return;
        isDue = true;
        setTimeout(() => {
            isDue = false;
            draw();
        }, 200);
    }

    // MARK: The stream

    const status = (text) => { byId("status").textContent = text; };
    const source = new EventSource("/events");
    source.addEventListener("open", () => status("The run goes on."));
    source.addEventListener("error", () => {
        if (!state.isOver) status("The connection is lost; trying again.");
    });
    source.addEventListener("run", (event) => {
        const settings = JSON.parse(event.data);
        state.settings = Object.fromEntries(settings);
        drawSoon();
    });
    source.addEventListener("restarted", () => {
        const { settings } = state;
        reset();
        state.settings = settings;
        drawSoon();
    });
    source.addEventListener("message", (event) => {
        take(event.data);
        drawSoon();
    });
    source.addEventListener("over", (event) => {
        state.isOver = true;
        source.close();
        try {
            state.summary = JSON.parse(event.data);
        } catch {
            state.summary = null;
        }
        const summary = state.summary;
        status(summary === null
            ? "Nobody writes into the folder of the run any more, and there is no summary."
            : `The run is over: ${short(summary.train_seconds)} s of training, ${short(summary.samples_per_second)} samples a second.`);
        drawSoon();
    });
    let width = 0;
    new ResizeObserver(() => {
        if (document.body.clientWidth === width) return;
        width = document.body.clientWidth;
        drawSoon();
    }).observe(document.body);
    draw();
})();
