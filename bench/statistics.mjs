/** The value below which a share of the numbers lies: 0.5 is the median. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  return below + (sorted[Math.ceil(position)] - below) * (position % 1);
}

export const median = (numbers) => quantile(numbers, 0.5);

/** The median of several rounds, and their range. */
export function summary(numbers) {
  return { median: median(numbers), min: Math.min(...numbers), max: Math.max(...numbers) };
}

/** The ratio of two measurements, for each round separately, since both were made shortly after each other. */
export function ratios(numbers, others) {
  return summary(numbers.map((number, round) => number / others[round]));
}
