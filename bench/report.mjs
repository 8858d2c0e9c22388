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
  const rows = ROWS.filter(({ row }) => figures[row] !== undefined).map((row) => [
    String(row.row),
    row.what,
    joined(row, figures[row.row]),
    row.limit ?? `${row.atMost ? 'at most' : 'at least'} ${joined(row, row.atMost ?? row.atLeast)}`,
    row.aim ?? '',
    isMet(row, figures[row.row]) ? 'met' : '**not met**',
  ]);
  return markdownTable({ head: ['#', 'What', 'Measured', 'Target', 'Aim', ''], rows });
}

function joined({ show }, values) {
  return values.map((value, index) => (value === undefined ? 'not measured' : show[index](value))).join(' / ');
}

function isMet({ atMost, atLeast }, values) {
  return values.every((value, index) => (atMost ? value <= atMost[index] : value >= atLeast[index]));
}

function markdownTable({ head, rows }) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
