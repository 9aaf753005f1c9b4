// Original file: proto/items.proto


export interface DeleteItemRequest {
  'id'?: (string);
}

export interface DeleteItemRequest__Output {
  'id': (string);
}
