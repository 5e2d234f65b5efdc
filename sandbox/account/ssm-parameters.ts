/**
 * Systems Manager's parameters, as far as claims need them: plain texts, made once, read, deleted.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (2026-11)
 */
import type {
  DeleteParameterRequest,
  GetParameterRequest,
  GetParameterResult,
  Parameter,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { notModelled, strict } from './strict.ts';

/** Letters, digits and _.-/ only; a path begins with a slash and has 15 levels at most. */
const nameForm = /^(\/?[a-zA-Z0-9_.-]+){1,15}$/;

export function ssmParameters(): ServiceModel {
  const parameters = new Map<string, Parameter>();
  return strict('ssm', {
    PutParameter: {
      takes: ['Name', 'Type', 'Value', 'Overwrite'],
      run: (input: PutParameterRequest, context) => put(parameters, input, context),
    },
    GetParameter: {
      takes: ['Name'],
      run: (input: GetParameterRequest, context): GetParameterResult => ({
        Parameter: { ...existing(parameters, input.Name, context) },
      }),
    },
    DeleteParameter: {
      takes: ['Name'],
      run: (input: DeleteParameterRequest, context) => {
        existing(parameters, input.Name, context);
        parameters.delete(keyOf(input.Name, context));
        return {};
      },
    },
  });
}

function put(
  parameters: Map<string, Parameter>,
  { Name = '', Value = '', Type, Overwrite = false }: PutParameterRequest,
  context: CallContext,
): PutParameterResult {
  if (!nameForm.test(Name) || Name.length > 1011 || /^\/?(aws|ssm)/i.test(Name)) {
    throw awsError('ValidationException', `Parameter name: ${Name} is not one that is taken.`);
  }
  if (Value === '' || Buffer.byteLength(Value) > 4096) {
    throw awsError('ValidationException', 'Standard tier parameters hold 1 to 4096 characters.');
  }
  const before = parameters.get(keyOf(Name, context));
  if (before !== undefined && !Overwrite) {
    const problem =
      'The parameter already exists. To overwrite this value, set the overwrite option in the ' +
      'request to true.';
    throw awsError('ParameterAlreadyExists', problem);
  }
  const type = Type ?? before?.Type;
  if (type === undefined) {
    const problem = 'A parameter type is required when you create a parameter.';
    throw awsError('ValidationException', problem);
  }
  if (type !== 'String') throw notModelled(`ssm:PutParameter of type ${type}`);
  const Version = (before?.Version ?? 0) + 1;
  const { partition, region, account, now } = context;
  parameters.set(keyOf(Name, context), {
    Name,
    Type: type,
    Value,
    Version,
    LastModifiedDate: new Date(now),
    ARN: `arn:${partition}:ssm:${region}:${account}:parameter/${Name.replace(/^\//, '')}`,
    DataType: 'text',
  });
  return { Version, Tier: 'Standard' };
}

function existing(
  parameters: ReadonlyMap<string, Parameter>,
  name: string | undefined,
  context: CallContext,
): Parameter {
  const found = parameters.get(keyOf(name, context));
  if (found !== undefined) return found;
  throw awsError('ParameterNotFound', `Parameter ${name} not found.`);
}

function keyOf(name: string | undefined, { account, region }: CallContext): string {
  return `${account}/${region}/${name}`;
}
