import { messageOf } from '../../support/errors.ts';
import type { Logger } from '../logger.ts';

/** What the exporters of the library have in common. */
interface Exporter<Data> {
  export(data: Data, done: (result: { readonly code: number; readonly error?: Error }) => void): void;
}

/**
 * Makes an exporter say when its data stops to arrive and when it arrives again, once each: the library by
 * itself says nothing, and a collector that is never reached would go unnoticed.
 * @returns whether the last attempt worked
 */
export function reportReach<Data>(
  exporter: Exporter<Data>,
  place: { readonly signal: 'traces' | 'metrics'; readonly endpoint: string },
  log: Logger,
): () => boolean {
  const send = exporter.export.bind(exporter);
  let working = true;
  exporter.export = (data, done) =>
    send(data, (result) => {
      const works = result.code === 0;
      if (working && !works)
        log.warn('telemetry does not reach its collector', {
          ...place,
          error: messageOf(result.error ?? 'no reason given'),
        });
      if (!working && works) log.info('telemetry reaches its collector again', place);
      working = works;
      done(result);
    });
  return () => working;
}
