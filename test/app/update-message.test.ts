/** The rotation's one message: posted once, shown anew, posted anew where a person deleted it. */
import { describe, expect, test } from 'vitest';
import { updateMessage } from '../../app/update-message.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { done, held, overlapping, proposed, rotationId } from '../builders.ts';
import { type GivenShell, givenShell } from './given-shell.ts';

const update = ({ shell }: GivenShell, news: string | null = null) =>
  updateMessage(shell, rotationId, news);

describe('the first time', () => {
  test('the message is posted and its place remembered', async () => {
    const given = await givenShell();
    await given.put(proposed());
    expect(await update(given, 'It begins.')).toBe('performed');
    const [head] = given.heads();
    expect(await given.shell.store.messageOf(rotationId)).toEqual({
      channel: 'C0ACCESSKEYS',
      ts: head?.ts,
    });
    expect(given.replies()).toMatchObject([{ text: 'It begins.', threadTs: head?.ts }]);
  });

  test('it shows the state as it is by then, not as it was when it was ordered', async () => {
    const given = await givenShell();
    await given.put(proposed());
    await given.moved(overlapping());
    await update(given);
    expect(given.heads()[0]?.text).toContain('Both keys work');
  });

  test('a message whose thread could not be written to is not posted again', async () => {
    const given = await givenShell();
    await given.put(proposed());
    const reply = async () => {
      throw new Transient('Slack did not answer');
    };
    const shell = { ...given.shell, messenger: { ...given.shell.messenger, reply } };
    await expect(updateMessage(shell, rotationId, 'News.')).rejects.toThrow(Transient);
    await update(given, 'News.');
    expect(given.heads()).toHaveLength(1);
    expect(given.replies()).toHaveLength(1);
  });
});

describe('from then on', () => {
  const posted = async () => {
    const given = await givenShell();
    await given.put(proposed());
    await update(given);
    return given;
  };

  test('the same message is shown anew, from the stored state', async () => {
    const given = await posted();
    await given.moved(held());
    await update(given, 'It is held.');
    expect(given.heads()).toMatchObject([{ text: expect.stringContaining('On hold'), edits: 1 }]);
    expect(given.replies().map(({ text }) => text)).toEqual(['It is held.']);
  });

  test('without news nothing is said in the thread', async () => {
    const given = await posted();
    await update(given, null);
    expect(given.replies()).toEqual([]);
  });

  test('twice changes nothing twice in the channel', async () => {
    const given = await posted();
    await given.moved(done());
    await update(given);
    const [before] = given.heads();
    await update(given);
    expect(given.heads()).toEqual([{ ...before, edits: 2 }]);
  });

  test('a message that a person deleted is posted anew, and its news stand under it', async () => {
    const given = await posted();
    const [first] = given.heads();
    given.world.slack.remove(first?.ts ?? '');
    await given.moved(overlapping());
    await update(given, 'Both work.');
    const [second, ...more] = given.heads();
    expect(more).toEqual([]);
    expect(second?.ts).not.toBe(first?.ts);
    expect(given.replies()).toMatchObject([{ threadTs: second?.ts }]);
    expect(await given.shell.store.messageOf(rotationId)).toMatchObject({ ts: second?.ts });
    await update(given);
    expect(given.heads()).toHaveLength(1);
  });

  test('a Slack that is down gets no second message', async () => {
    const given = await posted();
    given.world.slack.fail({ kind: 'error', error: 'internal_error' });
    await expect(update(given)).rejects.toThrow(Transient);
    given.world.slack.fail({ kind: 'rate limited', retryAfterSeconds: 30 });
    await expect(update(given)).rejects.toThrow(Transient);
    given.world.slack.fail(null);
    await expect(update(given)).rejects.toThrow('Slack asks for silence');
    await given.later({ seconds: 30 });
    await update(given);
    expect(given.heads()).toHaveLength(1);
  });

  test('an update alone that does not get through brings no second message', async () => {
    const given = await posted();
    const lost = async () => {
      throw new Transient('the answer was lost');
    };
    const shell = { ...given.shell, messenger: { ...given.shell.messenger, update: lost } };
    await expect(updateMessage(shell, rotationId, 'News.')).rejects.toThrow(Transient);
    expect(given.heads()).toHaveLength(1);
    expect(given.replies()).toEqual([]);
  });

  test('a token that is refused is a person’s to mend, and no second message either', async () => {
    const given = await posted();
    given.world.slack.fail({ kind: 'error', error: 'token_revoked' });
    await expect(update(given)).rejects.toThrow(Permanent);
    given.world.slack.fail(null);
    await update(given);
    expect(given.heads()).toHaveLength(1);
  });
});

test('a rotation that there is not is named', async () => {
  const given = await givenShell();
  await expect(update(given)).rejects.toThrow(`there is no rotation ${rotationId}`);
});
