// Original file: proto/items.proto


export interface UpdateItemRequest {
  'id'?: (string);
  'status'?: (string);
}

export interface UpdateItemRequest__Output {
  'id': (string);
  'status': (string);
}
