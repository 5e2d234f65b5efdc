/** What people ask after /keyturn, and who may be told what. */
import type { Rotation } from './case.ts';
import { endingLength } from './line.ts';
import type { Person } from './people.ts';

export type Question =
  | { readonly about: 'mine' }
  | { readonly about: 'due' }
  | { readonly about: 'status'; readonly which: Which }
  | { readonly about: 'help' }
  /** Whatever was typed is repeated nowhere. */
  | { readonly about: 'unknown'; readonly problem: string };

/** How a rotation is named by people. */
export type Which =
  | { readonly by: 'rotation'; readonly id: string }
  | { readonly by: 'key'; readonly keyId: string }
  | { readonly by: 'ending'; readonly ending: string };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (2026-11) */
const keyForm = /^A[A-Z0-9]{15,127}$/;
const rotationForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const endingForm = new RegExp(`^[A-Z0-9]{${endingLength}}$`);

/** The question in what somebody typed after the command. Nothing at all asks for help. */
export function questionIn(typed: string): Question {
  // People copy a key as Slack shows it: in code style, with the dots before its end.
  const words = typed
    .replaceAll(/[`*_…]|\.{3}/gu, ' ')
    .trim()
    .split(/\s+/u);
  const [first = '', second, ...more] = words;
  const verb = first.toLowerCase();
  if (verb === '' || verb === 'help') return { about: 'help' };
  if ((verb === 'mine' || verb === 'due') && second === undefined) return { about: verb };
  if (verb === 'mine' || verb === 'due') return unknown(`${verb} stands alone`);
  if (verb !== 'status') return unknown('Keyturn does not know that question');
  if (second === undefined) return unknown('status needs a key: its id, or the end of it');
  if (more.length > 0) return unknown('status takes one key');
  const which = whichIn(second);
  return which === undefined
    ? unknown(
        `that is neither the id of a key, nor its last ${endingLength} characters, nor the id of ` +
          'a rotation',
      )
    : { about: 'status', which };
}

function unknown(problem: string): Question {
  return { about: 'unknown', problem };
}

function whichIn(word: string): Which | undefined {
  const id = word.toLowerCase();
  if (rotationForm.test(id)) return { by: 'rotation', id };
  const keyId = word.toUpperCase();
  if (keyForm.test(keyId)) return { by: 'key', keyId };
  return endingForm.test(keyId) ? { by: 'ending', ending: keyId } : undefined;
}

/** Whether somebody sees every rotation. Owners see their own. */
export function seesAll({ roles }: Person): boolean {
  return roles.some((role) => role === 'viewer' || role === 'approver' || role === 'admin');
}

/** Whether somebody may be told of a rotation. */
export function maySee(person: Person, { owner }: Rotation): boolean {
  return seesAll(person) || (owner.known && owner.slackUserId === person.slackUserId);
}
