/** The command `mutants`: every patch applies to this very tree, and what is wrong is said. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutantsCommand, notApplying } from '../../commands/mutants.ts';
import { mutantsIn } from '../../sandbox/mutants/mutant.ts';

const tree = join(import.meta.dirname, '..', '..');
const patches = join(tree, 'test', 'mutants');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-patches-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder of patches with one file in it. */
async function patchesWith(name: string, text: string): Promise<string> {
  const made = await mkdtemp(join(folder, 'some-'));
  await writeFile(join(made, `${name}.patch`), text);
  return made;
}

const head = 'Mistake: one\nFrom: a tool\nCaught by: S2\n\n';
const diff = [
  '--- a/package.json',
  '+++ b/package.json',
  '@@ -1,1 +1,1 @@',
  '-  "name": "keyturn",',
  '+  "name": "other",',
  '',
].join('\n');

describe('the mutants of this project', () => {
  it('are twelve or more, and every one applies', async () => {
    const all = await mutantsIn(patches);
    expect(all).toMatchObject({ ok: true });
    const mutants = all.ok ? all.value : [];
    expect(mutants.length).toBeGreaterThanOrEqual(12);
    expect(await notApplying(mutants, tree)).toEqual([]);
  });

  it('change what the product ships, never the simulator that has to catch them', async () => {
    const all = await mutantsIn(patches);
    const paths = all.ok ? all.value.flatMap(({ changes }) => changes.map(({ path }) => path)) : [];
    const shipped = /^(?:domain|app|adapters|functions|runbooks)\//;
    expect(paths.filter((path) => !shipped.test(path))).toEqual([]);
  });
});

describe('a patch that does not apply', () => {
  it('is an error that names it and the file, and nothing is tried', async () => {
    const gone = diff.replace('"keyturn"', '"what it was called once"');
    const given = { tree, patches: await patchesWith('old-name', `${head}${gone}`) };
    expect(await mutantsCommand([], given)).toEqual({
      status: 1,
      out: [],
      errors: ['old-name: the hunk at line 7: what it changes does not stand in package.json'],
    });
  });

  it('is one whose file is gone', async () => {
    const gone = diff.replaceAll('package.json', 'domain/gone.ts');
    const given = { tree, patches: await patchesWith('no-file', `${head}${gone}`) };
    const { status, errors } = await mutantsCommand(['--only', 'no-file'], given);
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringMatching(/^no-file: ENOENT.*gone\.ts/)]);
  });

  it.each([
    ['without a word', diff, /opens with no "Mistake: …"/],
    [
      'of no invariant',
      `${head.replace('S2', 'S99')}${diff}`,
      /names "S99", which is no invariant/,
    ],
    ['without a diff', head, /it changes nothing/],
    ['cut short', `${head}${diff.replace('+  "name": "other",\n', '')}`, /not as long as it says/],
    ['that makes a file', `${head}${diff.replace('a/package.json', '/dev/null')}`, /makes or rena/],
  ])('or one %s', async (_, text, problem) => {
    const given = { tree, patches: await patchesWith('bad', text) };
    const { status, errors } = await mutantsCommand([], given);
    expect(status).toBe(1);
    expect(errors.join('\n')).toMatch(problem);
  });
});

describe('wrong usage', () => {
  it.each([
    [['--seeds', 'many'], /--seeds is "many"/],
    [['--seeds', '0'], /--seeds is "0"/],
    [['--from', '-1'], /--from/],
    [['--fast'], /--fast/],
    [['some-name'], /some-name/],
    [['--only', 'no-such-mistake'], /no mutant no-such-mistake/],
  ])('says 2 and how to call it: %j', async (args, problem) => {
    const { status, out, errors } = await mutantsCommand(args, { tree, patches });
    expect(status).toBe(2);
    expect(out).toEqual([]);
    expect(errors[0]).toMatch(problem);
    expect(errors.at(-1)).toContain('Usage: npm run --silent mutants');
  });
});

/** A project of one file, whose worlds break S2 from the seed on that its file says. */
async function smallProject(firstBad: number): Promise<string> {
  const made = await mkdtemp(join(folder, 'project-'));
  await mkdir(join(made, 'sandbox', 'simulation'), { recursive: true });
  await mkdir(join(made, 'node_modules'));
  await writeFile(join(made, 'package.json'), `{ "type": "module" }`);
  await writeFile(join(made, 'bad-from.txt'), `bad from ${firstBad}\n`);
  const worker = `
    import { readFileSync } from 'node:fs';
    import { parentPort } from 'node:worker_threads';
    const file = new URL('../../bad-from.txt', import.meta.url);
    const bad = Number(readFileSync(file, 'utf8').split(' ')[2]);
    parentPort.on('message', ({ seed }) => {
      const violations = [{ seed, invariant: seed < bad ? 'S5' : 'S2', story: 'it broke\\nso' }];
      parentPort.postMessage({ violations: seed < bad - 1 ? [] : violations });
    });
  `;
  await writeFile(join(made, 'sandbox', 'simulation', 'worker.ts'), worker);
  return made;
}

const earlier = (seed: number) =>
  [
    ...['--- a/bad-from.txt', '+++ b/bad-from.txt', '@@ -1 +1 @@'],
    ...['-bad from 1000', `+bad from ${seed}`, ''],
  ].join('\n');

describe('the table', () => {
  it('says what caught a mistake at which seed, and leaves the project as it is', async () => {
    const given = { tree: await smallProject(1000), patches: await patchesWith('bad', '') };
    await writeFile(join(given.patches, 'bad.patch'), `${head}${earlier(7)}`);
    const { status, out } = await mutantsCommand(['--seeds', '9', '--from', '3'], given);
    expect(status).toBe(0);
    expect(out.join('\n')).toMatch(/bad +S2 +7 +5 +\d/);
    expect(out.at(-1)).toMatch(/^1 of 1 mistakes are caught; without any, 9 worlds are clean/);
    expect(await readFile(join(given.tree, 'bad-from.txt'), 'utf8')).toBe('bad from 1000\n');
  });

  it('says what survived: breaking another invariant is not being caught', async () => {
    const given = { tree: await smallProject(1000), patches: await patchesWith('bad', '') };
    await writeFile(join(given.patches, 'bad.patch'), `${head}${earlier(10)}`);
    const { status, out } = await mutantsCommand(['--seeds', '9', '--json'], given);
    expect(status).toBe(1);
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({
      survived: ['bad'],
      mutants: [{ name: 'bad', expected: ['S2'], caughtBy: [], seed: null, worlds: 9 }],
    });
  });

  it('is not made where the project itself is not clean', async () => {
    const given = { tree: await smallProject(4), patches: await patchesWith('bad', '') };
    await writeFile(join(given.patches, 'bad.patch'), `${head}${earlier(2)}`.replace('1000', '4'));
    const { status, out, errors } = await mutantsCommand(['--seeds', '3'], given);
    expect(status).toBe(1);
    expect(out).toEqual([]);
    expect(errors).toEqual(['without any mistake seed 3 breaks S5: it broke']);
  });
});
