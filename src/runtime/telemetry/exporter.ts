import { messageOf } from '../../support/errors.ts';
import type { Logger } from '../logger.ts';
import type { Packages } from './packages.ts';

type Exporter = InstanceType<Packages['exporter']['OTLPTraceExporter']>;

/** The exporter, and whether its last attempt worked. */
export interface ReportingExporter {
  readonly exporter: Exporter;
  isWorking(): boolean;
}

/**
 * An OTLP exporter that says when spans stop to arrive and when they arrive again, once each: the library
 * by itself says nothing, and a collector that is never reached would go unnoticed.
 */
export function createExporter(packages: Packages, endpoint: string, log: Logger): ReportingExporter {
  const exporter = new packages.exporter.OTLPTraceExporter({ url: endpoint });
  const send = exporter.export.bind(exporter);
  let working = true;
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      const works = result.code === 0;
      if (working && !works)
        log.warn('telemetry does not reach its collector', {
          endpoint,
          error: messageOf(result.error ?? 'no reason given'),
        });
      if (!working && works) log.info('telemetry reaches its collector again', { endpoint });
      working = works;
      done(result);
    });
  return { exporter, isWorking: () => working };
}
