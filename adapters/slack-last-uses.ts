/** Who used the old key last, as a part of a Slack message. What it names is outside text. */
import type { Rotation } from '../domain/case.ts';
import { usesInWords } from '../domain/status-text.ts';
import { oneLine } from './cut-text.ts';
import { cutEscaped, plainText } from './slack-escape.ts';
import { slackLimits } from './slack-limits.ts';
import type { Block } from './slack-message.ts';

/** Characters that a line may have, before the "• ". */
const mostOfLine = 200;

/** One section in plain_text; no block at all where nothing is known. */
export function lastUses(rotation: Rotation): Block[] {
  const lines = usesInWords(rotation).map((use) => `• ${plainText(oneLine(use), mostOfLine)}`);
  if (lines.length === 0) return [];
  const text = ['The old key was last used by', ...lines].join('\n');
  return [
    {
      type: 'section',
      text: { type: 'plain_text', text: cutEscaped(text, slackLimits.sectionText), emoji: false },
    },
  ];
}
