// Original file: proto/items.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CheckHealthRequest as _items_v1_CheckHealthRequest, CheckHealthRequest__Output as _items_v1_CheckHealthRequest__Output } from '../../items/v1/CheckHealthRequest.ts';
import type { CheckHealthResponse as _items_v1_CheckHealthResponse, CheckHealthResponse__Output as _items_v1_CheckHealthResponse__Output } from '../../items/v1/CheckHealthResponse.ts';
import type { DeleteItemRequest as _items_v1_DeleteItemRequest, DeleteItemRequest__Output as _items_v1_DeleteItemRequest__Output } from '../../items/v1/DeleteItemRequest.ts';
import type { DeleteItemResponse as _items_v1_DeleteItemResponse, DeleteItemResponse__Output as _items_v1_DeleteItemResponse__Output } from '../../items/v1/DeleteItemResponse.ts';
import type { GetItemRequest as _items_v1_GetItemRequest, GetItemRequest__Output as _items_v1_GetItemRequest__Output } from '../../items/v1/GetItemRequest.ts';
import type { Item as _items_v1_Item, Item__Output as _items_v1_Item__Output } from '../../items/v1/Item.ts';
import type { ListItemsRequest as _items_v1_ListItemsRequest, ListItemsRequest__Output as _items_v1_ListItemsRequest__Output } from '../../items/v1/ListItemsRequest.ts';
import type { ListItemsResponse as _items_v1_ListItemsResponse, ListItemsResponse__Output as _items_v1_ListItemsResponse__Output } from '../../items/v1/ListItemsResponse.ts';
import type { UpdateItemRequest as _items_v1_UpdateItemRequest, UpdateItemRequest__Output as _items_v1_UpdateItemRequest__Output } from '../../items/v1/UpdateItemRequest.ts';

export interface ItemsClient extends grpc.Client {
  CheckHealth(argument: _items_v1_CheckHealthRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  CheckHealth(argument: _items_v1_CheckHealthRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  CheckHealth(argument: _items_v1_CheckHealthRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  CheckHealth(argument: _items_v1_CheckHealthRequest, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  checkHealth(argument: _items_v1_CheckHealthRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  checkHealth(argument: _items_v1_CheckHealthRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  checkHealth(argument: _items_v1_CheckHealthRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  checkHealth(argument: _items_v1_CheckHealthRequest, callback: grpc.requestCallback<_items_v1_CheckHealthResponse__Output>): grpc.ClientUnaryCall;
  
  DeleteItem(argument: _items_v1_DeleteItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  DeleteItem(argument: _items_v1_DeleteItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  DeleteItem(argument: _items_v1_DeleteItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  DeleteItem(argument: _items_v1_DeleteItemRequest, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  deleteItem(argument: _items_v1_DeleteItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  deleteItem(argument: _items_v1_DeleteItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  deleteItem(argument: _items_v1_DeleteItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  deleteItem(argument: _items_v1_DeleteItemRequest, callback: grpc.requestCallback<_items_v1_DeleteItemResponse__Output>): grpc.ClientUnaryCall;
  
  GetItem(argument: _items_v1_GetItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  GetItem(argument: _items_v1_GetItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  GetItem(argument: _items_v1_GetItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  GetItem(argument: _items_v1_GetItemRequest, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  getItem(argument: _items_v1_GetItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  getItem(argument: _items_v1_GetItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  getItem(argument: _items_v1_GetItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  getItem(argument: _items_v1_GetItemRequest, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  
  ListItems(argument: _items_v1_ListItemsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  ListItems(argument: _items_v1_ListItemsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  ListItems(argument: _items_v1_ListItemsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  ListItems(argument: _items_v1_ListItemsRequest, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  listItems(argument: _items_v1_ListItemsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  listItems(argument: _items_v1_ListItemsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  listItems(argument: _items_v1_ListItemsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  listItems(argument: _items_v1_ListItemsRequest, callback: grpc.requestCallback<_items_v1_ListItemsResponse__Output>): grpc.ClientUnaryCall;
  
  UpdateItem(argument: _items_v1_UpdateItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  UpdateItem(argument: _items_v1_UpdateItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  UpdateItem(argument: _items_v1_UpdateItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  UpdateItem(argument: _items_v1_UpdateItemRequest, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  updateItem(argument: _items_v1_UpdateItemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  updateItem(argument: _items_v1_UpdateItemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  updateItem(argument: _items_v1_UpdateItemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  updateItem(argument: _items_v1_UpdateItemRequest, callback: grpc.requestCallback<_items_v1_Item__Output>): grpc.ClientUnaryCall;
  
}

export interface ItemsHandlers extends grpc.UntypedServiceImplementation {
  CheckHealth: grpc.handleUnaryCall<_items_v1_CheckHealthRequest__Output, _items_v1_CheckHealthResponse>;
  
  DeleteItem: grpc.handleUnaryCall<_items_v1_DeleteItemRequest__Output, _items_v1_DeleteItemResponse>;
  
  GetItem: grpc.handleUnaryCall<_items_v1_GetItemRequest__Output, _items_v1_Item>;
  
  ListItems: grpc.handleUnaryCall<_items_v1_ListItemsRequest__Output, _items_v1_ListItemsResponse>;
  
  UpdateItem: grpc.handleUnaryCall<_items_v1_UpdateItemRequest__Output, _items_v1_Item>;
  
}

export interface ItemsDefinition extends grpc.ServiceDefinition {
  CheckHealth: MethodDefinition<_items_v1_CheckHealthRequest, _items_v1_CheckHealthResponse, _items_v1_CheckHealthRequest__Output, _items_v1_CheckHealthResponse__Output>
  DeleteItem: MethodDefinition<_items_v1_DeleteItemRequest, _items_v1_DeleteItemResponse, _items_v1_DeleteItemRequest__Output, _items_v1_DeleteItemResponse__Output>
  GetItem: MethodDefinition<_items_v1_GetItemRequest, _items_v1_Item, _items_v1_GetItemRequest__Output, _items_v1_Item__Output>
  ListItems: MethodDefinition<_items_v1_ListItemsRequest, _items_v1_ListItemsResponse, _items_v1_ListItemsRequest__Output, _items_v1_ListItemsResponse__Output>
  UpdateItem: MethodDefinition<_items_v1_UpdateItemRequest, _items_v1_Item, _items_v1_UpdateItemRequest__Output, _items_v1_Item__Output>
}
