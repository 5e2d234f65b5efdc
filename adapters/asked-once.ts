/** One question a cycle and function instance: whoever asks meanwhile gets the same answer. */

/**
 * Remembers the latest answer under the name of its question. One that failed is forgotten, so that
 * the next who asks tries again.
 */
export function askedOnce<Question, T>(
  nameOf: (question: Question) => string,
  ask: (question: Question) => Promise<T>,
): (question: Question) => Promise<T> {
  let latest: { readonly name: string; readonly answer: Promise<T> } | undefined;
  return (question) => {
    const name = nameOf(question);
    if (latest?.name === name) return latest.answer;
    const mine = { name, answer: ask(question) };
    latest = mine;
    mine.answer.catch(() => {
      if (latest === mine) latest = undefined;
    });
    return mine.answer;
  };
}
