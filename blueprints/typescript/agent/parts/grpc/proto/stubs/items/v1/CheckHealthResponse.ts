// Original file: proto/items.proto


export interface CheckHealthResponse {
  'status'?: (string);
}

export interface CheckHealthResponse__Output {
  'status': (string);
}
