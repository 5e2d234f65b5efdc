/** `npm run drain` on the small company, and how it is called wrongly. */
import { expect, test } from 'vitest';
import { drainCommand } from '../../commands/drain.ts';

test('the list names each rotation, its deadline, and what it waits for', async () => {
  const { status, out } = await drainCommand(['--sandbox'], {});
  expect(status).toBe(1);
  const said = out.join('\n');
  expect(said).toMatch(/svc-image-resizer …\w{4}: Overlap: both keys work, Old key deactivated at/);
  expect(said).toContain('Still in flight: 6 going on, 1 held, 0 order(s) outstanding.');
});

test('holding brings all to rest and says when', async () => {
  const progress: string[] = [];
  const answer = await drainCommand(['--sandbox', '--hold', '--json'], {}, (line) =>
    progress.push(line),
  );
  expect(answer.status).toBe(0);
  expect(JSON.parse(answer.out[0] ?? '')).toMatchObject({ moving: [], outstanding: 0 });
  expect(progress.at(0)).toContain('0 going on, 7 held');
});

test('finishing that is not through in time says what is left', async () => {
  const { status, out } = await drainCommand(['--sandbox', '--finish', '--minutes', '60'], {});
  expect(status).toBe(1);
  expect(out.at(-1)).toContain('Still in flight');
});

test.each([
  [['--sandbox', '--hold', '--finish'], 'not both'],
  [['--sandbox', '--minutes', 'soon'], '--minutes'],
  [[], '--stage'],
  [['--nonsense'], '--nonsense'],
  [['--stage', 'nope'], 'stage nope is none of dev, staging, prod'],
  [['--stage', 'prod', '--region', 'mars-1'], 'Region mars-1 is not a Region'],
  [['--stage', 'prod', '--sandbox'], 'not both'],
])('%j is wrong usage', async (args, problem) => {
  const { status, errors } = await drainCommand(args, {});
  expect(status).toBe(2);
  expect(errors[0]).toContain(problem);
});
