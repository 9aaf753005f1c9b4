import type { License } from '../contract/index.ts';
import { WireError } from '../wire/index.ts';

/** @throws WireError FAILED_PRECONDITION while the licence is inactive (protocol.md §6, "License") */
export function checkLicense(license: License | undefined, method: string): void {
  if (license?.active === false)
    throw new WireError(
      'FAILED_PRECONDITION',
      `the licence of this engine is inactive: ${method} is refused`,
    );
}
