/**
 * One AWS::SSM::Document for each file in runbooks/, named `Keyturn-<stage>-<Runbook>`. The text goes
 * in unchanged, so that comments stay and nothing on the way gives a value another type. CommonJS
 * because that is what the `file` variable of serverless.yml loads.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = join(__dirname, '..', 'runbooks');

/** `deactivate-key.yml` → `DeactivateKey`. */
const pascal = (file) =>
  file
    .slice(0, -'.yml'.length)
    .split('-')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');

const documentOf = (file, stage) => ({
  Type: 'AWS::SSM::Document',
  Properties: {
    Name: `Keyturn-${stage}-${pascal(file)}`,
    DocumentType: 'Automation',
    DocumentFormat: 'YAML',
    // A named document cannot be replaced; a run under way keeps the version that it began with.
    UpdateMethod: 'NewVersion',
    Content: readFileSync(join(folder, file), 'utf8'),
  },
});

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
  if (files.length === 0) throw new Error('runbooks/ holds no .yml: there is nothing to deploy');
  return {
    Resources: Object.fromEntries(
      files.map((file) => [`${pascal(file)}Document`, documentOf(file, stage)]),
    ),
  };
};
