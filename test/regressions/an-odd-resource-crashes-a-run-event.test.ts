/** A run's event whose resources hold an object without a text of its own threw a TypeError. */
import { expect, test } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import { changed } from '../fixtures/events.ts';

const read = eventReader({ partition: 'aws', customAction: 'keyturn' });

test.each([[{ toString: null, valueOf: 1 }], [7], [null], [['arn:aws:ssm']]])(
  'given %j among its resources, then the event is rejected by name',
  (resource) => {
    expect(read(changed('ssm-execution-success', { 'resources/0': resource }))).toMatchObject({
      kind: 'rejected',
      problems: [expect.stringMatching(/^resources\[0\] is .+: it should be an ARN$/)],
    });
  },
);
