package main

import (
	"encoding/json"

	"google.golang.org/grpc/encoding"
)

// jsonCodec serves application/grpc+json; calls with any other content type fail
// in grpc's own codec, as they do on every plain grpc-go peer.
type jsonCodec struct{}

func (jsonCodec) Marshal(v any) ([]byte, error)      { return json.Marshal(v) }
func (jsonCodec) Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }
func (jsonCodec) Name() string                       { return "json" }

func init() {
	encoding.RegisterCodec(jsonCodec{})
}
