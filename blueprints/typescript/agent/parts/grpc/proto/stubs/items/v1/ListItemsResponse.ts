// Original file: proto/items.proto

import type { Item as _items_v1_Item, Item__Output as _items_v1_Item__Output } from '../../items/v1/Item.ts';

export interface ListItemsResponse {
  'items'?: (_items_v1_Item)[];
  'total'?: (number);
}

export interface ListItemsResponse__Output {
  'items': (_items_v1_Item__Output)[];
  'total': (number);
}
