/**
 * When Secrets Manager rotates: after so many days, or at a rate. Calendars (`cron`) and windows
 * are not modelled.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html (2026-11)
 */
import type { RotationRulesType } from '@aws-sdk/client-secrets-manager';
import { notModelled } from './strict.ts';

export type Interval = { readonly days: number } | { readonly hours: number };

/** Throws NotModelled for what is valid and not modelled. */
export function isRule(rules: RotationRulesType): boolean {
  if (rules.Duration !== undefined) throw notModelled('secretsmanager:RotateSecret with Duration');
  if (/^cron\(/.test(rules.ScheduleExpression ?? '')) {
    throw notModelled('secretsmanager:RotateSecret with cron()');
  }
  return ruleProblem(rules) === '';
}

/** What AWS has against the rules; empty if nothing. */
export function ruleProblem({
  AutomaticallyAfterDays: days,
  ScheduleExpression: at,
}: RotationRulesType) {
  if ((days === undefined) === (at === undefined)) {
    return 'You must specify AutomaticallyAfterDays or ScheduleExpression, but not both.';
  }
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 1000)) {
    return 'AutomaticallyAfterDays must be between 1 and 1000.';
  }
  return at === undefined || rateOf(at) !== undefined
    ? ''
    : `ScheduleExpression is not valid: ${at}. A rate is of 4 hours to 999 days.`;
}

/** Of rules that AWS takes. */
export function intervalOf(rules: RotationRulesType): Interval | undefined {
  return rules.AutomaticallyAfterDays === undefined
    ? rateOf(rules.ScheduleExpression ?? '')
    : { days: rules.AutomaticallyAfterDays };
}

/** Not more often than every four hours. */
function rateOf(expression: string): Interval | undefined {
  const [, count = '', unit = ''] = /^rate\((\d{1,3}) (hours?|days?)\)$/.exec(expression) ?? [];
  const number = Number(count);
  if (number < 1) return undefined;
  if (unit.startsWith('day')) return { days: number };
  return number >= 4 ? { hours: number } : undefined;
}
