/**
 * What is wrong with a page of ours as strict HTML: tags that do not close, attributes without
 * quotes, ids that are there twice or are pointed at in vain, anything that runs or comes from
 * elsewhere, tables and drawings without a name. It reads only what it expects our pages to be.
 */

const empty: ReadonlySet<string> = new Set(['meta', 'rect', 'line', 'circle']);
const known: ReadonlySet<string> = new Set(
  [
    'html head meta title style body header main nav section h1 h2 h3 p ul li a dl dt dd',
    'table caption thead tbody tr th td div figure figcaption details summary span strong code',
    'svg desc text rect line circle',
  ]
    .join(' ')
    .split(' '),
);

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly attributes: ReadonlyMap<string, string>;
}

export function pageProblems(page: string): readonly string[] {
  if (!page.startsWith('<!doctype html>\n')) return ['it does not begin as an HTML page'];
  const body = page.slice('<!doctype html>\n'.length);
  const problems: string[] = [];
  const tags = tagsIn(body.replace(/<style>[^<]*<\/style>/, ''), problems);
  return [
    ...problems,
    ...nesting(tags),
    ...references(tags),
    ...foreign(page, tags),
    ...named(tags),
  ];
}

const tagForm = /<(\/?)([a-zA-Z0-9]*)((?:\s+[a-zA-Z][\w-]*="[^"<>]*")*)\s*\/?>/y;

function tagsIn(body: string, problems: string[]): readonly Tag[] {
  const tags: Tag[] = [];
  for (let at = 0; at < body.length; ) {
    const next = body.indexOf('<', at);
    const text = body.slice(at, next < 0 ? body.length : next);
    if (/>/.test(text)) problems.push(`a loose > in ${JSON.stringify(text.slice(0, 60))}`);
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text))
      problems.push(`a loose & in ${text.slice(0, 60)}`);
    if (next < 0) break;
    tagForm.lastIndex = next;
    const [whole, slash, name = '', rest = ''] = tagForm.exec(body) ?? [];
    if (whole === undefined) {
      problems.push(`no tag of ours: ${JSON.stringify(body.slice(next, next + 60))}`);
      break;
    }
    const pairs = [...rest.matchAll(/([a-zA-Z][\w-]*)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    );
    const attributes = new Map(pairs);
    if (attributes.size < pairs.length) problems.push(`an attribute twice in ${whole}`);
    tags.push({ name, closes: slash === '/', attributes });
    at = next + whole.length;
  }
  return tags;
}

function nesting(tags: readonly Tag[]): readonly string[] {
  const open: string[] = [];
  const problems: string[] = [];
  for (const { name, closes } of tags) {
    if (!known.has(name)) problems.push(`<${name}> is none of ours`);
    if (empty.has(name)) continue;
    if (!closes) open.push(name);
    else if (open.at(-1) === name) open.pop();
    else problems.push(`</${name}> where <${open.at(-1)}> is open`);
  }
  return [...problems, ...open.map((name) => `<${name}> is never closed`)];
}

function references(tags: readonly Tag[]): readonly string[] {
  const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? []);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  const pointed = tags.flatMap(({ attributes }) => [
    ...(attributes.get('aria-labelledby')?.split(' ') ?? []),
    ...((attributes.get('href')?.replace(/^#/, '') ?? '')
      ? [(attributes.get('href') ?? '').slice(1)]
      : []),
  ]);
  return [
    ...twice.map((id) => `the id ${id} is there twice`),
    ...pointed.filter((id) => !ids.includes(id)).map((id) => `nothing has the id ${id}`),
  ];
}

function foreign(page: string, tags: readonly Tag[]): readonly string[] {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const strict = [
    'default-src &#39;none&#39;',
    'style-src &#39;sha256-HASH&#39;',
    'base-uri &#39;none&#39;',
    'form-action &#39;none&#39;',
  ].join('; ');
  const [, style = ''] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
  return [
    ...(policy?.replace(/sha256-[\w+/=]+/, 'sha256-HASH') === strict
      ? []
      : [`the policy is not strict: ${policy}`]),
    ...(/url\(|@import|expression/.test(style) ? ['the style fetches something'] : []),
    ...tags.flatMap(({ name, attributes }) =>
      [...attributes].flatMap(([key, value]) => {
        if (/^on|^style$|^src|^srcset$|^action$/.test(key)) return [`<${name}> has ${key}`];
        return key === 'href' && !value.startsWith('#') ? [`<${name}> leads to ${value}`] : [];
      }),
    ),
  ];
}

function named(tags: readonly Tag[]): readonly string[] {
  const starts = tags.filter(({ closes }) => !closes);
  const count = (name: string) => starts.filter((tag) => tag.name === name).length;
  return [
    ...(count('h1') === 1 && count('main') === 1 ? [] : ['it has not one heading, one main part']),
    ...(count('table') === count('caption') ? [] : ['a table has no caption']),
    ...(count('svg') === count('desc') ? [] : ['a drawing has no description']),
    ...starts
      .filter(({ name, attributes }) => name === 'th' && !attributes.has('scope'))
      .map(() => 'a heading of a table has no scope'),
    ...starts
      .filter(({ name, attributes }) => name === 'svg' && attributes.get('role') !== 'img')
      .map(() => 'a drawing is no image'),
  ];
}
