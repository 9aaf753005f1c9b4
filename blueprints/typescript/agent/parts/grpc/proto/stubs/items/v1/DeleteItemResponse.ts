// Original file: proto/items.proto


export interface DeleteItemResponse {
}

export interface DeleteItemResponse__Output {
}
