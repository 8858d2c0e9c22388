// The rows of the table of targets. A scenario returns `figures`: for the number of a row, its values in the order of `targets`.
const ratio = (value) => value.toFixed(2);
const whole = (value) => Math.round(value).toLocaleString('en');
const oneDecimal = (value) => value.toFixed(1);
const share = (value) => `${whole(value * 100)} %`;
const ms = (value) => `${value < 20 ? oneDecimal(value) : whole(value)} ms`;
const seconds = (value) => `${value.toFixed(2)} s`;
const mebibytes = (value) => `${whole(value)} MiB`;

export const ROWS = [
  {
    row: 1,
    what: 'CPU per creation on SQLite ÷ Mercurius with JIT that only calls',
    targets: [{ max: 2.5, show: ratio }],
    aim: '1.0',
  },
  {
    row: 2,
    what: 'the same on PostgreSQL, limits on, one client',
    targets: [{ max: 2.5, show: ratio }],
    aim: '1.2',
  },
  {
    row: 3,
    what: 'durable creations/s end to end, SQLite / PostgreSQL on the same cores, one client with limits',
    targets: [
      { min: 1500, show: whole },
      { min: 800, show: whole },
    ],
    aim: '2,500 / 1,200',
  },
  {
    row: 4,
    what: "added latency on SQLite at 200/s over 50 ms, p50 / p99 ÷ Mercurius with JIT's",
    targets: [
      { max: 3, show: ratio },
      { max: 3, show: ratio },
    ],
    aim: '1.5 / 1.5',
  },
  {
    row: 5,
    what: 'offered twice what it can do, SQLite: completed/s ÷ capacity / the others refused within / typed, with a time to wait',
    targets: [
      { min: 0.8, show: ratio },
      { max: 1, show: seconds },
      { min: 1, show: share },
    ],
    aim: '0.95',
  },
  {
    row: 6,
    what: 'CPU of `paymentSession(id)` ÷ an empty Fastify route plus the SQL read',
    targets: [{ max: 2, show: ratio }],
    aim: '1.3',
  },
  {
    row: 7,
    what: '`_entities` of 500, warm / the first time, SQLite',
    targets: [
      { max: 30, show: ms },
      { max: 120, show: ms },
    ],
    aim: '12 ms',
  },
  {
    row: 8,
    what: 'start to ready on an existing SQLite database / memory then / peak at saturation',
    targets: [
      { max: 0.7, show: seconds },
      { max: 110, show: mebibytes },
      { max: 160, show: mebibytes },
    ],
    aim: '0.4 s',
  },
  {
    row: 10,
    what: 'database round trips per creation / send / replay on PostgreSQL, limits on',
    targets: [
      { max: 2, show: oneDecimal },
      { max: 3, show: oneDecimal },
      { max: 1, show: oneDecimal },
    ],
  },
  {
    row: 11,
    what: 'fsyncs per payment at saturation, SQLite',
    targets: [{ max: 0.3, show: ratio }],
    aim: '0.1',
  },
];
