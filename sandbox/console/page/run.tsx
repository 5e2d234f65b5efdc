/** One execution of a runbook: its steps, which light up one by one, with inputs and outputs. */
import type { RunView, StepView } from '../view.ts';
import { secondOf, toneOfStatus } from './words.ts';

export function Run({ run }: { readonly run: RunView }) {
  const tone = toneOfStatus(run.status);
  return (
    <div class="run">
      <p>
        <b>{run.document}</b> <span class={`stage ${tone}`}>{run.status}</span>{' '}
        <span class="soft mono">{run.id}</span>
      </p>
      {run.failure !== null && <p class="bad">{run.failure}</p>}
      <ol class="steps">
        {run.steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </div>
  );
}

function Step({ step }: { readonly step: StepView }) {
  const { name, action, status, startedAt, inputs, outputs, failure } = step;
  const details = [...Object.entries(inputs), ...Object.entries(outputs)].length > 0;
  const head = (
    <>
      <span class={`dot ${toneOfStatus(status)}`} aria-hidden="true" />
      <span class="step-name">{name}</span>
      <span class="soft">{status}</span>
      <span class="soft when">{startedAt === null ? '' : secondOf(startedAt)}</span>
    </>
  );
  return (
    <li class={`step ${toneOfStatus(status)}`}>
      {details ? (
        <details>
          <summary>{head}</summary>
          <p class="soft mono">{action}</p>
          <Values title="Inputs" values={inputs} />
          <Values title="Outputs" values={outputs} />
        </details>
      ) : (
        <p class="summary">{head}</p>
      )}
      {failure !== null && <p class="bad">{failure}</p>}
    </li>
  );
}

function Values({
  title,
  values,
}: {
  readonly title: string;
  readonly values: Readonly<Record<string, string>>;
}) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <>
      <h5>{title}</h5>
      <dl class="values">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
