// What several rounds say together.

/** The middle one; the mean of the two middle ones of an even number. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle - 0.5)] + sorted[Math.floor(middle)]) / 2;
}

export const rounded = (x, digits = 3) => Number(x.toFixed(digits));

/** The part of the work that the second busiest thread did, of what the two busiest did. */
export function smallerShare(threadCpu) {
  const [first = 0, second = 0] = threadCpu;
  return first === 0 ? 0 : second / (first + second);
}

export function print(line) {
  console.log(JSON.stringify(line));
}
