// Original file: proto/items.proto


export interface Item {
  'id'?: (string);
  'name'?: (string);
  'type'?: (string);
  'status'?: (string);
  'owner'?: (string);
  'updatedAt'?: (string);
}

export interface Item__Output {
  'id': (string);
  'name': (string);
  'type': (string);
  'status': (string);
  'owner': (string);
  'updatedAt': (string);
}
