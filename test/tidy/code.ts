/**
 * The code of a TypeScript text: comments, strings and regular expressions blanked, everything else
 * where it was. Without a parser, so a rule depends on no compiler's API; good enough to look for
 * words in code.
 */

/** Blanks all but line breaks, so that positions and line numbers stay. */
const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');

const tokens = [
  /\/\/[^\n]*/,
  /\/\*[\s\S]*?\*\//,
  /'(?:\\.|[^'\\\n])*'/,
  /"(?:\\.|[^"\\\n])*"/,
  /[`{}]/,
  /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/,
];

const token = new RegExp(tokens.map((each) => each.source).join('|'), 'g');

/** After these a slash begins a regular expression; after anything else it divides. */
const beforeRegExp = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\breturn|\bcase|=>)$/;

export function codeOf(text: string): string {
  let code = '';
  let at = 0;
  /** For each open brace, whether it began a template's `${`. */
  const braces: boolean[] = [];
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) break;
    const [found] = match;
    code += text.slice(at, match.index);
    at = match.index + found.length;
    if (found === '{') braces.push(false);
    if (found === '`' || (found === '}' && braces.pop() === true)) {
      const end = templateEnd(text, at);
      code += blank(text.slice(match.index, end.at));
      at = end.at;
      if (end.opens) braces.push(true);
    } else if (found === '{' || found === '}') {
      code += found;
    } else if (/^\/[^/*]/.test(found) && !beforeRegExp.test(code.trimEnd().slice(-10))) {
      code += '/';
      at = match.index + 1;
    } else {
      code += blank(found);
    }
  }
  return code + text.slice(at);
}

/** Where a template's text ends: at its closing backtick, or after a `${`. */
function templateEnd(text: string, from: number): { at: number; opens: boolean } {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return { at: at + 1, opens: false };
    else if (text[at] === '$' && text[at + 1] === '{') return { at: at + 2, opens: true };
  }
  return { at: text.length, opens: false };
}
