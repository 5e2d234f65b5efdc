/**
 * Policy files as people and merges break them, in YAML and in JSON: refused with line and column
 * of every problem, or read to a policy within its bounds.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readPolicyFile } from '../../../adapters/policy-file.ts';
import { type Policy, policyBounds } from '../../../domain/policy.ts';
import type { PolicyBook } from '../../../domain/policy-book.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { chosen } from '../examples.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';

const everything = readFileSync(
  new URL('../../../infra/policy/example.yml', import.meta.url),
  'utf8',
);
/** To see that windows meet takes a hundred times as long as all the rest. */
const whole = everything
  .split('\n')
  .filter((line) => !/^ +(?:window:|#)/.test(line))
  .join('\n');
const values: readonly unknown[] = [...Array(30).fill(parse(whole)), parse(everything)];

interface Given {
  readonly which: number;
  readonly form: 'JSON' | 'YAML' | 'as written';
  readonly bites: readonly Bite[];
}

export const policyFileShape: Shape = shapeOf<Given>({
  name: 'policy file',
  share: 30,
  cases: fc.record({
    which: anyNumber,
    form: fc.constantFrom('JSON', 'YAML', 'as written'),
    bites: someBites,
  }),
  check: (given) => checkFile(textOf(given).text),
  tell: (given) => [given.form, ...textOf(given).marks].join('\n  '),
});

export const policyTextShape: Shape = shapeOf<readonly [number, number, number]>({
  name: 'policy file, as a text',
  share: 30,
  cases: fc.tuple(anyNumber, anyNumber, anyNumber),
  check: ([where, how, what]) => checkFile(broken(where, how, what)),
  tell: ([where, how, what]) => broken(where, how, what).slice(0, 2000),
});

function textOf({ which, form, bites }: Given) {
  if (form === 'as written') {
    const [[where, how, what] = [0, 0, 0]] = bites;
    return { text: broken(where, how, what), marks: [`text at ${where}, ${how}, ${what}`] };
  }
  const { value: damaged, marks } = bitten(chosen(values, which), bites);
  return { text: form === 'JSON' ? JSON.stringify(damaged) : stringify(damaged), marks };
}

/** What YAML itself makes something of, or chokes on. */
const pieces: readonly string[] = [
  '\t',
  '  ',
  ': ',
  '- ',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!js/function ',
  '!!binary ',
  '---\n',
  '...\n',
  '{',
  ']',
  '"',
  "'",
  '|\n',
  '# ',
  '%YAML 1.1\n',
  '? ',
  '__proto__: {a: 1}\n',
  'constructor: 1\n',
  ...hostileTexts,
];

/** A line goes, comes twice or gets lost in half, or something is put in. */
function broken(where: number, how: number, what: number): string {
  const lines = whole.split('\n');
  const line = where % lines.length;
  const piece = chosen(pieces, what);
  switch (how % 6) {
    case 0:
      return lines.toSpliced(line, 1).join('\n');
    case 1:
      return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
    case 2:
      return whole.slice(0, where % whole.length);
    case 3:
      return lines.with(line, ` ${lines[line]}`).join('\n');
    case 4:
      return lines.with(line, `${lines[line]}${piece}`).join('\n');
    default: {
      const at = where % whole.length;
      return whole.slice(0, at) + piece + whole.slice(at);
    }
  }
}

function checkFile(text: string): CameTo {
  const read = readPolicyFile(text, 'policy.yml');
  if (!read.ok) {
    must(read.problems.length > 0, 'what is refused has problems', read);
    for (const problem of read.problems) {
      must(/^policy\.yml:\d+:\d+: \S/.test(problem), 'a problem says where', problem);
      must(problem.length < 1000, 'a problem is short', problem);
      must(!/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E]/u.test(problem), 'nothing hides', problem);
    }
    return 'rejected';
  }
  mustBeWithinBounds(read.value);
  return 'accepted';
}

function mustBeWithinBounds({ defaults, rules, exemptions, people }: PolicyBook): void {
  for (const changes of [defaults, ...rules.map((rule) => rule.changes)]) {
    for (const [field, [least, most]] of Object.entries(policyBounds)) {
      const given: unknown = changes[field as keyof Policy];
      const within = typeof given === 'number' && given >= least && given <= most;
      must(given === undefined || (within && Number.isInteger(given)), 'within bounds', changes);
    }
    const modes: unknown[] = ['observe', 'approve', 'auto', undefined];
    must(modes.includes(changes.mode), 'a mode is one of three', changes);
  }
  for (const { account, from, until, reason, by } of exemptions) {
    must(/^\d{12}$/.test(account) && from < until, 'an exemption: account and time', exemptions);
    must(reason.trim() !== '' && by.trim() !== '', 'an exemption has a reason', exemptions);
  }
  for (const { slackUserId, name, roles } of people) {
    must(/^[UW][A-Z0-9]+$/.test(slackUserId) && name.trim() !== '', 'people: names', people);
    must(Array.isArray(roles), 'people have roles', people);
  }
}
