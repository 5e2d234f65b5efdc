/** The drill's acts, as its state machine asks for them (infra/drill-machine.cjs). */
import * as v from 'valibot';
import {
  checkDummies,
  cleanUp,
  type DrillShell,
  followDummies,
  makeDummies,
  reportDummies,
} from '../app/drill.ts';
import { cleanCycles, drillCases } from '../domain/drill-cases.ts';
import { Permanent } from '../domain/errors.ts';
import { instant, parseInstant } from '../domain/instant.ts';
import type { Log } from '../domain/ports.ts';
import { stageNames } from '../domain/stage.ts';
import { entryPoint, type Invoke } from './middleware.ts';

const played = v.picklist(drillCases);
const dummies = v.array(
  v.object({
    case: played,
    userName: v.pipe(v.string(), v.nonEmpty()),
    userId: v.pipe(v.string(), v.nonEmpty()),
    keyIds: v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.minLength(1)),
  }),
);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const tracks = v.array(
  v.object({
    case: played,
    stages: v.array(v.picklist(stageNames)),
    refused: count,
    throttled: count,
    bursts: count,
  }),
);
/** It is part of users' names, and alone says whom to remove. */
const run = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9-]{1,24}$/, 'is not the name of a run'));
const moment = v.pipe(
  v.string(),
  v.check((text) => parseInstant(text) !== undefined, 'is not a moment'),
  v.transform(instant),
);

const act = v.variant('act', [
  v.object({ act: v.literal('make'), run }),
  v.object({ act: v.literal('report'), dummies }),
  v.object({
    act: v.literal('follow'),
    dummies,
    tracks,
    startedAt: moment,
    crowdSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(120)),
  }),
  v.object({ act: v.literal('check'), dummies, tracks }),
  v.object({ act: v.literal('clean'), run }),
  v.object({ act: v.literal('count'), statuses: v.array(v.string()) }),
]);

/** The handler. Throws Permanent on what it does not understand, naming every problem. */
export function drillHandler(shell: DrillShell & { readonly log: Log }): Invoke<unknown, unknown> {
  return entryPoint(
    { log: shell.log },
    {
      name: 'drill',
      handle: (payload) => perform(shell, actIn(payload)),
      facts: (told) => ({ told }),
    },
  );
}

type Act = v.InferOutput<typeof act>;

function actIn(payload: unknown): Act {
  const read = v.safeParse(act, payload);
  if (read.success) return read.output;
  const problems = read.issues.map((each) => `${v.getDotPath(each) ?? 'payload'}: ${each.message}`);
  throw new Permanent(`the drill was asked in terms it refuses: ${problems.join('; ')}`);
}

async function perform(shell: DrillShell, asked: Act): Promise<unknown> {
  switch (asked.act) {
    case 'make':
      return { dummies: await makeDummies(shell, asked.run) };
    case 'report':
      await reportDummies(shell, asked.dummies);
      return { reported: asked.dummies.length };
    case 'follow':
      return followDummies(shell, asked);
    case 'check':
      return checkDummies(shell, asked);
    case 'clean':
      await cleanUp(shell, asked.run);
      return { cleaned: asked.run };
    case 'count':
      return { cleanCycles: cleanCycles(asked.statuses) };
  }
}
