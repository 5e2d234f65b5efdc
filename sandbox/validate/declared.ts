/** What a document declares beside its steps: parameters, variables, files. */
import { isMap, type JsonMap } from '../runner/json.ts';

export interface Declared {
  readonly parameters: ReadonlySet<string>;
  /** Their types, as written; undefined where that is no text. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  readonly files: ReadonlySet<string>;
}

export function declaredIn(source: JsonMap): Declared {
  const keys = (section: string) => {
    const written = source[section];
    return isMap(written) ? Object.entries(written) : [];
  };
  return {
    parameters: new Set(keys('parameters').map(([name]) => name)),
    variables: new Map(
      keys('variables').map(([name, entry]) => {
        const type = isMap(entry) ? entry.type : undefined;
        return [name, typeof type === 'string' ? type : undefined];
      }),
    ),
    files: new Set(keys('files').map(([name]) => name)),
  };
}
