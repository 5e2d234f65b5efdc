/** Short documents to break, one fault at a time. */
import { validateDocument } from '../../../sandbox/validate/validate-document.ts';

/** What is wrong with a document. */
export function problemsOf(text: string): readonly string[] {
  return validateDocument(text).problems;
}

/** A document of these steps (YAML, not indented). */
export function stepsOnly(steps: string, head = ''): string {
  return `schemaVersion: '0.3'\n${head}\nmainSteps:\n${steps.trim()}\n`;
}

/** A step `A` of an action, with inputs in flow style, and more properties. */
export function step(action: string, inputs = '{}', more = ''): string {
  return `- { name: A, action: '${action}', inputs: ${inputs}${more === '' ? '' : `, ${more}`} }`;
}

/** The same, of any name. */
export function named(name: string, action: string, inputs: string): string {
  return step(action, inputs).replace('name: A', `name: ${name}`);
}

/** A step that uses a value in an API call. */
export function use(name: string, value: string, more = ''): string {
  const called = call(name, more);
  return called.replace('GetUser }', `GetUser, Of: '${value}' }`);
}

/** A step that calls an API, which may have outputs and go anywhere. */
export function call(name: string, more = ''): string {
  const inputs = '{ Service: iam, Api: GetUser }';
  const rest = more === '' ? '' : `, ${more}`;
  return `- { name: ${name}, action: 'aws:executeAwsApi', inputs: ${inputs}${rest} }`;
}

/** One fault each: what it is, the document, and every line that is said. */
export type Broken = readonly [string, string, readonly string[]];
