// The rows of the table of targets. A scenario returns `figures`: for the number of a row, one value for each of its targets.
const ratio = (value) => value.toFixed(2);
const whole = (value) => Math.round(value).toLocaleString('en');

/** `atMost` or `atLeast` has a target for each value. */
export const ROWS = [
  {
    row: 1,
    what: 'CPU per creation on SQLite ÷ Mercurius with JIT that only calls',
    atMost: [2.5],
    aim: '1.0',
    show: [ratio],
  },
  { row: 2, what: 'the same on PostgreSQL, limits on, one caller', atMost: [2.5], aim: '1.2', show: [ratio] },
  {
    row: 3,
    what: 'durable creations/s end to end, SQLite / PostgreSQL on the same cores, one caller with limits',
    atLeast: [1500, 800],
    aim: '2,500 / 1,200',
    show: [whole, whole],
  },
];
