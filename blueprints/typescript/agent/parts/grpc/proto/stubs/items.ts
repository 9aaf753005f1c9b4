import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { CheckHealthRequest as _items_v1_CheckHealthRequest, CheckHealthRequest__Output as _items_v1_CheckHealthRequest__Output } from './items/v1/CheckHealthRequest.ts';
import type { CheckHealthResponse as _items_v1_CheckHealthResponse, CheckHealthResponse__Output as _items_v1_CheckHealthResponse__Output } from './items/v1/CheckHealthResponse.ts';
import type { DeleteItemRequest as _items_v1_DeleteItemRequest, DeleteItemRequest__Output as _items_v1_DeleteItemRequest__Output } from './items/v1/DeleteItemRequest.ts';
import type { DeleteItemResponse as _items_v1_DeleteItemResponse, DeleteItemResponse__Output as _items_v1_DeleteItemResponse__Output } from './items/v1/DeleteItemResponse.ts';
import type { GetItemRequest as _items_v1_GetItemRequest, GetItemRequest__Output as _items_v1_GetItemRequest__Output } from './items/v1/GetItemRequest.ts';
import type { Item as _items_v1_Item, Item__Output as _items_v1_Item__Output } from './items/v1/Item.ts';
import type { ItemsClient as _items_v1_ItemsClient, ItemsDefinition as _items_v1_ItemsDefinition } from './items/v1/Items.ts';
import type { ListItemsRequest as _items_v1_ListItemsRequest, ListItemsRequest__Output as _items_v1_ListItemsRequest__Output } from './items/v1/ListItemsRequest.ts';
import type { ListItemsResponse as _items_v1_ListItemsResponse, ListItemsResponse__Output as _items_v1_ListItemsResponse__Output } from './items/v1/ListItemsResponse.ts';
import type { UpdateItemRequest as _items_v1_UpdateItemRequest, UpdateItemRequest__Output as _items_v1_UpdateItemRequest__Output } from './items/v1/UpdateItemRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  items: {
    v1: {
      CheckHealthRequest: MessageTypeDefinition<_items_v1_CheckHealthRequest, _items_v1_CheckHealthRequest__Output>
      CheckHealthResponse: MessageTypeDefinition<_items_v1_CheckHealthResponse, _items_v1_CheckHealthResponse__Output>
      DeleteItemRequest: MessageTypeDefinition<_items_v1_DeleteItemRequest, _items_v1_DeleteItemRequest__Output>
      DeleteItemResponse: MessageTypeDefinition<_items_v1_DeleteItemResponse, _items_v1_DeleteItemResponse__Output>
      GetItemRequest: MessageTypeDefinition<_items_v1_GetItemRequest, _items_v1_GetItemRequest__Output>
      Item: MessageTypeDefinition<_items_v1_Item, _items_v1_Item__Output>
      Items: SubtypeConstructor<typeof grpc.Client, _items_v1_ItemsClient> & { service: _items_v1_ItemsDefinition }
      ListItemsRequest: MessageTypeDefinition<_items_v1_ListItemsRequest, _items_v1_ListItemsRequest__Output>
      ListItemsResponse: MessageTypeDefinition<_items_v1_ListItemsResponse, _items_v1_ListItemsResponse__Output>
      UpdateItemRequest: MessageTypeDefinition<_items_v1_UpdateItemRequest, _items_v1_UpdateItemRequest__Output>
    }
  }
}

