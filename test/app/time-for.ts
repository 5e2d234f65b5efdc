/** Time that is up after so many looks at it: no test waits for any. */
import type { TimeLeft } from '../../app/time-left.ts';

export function timeFor(looks: number): TimeLeft {
  let left = looks;
  const millis = () => {
    left -= 1;
    return left < 0 ? 0 : 900_000;
  };
  return { millis, within: (_millis, _tried, work) => work() };
}
