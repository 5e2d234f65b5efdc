/**
 * Figures as lines in CloudWatch's embedded metric format: CloudWatch Logs makes metrics of what a
 * function writes, without a call, a permission or anything to wait for. It may make one twice, so
 * what is written has to bear that.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html (2026-11)
 */
import { Bug } from '../domain/errors.ts';
import { toMillis } from '../domain/instant.ts';
import {
  type Gauges,
  type Measured,
  type MetricName,
  metricDefinitions,
} from '../domain/metrics.ts';

/** By the same specification. */
const namespaceForm = /^[^:\s][\w.\-/#]{0,254}$/;

/**
 * Gauges that write lines (without their end) to `write`, standard output unless said otherwise.
 * Throws Bug at once for a namespace that CloudWatch would not take.
 */
export function embeddedMetrics(
  namespace: string,
  write: (line: string) => void = toStandardOutput,
): Gauges {
  if (!namespaceForm.test(namespace)) throw new Bug(`"${namespace}" can be no namespace`);
  return (measured, at) => {
    for (const each of measured) {
      // Far fewer than the hundred that one line may hold: there are not so many.
      const names = (Object.keys(each.values) as MetricName[]).filter((name) =>
        Number.isFinite(each.values[name]),
      );
      if (names.length > 0) write(JSON.stringify(lineOf(namespace, each, names, toMillis(at))));
    }
  };
}

/** A metric without dimensions has one empty set of them, not none. */
function lineOf(
  namespace: string,
  { stage, values }: Measured,
  names: readonly MetricName[],
  timestamp: number,
) {
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [stage === null ? [] : ['Stage']],
          Metrics: names.map((name) => ({ Name: name, Unit: metricDefinitions[name].unit })),
        },
      ],
    },
    ...(stage === null ? {} : { Stage: stage }),
    ...Object.fromEntries(names.map((name) => [name, values[name]])),
  };
}

function toStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
