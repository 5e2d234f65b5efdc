/** A decision as one line of the golden table: where it leads and what it orders. */
import type { Rotation } from '../../domain/case.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Decision } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';

const effectOrder = [
  'start',
  'page',
  'clear',
  'message',
  'announce',
  'publish',
  'record',
  'report',
];

function effectInShort(effect: Effect): string {
  switch (effect.type) {
    case 'start runbook':
      return `start ${effect.runbook}`;
    case 'update message':
      return effect.news === null ? 'message (no news)' : 'message';
    case 'page':
      return `page ${effect.about}`;
    case 'clear page':
      return `clear ${effect.about}`;
    case 'record result':
      return `record ${effect.workflow}`;
    default:
      return effect.type;
  }
}

function effectsInShort(effects: readonly Effect[]): string {
  const place = (short: string) => effectOrder.indexOf(short.split(' ')[0] ?? '');
  const shorts = effects.map(effectInShort).sort((a, b) => place(a) - place(b));
  if (shorts.length === 0) return 'nothing';
  return shorts
    .join(', ')
    .replace('message, announce, publish, record NOTIFIED', 'tell all')
    .replace('clear held, clear old-key-used', 'clear pages');
}

function stageInShort(stage: Stage): string {
  switch (stage.name) {
    case 'proposed':
      return stage.approval.given ? 'proposed, approved' : 'proposed';
    case 'overlapping':
    case 'soaking':
      return stage.authority.kind === 'evidence'
        ? stage.name
        : `${stage.name}, ${stage.authority.kind}`;
    case 'held':
      return `held at ${stageInShort(stage.kept)} (${stage.reason.code}; old key ${stage.oldKey})`;
    case 'done':
      return `done, ${stage.outcome}`;
    default:
      return `${stage.name}, ${stage.run.status}`;
  }
}

/** The deadline of a stage that has one. */
function deadlineOf({ stage }: Rotation): string | undefined {
  switch (stage.name) {
    case 'proposed':
      return stage.due;
    case 'issuing':
      return stage.run.status === 'waiting' ? stage.run.retryAt : undefined;
    case 'overlapping':
      return stage.deactivateAt;
    case 'soaking':
      return stage.deleteAt;
    default:
      return undefined;
  }
}

function shiftInShort(before: Rotation, after: Rotation): string {
  const [was, is] = [deadlineOf(before), deadlineOf(after)];
  if (before.stage.name !== after.stage.name || was === is) return '';
  if (was === undefined || is === undefined) return '';
  return is > was ? ', deadline later' : ', deadline earlier';
}

export function inShort(before: Rotation, decision: Decision): string {
  if (decision.ignored !== undefined) return `ignored: ${decision.ignored}`;
  const after = decision.rotation;
  const [was, is] = [stageInShort(before.stage), stageInShort(after.stage)];
  const where = was === is ? 'stays' : `→ ${is}`;
  return `${where}${shiftInShort(before, after)}: ${effectsInShort(decision.effects)}`;
}
