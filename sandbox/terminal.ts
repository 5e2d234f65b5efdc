/** The story and its end as a terminal shows them; colour only where the terminal has it. */
import { styleText } from 'node:util';
import { type Instant, instant, millisBetween, millisOf } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import type { Demo } from './demo.ts';
import type { RotationReport } from './report.ts';
import type { StoryLine } from './story.ts';

type Colour = Parameters<typeof styleText>[0];

const looks: Readonly<Record<StoryLine['kind'], readonly [string, Colour]>> = {
  event: ['event  ', 'blue'],
  decision: ['decides', 'magenta'],
  runbook: ['runbook', 'gray'],
  slack: ['slack  ', 'cyan'],
  app: ['app    ', 'red'],
  press: ['press  ', 'green'],
  pager: ['pager  ', 'red'],
  hub: ['hub    ', 'yellow'],
};

/** Prints lines as they come, a heading for each new day before them. */
export function teller(start: Instant): (lines: readonly StoryLine[]) => void {
  let shown = '';
  return (lines) => {
    for (const { at, kind, text } of lines) {
      const day = at.slice(0, 10);
      if (day !== shown) {
        const elapsed = millisBetween(midnight(start), midnight(at));
        console.log(styleText('bold', `\nDay ${elapsed / millisOf({ days: 1 }) + 1}, ${day}`));
        shown = day;
      }
      const [word, colour] = looks[kind];
      console.log(`${at.slice(11, 16)}  ${styleText(colour, word)}  ${text}`);
    }
  };
}

function midnight(moment: Instant): Instant {
  return instant(`${moment.slice(0, 10)}T00:00:00Z`);
}

/** Prints what became of everybody. */
export function summarise({ report, company, cast }: Demo): void {
  console.log(styleText('bold', '\nWhat became of everybody'));
  for (const each of report.rotations) {
    const about = company.find(({ employee }) => employee.userName === each.userName);
    const finding = report.findings.find(({ userName }) => userName === each.userName);
    console.log(`\n${heading(each)}  (${about?.employee.about})`);
    console.log(`   ${keys(each)}; Security Hub: ${finding?.workflow}`);
    console.log(`   ${each.reason}`);
  }
  console.log(
    `\n${report.simulatedDays} days simulated: ${report.runbookExecutions} runbook executions, ` +
      `${report.slackMessages} Slack messages, ${cast.pressed.length} presses, ` +
      `${report.pagerDutyIncidents} PagerDuty incidents.`,
  );
}

function heading({ account, userName, stage, outcome }: RotationReport): string {
  const mark = stage === 'done' ? styleText('green', '✔') : styleText('yellow', '⏸');
  return `${mark}  ${styleText('bold', `${account}/${userName}`)}  ${outcome ?? stage}`;
}

function keys({ oldKeyId, oldKeyStatus, newKeyId }: RotationReport): string {
  const newKey = newKeyId === null ? 'no new key' : `new key ${shortKey(newKeyId)}`;
  return `old key ${shortKey(oldKeyId)} ${oldKeyStatus}, ${newKey}`;
}
