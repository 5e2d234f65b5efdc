/**
 * Stands in for the SDK's default credential chain in the bundles: the session of a function's role
 * is in its environment, and credentials from anywhere else would not be its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (2026-11)
 */
export function defaultProvider() {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      const error = new Error('the environment of the function holds no credentials');
      error.name = 'CredentialsProviderError';
      throw error;
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    };
  };
}
