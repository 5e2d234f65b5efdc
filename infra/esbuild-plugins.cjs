/**
 * What keeps the bundles small: each plugin lets esbuild leave out what no function uses. CommonJS
 * because that is what serverless-esbuild loads.
 */
const { readFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');

/**
 * The SDK's schemas write some keys of plain objects as constants, `{ [_h]: … }`. To esbuild a
 * computed key may have effects, so it keeps every operation of a service for the two that are
 * called. With the constant's text in its place nothing changes but that.
 */
const plainSchemaKeys = {
  name: 'plain-schema-keys',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/].*[\\/]schemas_0\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const constants = new Map(
        [...text.matchAll(/^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm)].map(([, name, value]) => [
          name,
          value,
        ]),
      );
      const contents = text.replace(/([{,]\s*)\[(_\w+)\]:/g, (whole, before, name) => {
        const value = constants.get(name);
        return value === undefined ? whole : `${before}${value}:`;
      });
      return { contents, loader: 'js' };
    });
  },
};

/**
 * In Lambda credentials are in the environment, always. The SDK's default chain would also look into
 * profiles, single sign-on, web identities and instance metadata, and brings a client for each.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (2026-11)
 */
const credentialsOfLambda = {
  name: 'credentials-of-lambda',
  setup(build) {
    const path = join(__dirname, 'lambda-credentials.mjs');
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path }));
  },
};

/** CommonJS packages that do nothing when loaded: who imports nothing of them need not hold them. */
const harmless = /^(?:@slack\/web-api|canonicalize)$/;

const withoutEffects = {
  name: 'without-effects',
  setup(build) {
    build.onResolve({ filter: harmless }, async ({ path, pluginData, ...rest }) => {
      // Asked once more below, without coming back here.
      if (pluginData === harmless) return undefined;
      const { importer, namespace, resolveDir, kind } = rest;
      const how = { importer, namespace, resolveDir, kind, pluginData: harmless };
      return { ...(await build.resolve(path, how)), sideEffects: false };
    });
  },
};

/** For Node `yaml` is CommonJS, of which nothing can be left out; beside it lie the same modules. */
const yamlAsModules = {
  name: 'yaml-as-modules',
  setup(build) {
    const path = join(dirname(require.resolve('yaml/package.json')), 'browser/dist/index.js');
    build.onResolve({ filter: /^yaml$/ }, () => ({ path, sideEffects: false }));
  },
};

module.exports = [plainSchemaKeys, credentialsOfLambda, yamlAsModules, withoutEffects];
