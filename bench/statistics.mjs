/** The value below which a share of the numbers lies: 0.5 is the median. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  return below + (sorted[Math.ceil(position)] - below) * (position % 1);
}

export const median = (numbers) => quantile(numbers, 0.5);

/** The median of several rounds, and the least and the most of them. */
export function summary(numbers) {
  return { median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) };
}

/** The ratio of two measurements that took turns: each round has a ratio of its own. */
export function ratios(numbers, others) {
  return summary(numbers.map((number, round) => number / others[round]));
}
