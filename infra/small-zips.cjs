/**
 * Packs each function's zip again as tightly as a zip can be: the packager packs quickly instead. A
 * plugin of the packager; CommonJS because that is what it loads.
 */
const { readFile, writeFile } = require('node:fs/promises');
const { unzipSync, zipSync } = require('fflate');

/** The same for the same code, so that an unchanged function is not deployed again. */
const mtime = new Date('2026-01-01T00:00:00Z');

async function packTightly(file) {
  const entries = unzipSync(await readFile(file));
  await writeFile(file, zipSync(entries, { level: 9, mtime }));
}

module.exports = class SmallZips {
  constructor(serverless) {
    this.hooks = {
      'after:package:createDeploymentArtifacts': async () => {
        const functions = Object.values(serverless.service.functions);
        await Promise.all(functions.map((each) => packTightly(each.package.artifact)));
      },
    };
  }
};
