import { once } from 'node:events';
import type * as grpc from '@grpc/grpc-js';
import { bytesMethod, Call, type ToStatus } from './call.ts';
import { WireError } from './status.ts';

/** The full names of the service: older tools ask for the second. */
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;
const METHOD = 'ServerReflectionInfo';
/** The paths of the methods whose calls stay open. */
export const REFLECTION_PATHS: readonly string[] = REFLECTION_SERVICES.map((name) => `/${name}/${METHOD}`);

/** The descriptors are large and seldom asked for, so they load with the first question. */
const loadAnswers = () => import('./reflection-messages.ts');

/**
 * Serves server reflection, with which grpcurl and its like learn what a server offers.
 * @param services the full names to list
 */
export function addReflection(server: grpc.Server, services: readonly string[], toStatus: ToStatus): void {
  async function answer(call: grpc.ServerDuplexStream<Buffer, Buffer>, question: Buffer): Promise<void> {
    if (new Call(call, question).codec === 'json')
      throw new WireError('INVALID_ARGUMENT', 'reflection speaks protobuf only');
    const { answerReflection } = await loadAnswers();
    if (!call.cancelled && !call.write(answerReflection(question, services))) await once(call, 'drain');
  }

  for (const path of REFLECTION_PATHS)
    server.addService(
      { [METHOD]: bytesMethod(path, { request: true, response: true }) },
      {
        [METHOD]: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
          let failed = false;
          let last = Promise.resolve();
          // One question at a time: a caller that reads no answers must not fill the memory with them.
          call.on('data', (question: Buffer) => {
            call.pause();
            last = answer(call, question).then(
              () => {
                call.resume();
              },
              (error: unknown) => {
                failed = true;
                call.emit('error', toStatus(error, path));
              },
            );
          });
          call.on('end', async () => {
            await last;
            if (!failed) call.end();
          });
        },
      },
    );
}
