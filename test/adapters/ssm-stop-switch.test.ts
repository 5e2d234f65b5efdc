/** The stop switch fails closed, says why, and is not asked more often than every 30 seconds. */
import { describe, expect, test } from 'vitest';
import { ssmStopSwitch } from '../../adapters/ssm-stop-switch.ts';
import { instant, millisOf } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const name = '/keyturn/dev/stop';
const lift = `aws ssm put-parameter --name ${name} --value go --overwrite`;

function given(GetParameter: NonNullable<Answers['GetParameter']>) {
  const clock = virtualClock(instant('2026-11-02T08:00:00Z'));
  const { connection, calls } = cannedAws({ GetParameter });
  return { clock, calls, stopSwitch: ssmStopSwitch(connection, name, clock) };
}

const saying = (Value?: string) => (): unknown => ({
  Parameter: { Value, LastModifiedDate: new Date('2026-11-01T10:00:00Z') },
});

test('go is go', async () => {
  expect(await given(saying('go')).stopSwitch.read()).toEqual({ stopped: false });
});

describe('anything else stops, and says how to lift it', () => {
  test.each(['stop', '', 'Go', ' go', 'go ', 'go\n', 'incident 42'])('"%s"', async (value) => {
    const state = await given(saying(value)).stopSwitch.read();
    expect(state).toMatchObject({ stopped: true, since: '2026-11-01T10:00:00.000Z' });
    expect(state).toMatchObject({ why: expect.stringContaining(lift) });
  });

  test.each([
    ['no value', saying()],
    ['no parameter in the answer', () => ({})],
    ['a throttle', () => Promise.reject(throttled())],
    ['a refusal', () => Promise.reject(awsError('AccessDeniedException', 'no'))],
    ['no answer', () => Promise.reject(new Error('socket hang up'))],
  ])('%s', async (_what, answer) => {
    const state = await given(answer).stopSwitch.read();
    expect(state).toMatchObject({ stopped: true, why: expect.stringContaining(name) });
  });

  test('no such parameter: then it has to be made', async () => {
    const gone = () => Promise.reject(awsError('ParameterNotFound', 'not found'));
    const why = expect.stringContaining(`${lift} --type String`);
    expect(await given(gone).stopSwitch.read()).toEqual({ stopped: true, why, since: null });
  });

  test('a long reason is cut', async () => {
    const state = await given(saying('x'.repeat(4000))).stopSwitch.read();
    expect(state.stopped && state.why.length).toBeLessThan(400);
  });
});

test('an answer counts for 30 seconds, good or bad', async () => {
  let value = 'go';
  const { clock, calls, stopSwitch } = given(() => saying(value)());
  const after = async (seconds: number) => {
    await clock.sleep(millisOf({ seconds }));
    return (await stopSwitch.read()).stopped;
  };
  expect(await after(0)).toBe(false);
  value = 'stop';
  expect(await after(29)).toBe(false);
  expect(calls).toHaveLength(1);
  expect(await after(1)).toBe(true);
  value = 'go';
  expect(await after(29)).toBe(true);
  expect(await after(1)).toBe(false);
  expect(calls).toHaveLength(3);
});

test('is asked each time where a key depends on it', async () => {
  const { connection, calls } = cannedAws({ GetParameter: saying('go') });
  const clock = virtualClock(instant('2026-11-02T08:00:00Z'));
  const stopSwitch = ssmStopSwitch(connection, name, clock, { seconds: 0 });
  await stopSwitch.read();
  await stopSwitch.read();
  expect(calls).toHaveLength(2);
});
