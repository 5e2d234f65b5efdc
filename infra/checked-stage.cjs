/**
 * The stage's name, once all that it was given is sound: its parameters, the environment that the
 * functions are told, and the policy file that is packaged with them. serverless.yml reads it before
 * anything else, so nothing is made of what is wrong, and each problem is said once.
 */
const { readBook } = require('../commands/answer.ts');
const { parametersOf, stageProblem } = require('../commands/stages.ts');
const { problemsWith } = require('./parameters.cjs');

/** An error of these lines: the packager prints the stack of whatever is thrown. */
function refusal(lines) {
  return Object.assign(new Error(lines.join('\n')), { stack: lines.join('\n    ') });
}

/** As the packager reads them: the last one of a name counts. */
function readGiven(texts) {
  const pairs = texts.map((text) => /^([^=]+)=(.+)$/s.exec(text));
  return {
    malformed: texts.filter((_, index) => pairs[index] === null),
    values: Object.fromEntries(
      pairs.flatMap((pair) => (pair === null ? [] : [[pair[1], pair[2].trimEnd()]])),
    ),
  };
}

function environmentProblems({ KEYTURN_NATIVE_PRIVILEGED: privileged = 'refuse' }) {
  return ['refuse', 'rotate'].includes(privileged)
    ? []
    : [`KEYTURN_NATIVE_PRIVILEGED is none of refuse, rotate (it says "${privileged}")`];
}

/** Whoever holds drills in production has mistaken the account. */
function drillProblems(stage, { drill }) {
  return drill === 'yes' && stage.startsWith('prod')
    ? [`stage ${stage}: drill is yes: hold drills where nothing lives (docs/drill.md)`]
    : [];
}

/** Only what takes the policy along reads it: a stage can be removed whatever its policy says. */
function policyProblems(values, command) {
  if (!['deploy', 'package'].includes(command) || !/\.yml$/.test(values.policy ?? '')) return [];
  const book = readBook(values.policy);
  return book.ok ? [] : book.problems;
}

/** Every problem of a stage; `texts` are those of --param, `command` is what is to be done. */
function stageProblems(stage, texts, command, env) {
  const problem = stageProblem(stage);
  if (problem !== undefined) return [problem];
  const { malformed, values: given } = readGiven(texts);
  const values = { ...parametersOf(stage, env), ...given };
  const problems = problemsWith(values, command).map((each) => `stage ${stage}: ${each}`);
  return [
    ...malformed.map((text) => `--param="${text}" is not of the form --param="name=value"`),
    ...problems,
    ...drillProblems(stage, values),
    ...environmentProblems(env),
    ...policyProblems(values, command),
  ];
}

module.exports = async ({ options }) => {
  const stage = options.stage ?? 'dev';
  const problems = stageProblems(stage, options.param ?? [], process.argv[2], process.env);
  if (problems.length > 0) throw refusal(['', ...problems]);
  return { name: stage };
};
