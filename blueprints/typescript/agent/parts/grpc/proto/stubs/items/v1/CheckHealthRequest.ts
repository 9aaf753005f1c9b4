// Original file: proto/items.proto


export interface CheckHealthRequest {
}

export interface CheckHealthRequest__Output {
}
