/** The newest version of `mirastack-agents-sdk-go` whose source is readable. */
export const GO_SDK_VERSION = 'v1.14.2';
/** The version of `mirastack-agents-sdk` on PyPI that projects are made for. */
export const PYTHON_SDK_VERSION = '1.11.0';
