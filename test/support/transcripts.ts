/** The recorded traffic of the real Go and Python SDKs (`test/fixtures/transcripts/`) as typed lines, and the rule by which it is compared. */
import { readdirSync, readFileSync } from 'node:fs';

/** The first line of a recording: whose it is, and what the process left behind. */
export interface TranscriptHead {
  readonly peer: string;
  readonly recorded: string;
  readonly stdout: string;
  readonly exit: { readonly code: number | null; readonly signal: string | null };
}

/** A call that the agent made to the engine. */
export interface AgentLine {
  readonly from: 'agent';
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the message; null is a message of zero length. */
  readonly raw: string | null;
  readonly answered: unknown;
}

/** A call that the engine made to the agent. */
export interface EngineLine {
  readonly from: 'engine';
  readonly method: string;
  readonly contentType: string;
  readonly raw: string | null;
  readonly reply: {
    readonly headers: Readonly<Record<string, string>>;
    /** null: the reply had no message, and `grpc-status` stands in the headers. */
    readonly raw: string | null;
    readonly trailers: Readonly<Record<string, string>>;
  };
}

export type TranscriptLine = AgentLine | EngineLine;

export interface Transcript {
  /** The file's name without its ending, such as `go-sdk-1.14.2`. */
  readonly name: string;
  readonly head: TranscriptHead;
  /** One call each, in the order in which they ended. */
  readonly lines: readonly TranscriptLine[];
}

const folder = new URL('../fixtures/transcripts/', import.meta.url);

/** Every recording, by name. Fails when there is none: a test over an empty list would pass and show nothing. */
export function loadTranscripts(): Transcript[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  if (files.length === 0) throw new Error(`no transcripts in ${folder.pathname}`);
  return files.sort().map((file) => loadTranscript(file.slice(0, -'.jsonl'.length)));
}

export function loadTranscript(name: string): Transcript {
  const [head, ...lines] = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return { name, head: head as TranscriptHead, lines: lines as TranscriptLine[] };
}

/** The status and message that a recorded reply ended with, wherever they stood; the message as it was sent, percent-encoded. */
export function replyOutcome(line: EngineLine): { status: number; message: string } {
  const { headers, trailers } = line.reply;
  const status = trailers['grpc-status'] ?? headers['grpc-status'];
  if (status === undefined) throw new Error(`${line.method}: the recorded reply has no grpc-status`);
  return { status: Number(status), message: trailers['grpc-message'] ?? headers['grpc-message'] ?? '' };
}

/**
 * A message without what says nothing on this wire. The Go structs behind it know no difference between an absent key and a zero value, so
 * null, "", 0, false, [], {} and an object of nothing but those all become null, and object keys with such values go. Items of a list keep
 * their places.
 */
export function normaliseMessage(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(normaliseMessage);
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).map(([key, item]) => [key, normaliseMessage(item)] as const);
    const full = kept.filter(([, item]) => item !== null);
    return full.length === 0 ? null : Object.fromEntries(full);
  }
  return value === undefined || value === '' || value === 0 || value === false ? null : value;
}
