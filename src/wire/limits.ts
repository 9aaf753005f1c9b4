/** The largest message either side takes or sends (protocol.md §1.4): Python's default, and room for base64. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
