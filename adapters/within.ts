/** A call that is given up once its time is up, whatever has become of it by then. */

/** What the call comes to, or what `late` says (or throws) after so many milliseconds. */
export async function within<T>(
  millis: number,
  call: (giveUp: AbortSignal) => Promise<T>,
  late: () => T,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), millis);
  });
  try {
    const asked = call(controller.signal).then((answer) => ({ answer }));
    const end = await Promise.race([asked, silence]);
    if (end !== 'late') return end.answer;
    controller.abort();
    return late();
  } finally {
    clearTimeout(timer);
  }
}
