/** How files look: names, length, how they open, what they leave out. */
import { basename, dirname } from 'node:path/posix';
import { codeOf } from './code.ts';
import { atEach, isCode, isTypeScript, type Rule } from './source.ts';

const widest = 100;
const longest = { product: 300, tests: 400 };

/** A link cannot be broken; it may stand on a comment's line with the date on which it was read. */
const aloneLink = /^\s*(?:\*|\/\/|#)?\s*https?:\/\/\S+(?: \([\w ,.-]+\))?$/;

export const linesAreShort: Rule = ({ path, text }) => {
  if (!isTypeScript({ path, text })) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line].length <= widest || aloneLink.test(line)
        ? []
        : [`${path}:${index + 1}: ${[...line].length} characters: break the line at ${widest}`],
    );
};

export const filesAreSmall: Rule = ({ path, text }) => {
  if (!isCode({ path, text })) return [];
  const limit = path.startsWith('test/') ? longest.tests : longest.product;
  const lines = text.split('\n').length - 1;
  return lines <= limit
    ? []
    : [`${path}: ${lines} lines: give each idea a file of its own, of at most ${limit}`];
};

const kebab = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const traditional = /^(?:[A-Z]+(?:\.md)?|\.[a-z]+)$/;

export const namesAreKebabCase: Rule = ({ path }) =>
  path.split('/').every((part) => kebab.test(part) || traditional.test(part))
    ? []
    : [`${path}: name it in kebab-case, e.g. on-finding.ts`];

export const filesIntroduceThemselves: Rule = ({ path, text }) => {
  const opening = isCode({ path, text }) ? /^(?:#!.*\n)?\/[/*]/ : /^(?:#!.*\n)?#(?!!)/;
  const wanted = isCode({ path, text }) || /\.ya?ml$/.test(path) || dirname(path) === '.ci';
  return !wanted || opening.test(text)
    ? []
    : [`${path}:1: open with a comment: what the file is and what it promises`];
};

/** Spelt apart, so that this file does not break its own rule. */
const notes = new RegExp(`\\b(?:${['TO', 'FIX'].join('DO|')}ME)\\b`, 'g');

export const nothingIsLeftToDo: Rule = (source) =>
  atEach(source, notes, (found) => `${found}: do it now, or leave it out and open an issue`);

const defaultExport = /^[ \t]*export\s+default\b|\bas\s+default\b/gm;

export const exportsHaveNames: Rule = ({ path, text }) =>
  isTypeScript({ path, text }) && !basename(path).endsWith('.config.ts')
    ? atEach({ path, text: codeOf(text) }, defaultExport, () => 'export it under its name')
    : [];

const passedOn = /^[ \t]*(?:import|export)\b[\w\s{},*$]*\bfrom\s*;/gm;

/** A file that only passes on what others define hides where things are. */
export const thereAreNoBarrels: Rule = ({ path, text }) => {
  if (!isTypeScript({ path, text })) return [];
  const code = codeOf(text);
  const ownCode = code.replaceAll(passedOn, '').trim();
  return ownCode === '' && /\bexport\b/.test(code)
    ? [`${path}: delete it, and import from the files that define things`]
    : [];
};
