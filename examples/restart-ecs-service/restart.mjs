/**
 * Restarts one ECS service when the secret that it reads at start-up holds a new key. Tasks get
 * secrets as they start, so those that run go on with the old key until they are replaced.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 *
 * Takes what Keyturn's bus delivers: `Rotation Overlapping` of the one secret. From that stage on
 * the secret's current value is the new key. A rotation turns its secret once: which rotation the
 * service was last restarted for stands in a tag of the service, so that the same fact delivered
 * twice, or the same stage reached again after a pause, restarts nothing.
 */

/** Of the service. */
export const tagKey = 'keyturn:restarted-for';

/**
 * @param {{ secretArn: string, cluster: string, service: string, ecs: import('./restart.d.mts').Ecs,
 *   log?: (line: object) => void }} deps
 */
export function restartOnRotation({ secretArn, cluster, service, ecs, log = () => {} }) {
  return async (event) => {
    const why = whyNot(event, secretArn);
    if (why !== undefined) return done({ restarted: false, why });
    const { rotationId, factId } = event.detail;
    const found = await ecs.describeServices({ cluster, services: [service], include: ['TAGS'] });
    const [known] = found.services ?? [];
    if (known?.status !== 'ACTIVE') throw new Error(`${cluster} has no active service ${service}`);
    if (known.tags?.some(({ key, value }) => key === tagKey && value === rotationId)) {
      return done({ restarted: false, why: `it was restarted for rotation ${rotationId}` });
    }
    await ecs.updateService({ cluster, service, forceNewDeployment: true });
    // Whoever dies in between restarts it once more: that interrupts nobody.
    const tags = [{ key: tagKey, value: rotationId }];
    await ecs.tagResource({ resourceArn: known.serviceArn, tags });
    return done({ restarted: true, factId });
  };

  function done(end) {
    log({ service, ...end });
    return end;
  }
}

/** Why an event calls for no restart; undefined if it does. */
function whyNot(event, secretArn) {
  const { source, detail } = event ?? {};
  if (source !== 'keyturn') return 'it is not from Keyturn';
  if (detail?.version !== 1) return 'it is of a version that this does not know';
  if (detail.stage !== 'overlapping') return `at stage ${detail.stage} no secret has just turned`;
  if (detail.secretArn !== secretArn) return 'it is about another secret';
  if (typeof detail.rotationId !== 'string') return 'it names no rotation';
  return undefined;
}
