/** Keys that were found in files, as any store keeps them. */
import { expect, test } from 'vitest';
import type { KeyInFiles } from '../../domain/found-in-files.ts';
import { instant } from '../../domain/instant.ts';
import type { RotationStore } from '../../domain/ports.ts';

export function describeFiles(given: () => RotationStore): void {
  test('the files that a key was found in are noted in place of those before', async () => {
    const where = { partition: 'aws', account: '111122223333' } as const;
    const key: KeyInFiles = {
      ...{ ...where, keyId: 'AKIAIOSFODNN7EXAMPLE', places: ['.env:3'], more: 0 },
      at: instant('2026-11-02T08:00:00Z'),
    };
    expect(await given().filesOf(key)).toBeUndefined();
    await given().noteFiles(key);
    const later = { ...key, at: instant('2026-11-03T08:00:00Z'), more: 2 };
    await given().noteFiles(later);
    expect(await given().filesOf(key)).toEqual(later);
    expect(await given().filesOf({ ...key, keyId: 'AKIAI44QH8DHBEXAMPLE' })).toBeUndefined();
  });
}
