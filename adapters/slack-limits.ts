/**
 * What Slack accepts at most. The renderer cuts to these, the sandbox's Slack refuses beyond them.
 * https://docs.slack.dev/reference/block-kit (read November 2026). The limit of all blocks together
 * is not documented: Slack answers msg_blocks_too_long from about 13,200 characters on
 * (https://github.com/slackapi/bolt-js/issues/2509).
 */
export const slackLimits = {
  blocks: 50,
  /** Slack cuts beyond 4,000 in silence; Keyturn stays at what one section takes. */
  text: 3000,
  /** From here on Slack answers msg_too_long. */
  textRefused: 40_000,
  /** All blocks as JSON. */
  allBlocks: 13_000,
  /** Of a modal or a Home tab; the view as JSON. https://docs.slack.dev/reference/views */
  viewBlocks: 100,
  viewBytes: 250_000,
  header: 150,
  sectionText: 3000,
  fields: 10,
  fieldText: 2000,
  contextElements: 10,
  contextText: 2000,
  actionElements: 25,
  blockId: 255,
  actionId: 255,
  buttonText: 75,
  buttonValue: 2000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** https://docs.slack.dev/reference/views/modal-views */
  modalBlocks: 100,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3000,
  callbackId: 255,
  inputLabel: 2000,
  inputHint: 2000,
  /** What may be typed into one field. */
  inputText: 3000,
  /** Of a text under a field: Slack names no limit; more is not read there. */
  fieldError: 300,
} as const;
