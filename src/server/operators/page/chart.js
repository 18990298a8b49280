// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// Lines over the last minutes. All that is drawn stands between 0 and 100 in both directions; the
// page stretches it.

// What is shown at least, so that the first values are no long steps.
const ShortestMs = 30_000;
const Namespace = 'http://www.w3.org/2000/svg';

function svgElement(parent, name, attributes) {
    const element = document.createElementNS(Namespace, name);
    for (const [key, value] of Object.entries(attributes))
        element.setAttribute(key, value);
    parent.append(element);
    return element;
}

export function htmlElement(parent, name, className = '', text = '') {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    parent.append(element);
    return element;
}

let gradients = 0;

class Drawing {
    constructor(parent, className, label) {
        // A line on the edge is not cut.
        this.svg = svgElement(parent, 'svg', {
            class: className, viewBox: '0 -2 100 104', preserveAspectRatio: 'none', role: 'img',
            'aria-label': label,
        });
        this.marks = svgElement(this.svg, 'path', { class: 'marks' });
    }

    addLine(className) {
        const gradient = svgElement(this.svg, 'linearGradient', {
            id: `fade-${++gradients}`, class: className, x1: 0, x2: 0, y1: 0, y2: 1,
        });
        svgElement(gradient, 'stop', { class: 'fade-from', offset: 0 });
        svgElement(gradient, 'stop', { class: 'fade-to', offset: 1 });
        return {
            area: svgElement(this.svg, 'path', { fill: `url(#${gradient.id})` }),
            line: svgElement(this.svg, 'path', { class: `line ${className}` }),
        };
    }
}

// Where a moment of `history` stands.
function timeScale(history) {
    const now = history.at(-1).uptimeMs;
    const span = Math.max(now - history[0].uptimeMs, ShortestMs);
    return { span, place: entry => 100 - 100 * (now - entry.uptimeMs) / span };
}

function draw({ line, area }, history, key, scale) {
    const { place } = timeScale(history);
    const pieces = []; // in between nothing is known
    let piece = null;
    for (const entry of history) {
        if (entry[key] === null) {
            piece = null;
            continue;
        }
        if (!piece)
            pieces.push(piece = []);
        piece.push([place(entry).toFixed(2), (100 - 100 * scale.place(entry[key])).toFixed(2)]);
    }
    const path = points => points.map(point => point.join(' ')).join('L');
    line.setAttribute('d', pieces.map(points => `M${path(points)}`).join(''));
    area.setAttribute('d', pieces.map(points =>
        `M${points[0][0]} 100L${path(points)}L${points.at(-1)[0]} 100Z`).join(''));
}

function valuesOf(history, keys) {
    return history.flatMap(entry => keys.map(key => entry[key])).filter(value => value !== null);
}

// A line without anything around it.
export class Spark {
    constructor(parent, key, label) {
        this.key = key;
        this.line = new Drawing(parent, 'spark', label).addLine('first');
    }

    show(history) {
        const top = Math.max(1e-9, ...valuesOf(history, [this.key]));
        draw(this.line, history, this.key, { place: value => value / top });
    }
}

// Lines with a scale, a legend, and the values where the pointer is.
export class Chart {
    // `scaleOf` makes a scale of values; `series` is a list of { key, name, format }.
    constructor(parent, label, scaleOf, series) {
        this.scaleOf = scaleOf;
        this.series = series;
        this.history = [];
        this.pointer = null;
        const legend = htmlElement(parent, 'p', 'legend');
        this.plot = htmlElement(parent, 'div', 'plot');
        const drawing = new Drawing(this.plot, '', label);
        this.marks = drawing.marks;
        for (const [i, one] of series.entries()) {
            const className = ['first', 'second'][i];
            Object.assign(one, drawing.addLine(className));
            one.value = htmlElement(htmlElement(legend, 'span', className, one.name), 'b', '', '–');
        }
        this.cursor = svgElement(drawing.svg, 'path', { class: 'cursor' });
        this.labels = htmlElement(this.plot, 'div');
        const ages = htmlElement(parent, 'p', 'ages');
        this.start = htmlElement(ages, 'span');
        htmlElement(ages, 'span', '', 'now');
        this.plot.addEventListener('pointermove', event => this.point(event.clientX));
        this.plot.addEventListener('pointerleave', () => this.point(null));
    }

    show(history) {
        this.history = history;
        const scale = this.scaleOf(valuesOf(history, this.series.map(one => one.key)));
        for (const one of this.series) {
            draw(one, history, one.key, scale);
            // From the bottom of a scale without a zero an area would say nothing.
            one.area.toggleAttribute('hidden', !scale.hasZero);
        }
        this.showMarks(scale);
        this.start.textContent = `${Math.round(timeScale(history).span / 1000)} s ago`;
        this.showValues();
    }

    showMarks({ marks, place }) {
        const heights = marks.map(mark => 100 - 100 * place(mark));
        this.marks.setAttribute('d', heights.map(y => `M0 ${y}H100`).join(''));
        this.labels.replaceChildren();
        for (const [i, mark] of marks.entries()) {
            if (mark === 0)
                continue;
            const label = htmlElement(this.labels, 'span', 'mark', this.series[0].format(mark));
            label.style.top = `${heights[i]}%`;
        }
    }

    point(clientX) {
        const { left, width } = this.plot.getBoundingClientRect();
        this.pointer = clientX === null ? null : 100 * (clientX - left) / width;
        this.showValues();
    }

    // Those of the moment under the pointer, or the last ones.
    showValues() {
        if (this.history.length === 0)
            return;
        const { place } = timeScale(this.history);
        const wanted = this.pointer ?? 100;
        const nearest = this.history.reduce((best, entry) =>
            Math.abs(place(entry) - wanted) < Math.abs(place(best) - wanted) ? entry : best);
        for (const one of this.series)
            one.value.textContent = one.format(nearest[one.key]);
        this.cursor.setAttribute('d', this.pointer === null ? '' : `M${place(nearest)} 0V100`);
    }
}
