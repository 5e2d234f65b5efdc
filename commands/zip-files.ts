/**
 * The files in a zip as serverless packages it: found by its central directory, deflated or stored.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.12, 4.3.7)
 */
import { inflateRawSync } from 'node:zlib';

const centralEntry = Buffer.from([0x50, 0x4b, 0x01, 0x02]);

/** Every file by its path. Throws on a way of compressing that nobody uses here. */
export function filesInZip(zip: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = directoryIn(zip); zip.subarray(at, at + 4).equals(centralEntry); ) {
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const path = zip.toString('utf8', at + 46, at + 46 + (name ?? 0));
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(path, unpacked(zip.subarray(begin, begin + packed), method, path));
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}

function directoryIn(zip: Buffer): number {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error('this is no zip: it has no end of a central directory');
  return zip.readUInt32LE(end + 16);
}

function unpacked(bytes: Buffer, method: number, path: string): Buffer {
  if (method === 0) return bytes;
  if (method === 8) return inflateRawSync(bytes);
  throw new Error(`${path} is compressed by method ${method}, which is not read here`);
}
