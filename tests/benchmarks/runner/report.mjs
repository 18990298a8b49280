// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The median of each number in objects of one shape.
export function medians(results) {
    return Object.fromEntries(Object.keys(results[0]).map((key) => [key,
        typeof results[0][key] === 'number' ? median(results.map((result) => result[key]))
            : results.at(-1)[key]]));
}

export function number(value, digits) {
    return value.toLocaleString('en-US',
        { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// A table in Markdown, so that it can be put into the documentation as it is.
export function table(title, header, rows) {
    const widths = header.map((_, column) =>
        Math.max(...[header, ...rows].map((row) => String(row[column]).length)));
    const line = (cells) => `| ${cells.map((cell, column) =>
        column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]))
        .join(' | ')} |`;
    const rule = `|${widths.map((width, column) =>
        column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`).join('|')}|`;
    return [`\n### ${title}`, '', line(header), rule, ...rows.map(line)].join('\n');
}
