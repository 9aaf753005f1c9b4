// Original file: proto/items.proto


export interface ListItemsRequest {
  'type'?: (string);
  'query'?: (string);
  'limit'?: (number);
  'start'?: (string);
  'end'?: (string);
}

export interface ListItemsRequest__Output {
  'type': (string);
  'query': (string);
  'limit': (number);
  'start': (string);
  'end': (string);
}
