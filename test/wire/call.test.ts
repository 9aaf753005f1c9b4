import { EventEmitter } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { Call } from '../../src/wire/call.ts';

class Received extends EventEmitter {
  readonly metadata = new Metadata();
  cancelled = false;

  cancel(): void {
    this.cancelled = true;
    this.emit('cancelled');
  }
}

function receive() {
  const received = new Received();
  return { received, call: new Call(received, Buffer.from('{}')) };
}

const reasonOf = ({ signal }: Call) => (signal.aborted ? (signal.reason as Error).message : undefined);

test('a call whose signal nobody reads listens to nothing', () => {
  const { received, call } = receive();
  received.cancel();
  call.giveUp(new Error('stopping'));
  expect(received.eventNames()).toEqual([]);
});

test('the signal tells of what happens after it was read, and of what had happened before', () => {
  const after = receive();
  const { signal } = after.call;
  expect(signal.aborted).toBe(false);
  after.received.cancel();
  expect(reasonOf(after.call)).toBe('the caller gave up');
  expect(after.call.signal).toBe(signal);

  const before = receive();
  before.received.cancel();
  expect(reasonOf(before.call)).toBe('the caller gave up');
});

test('giving up on this side has its own reason, before and after the first look', () => {
  const before = receive();
  before.call.giveUp(new Error('stopping'));
  before.received.cancel();
  expect(reasonOf(before.call)).toBe('stopping');

  const after = receive();
  expect(reasonOf(after.call)).toBeUndefined();
  after.call.giveUp(new Error('stopping'));
  expect(reasonOf(after.call)).toBe('stopping');
});

test('an answered call is over: its end is no news', () => {
  const { received, call } = receive();
  const { signal } = call;
  call.isAnswered = true;
  received.cancel();
  expect(signal.aborted).toBe(false);
  const late = receive();
  late.call.isAnswered = true;
  late.received.cancel();
  expect(reasonOf(late.call)).toBeUndefined();
});
