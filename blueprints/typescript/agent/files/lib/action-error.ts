/** An action cannot do what it was asked for. The message is for the caller: it holds neither address nor secret. */
export class ActionError extends Error {
  override readonly name: string = 'ActionError';
}
