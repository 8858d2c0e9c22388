import { ROWS } from './rows.mjs';

/** A number with as many digits as are worth reading. */
export function number(value) {
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** The median of the rounds, and their range. */
export function spread({ median, min, max }, unit = '') {
  const suffix = unit && ` ${unit}`;
  return `**${number(median)}**${suffix} (${number(min)} – ${number(max)})`;
}

export function ratio({ median, min, max }) {
  return `**${median.toFixed(2)}** (${min.toFixed(2)} – ${max.toFixed(2)})`;
}

/** Text of a scenario: its title and its tables. */
export function section(title, { tables, notes = [] }) {
  return [`## ${title}`, ...tables.map(markdownTable), ...notes].join('\n\n');
}

/** The table of targets, for the rows that have figures. */
export function targets(figures) {
  const rows = ROWS.filter(({ row }) => figures[row] !== undefined).map(({ row, what, targets, aim = '' }) => [
    String(row),
    what,
    targets.map(({ show }, index) => shown(show, figures[row][index])).join(' / '),
    targets.map(targetText).join(' / '),
    aim,
    targets.every((target, index) => isMet(target, figures[row][index])) ? 'met' : '**not met**',
  ]);
  return markdownTable({ head: ['#', 'What', 'Measured', 'Target', 'Aim', ''], rows, left: 2 });
}

/** A figure that is a text says why there is no number. */
function shown(show, value) {
  return typeof value === 'string' ? value : show(value);
}

function targetText({ max, min, show }) {
  return max === undefined ? `≥ ${show(min)}` : `≤ ${show(max)}`;
}

function isMet({ max = Infinity, min = -Infinity }, value) {
  return typeof value === 'number' && value <= max && value >= min;
}

/** A table as Prettier formats it, so that it is readable as text too. The first `left` columns are aligned left. */
function markdownTable({ head, rows, left = 1 }) {
  const widths = head.map((_, index) => Math.max(3, ...[head, ...rows].map((cells) => String(cells[index]).length)));
  const padded = (cell, index) =>
    index < left ? String(cell).padEnd(widths[index]) : String(cell).padStart(widths[index]);
  const line = (cells) => `| ${cells.map(padded).join(' | ')} |`;
  const rule = widths.map((width, index) => (index < left ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
