import { ROWS } from './rows.mjs';

/** A number with as many digits as are worth reading. */
export function number(value) {
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** The median of the rounds, and their least and most. */
export function spread({ median, least, most }, unit = '') {
  const suffix = unit && ` ${unit}`;
  return `**${number(median)}**${suffix} (${number(least)} – ${number(most)})`;
}

export function ratio({ median, least, most }) {
  return `**${median.toFixed(2)}** (${least.toFixed(2)} – ${most.toFixed(2)})`;
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
  return markdownTable({ head: ['#', 'What', 'Measured', 'Target', 'Aim', ''], rows });
}

/** A figure that is a text says why there is no number. */
function shown(show, value) {
  return typeof value === 'string' ? value : show(value);
}

function targetText({ atMost, atLeast, show }) {
  return atMost === undefined ? `≥ ${show(atLeast)}` : `≤ ${show(atMost)}`;
}

function isMet({ atMost = Infinity, atLeast = -Infinity }, value) {
  return typeof value === 'number' && value <= atMost && value >= atLeast;
}

function markdownTable({ head, rows }) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
