/** Whether drills are held (docs/drill.md): nowhere unless a stage says so. */
const { readParameters } = require('./parameters.cjs');

module.exports = async (variables) => {
  const { drill } = await readParameters(variables);
  return { environment: drill === 'yes' ? 'held' : 'none' };
};
