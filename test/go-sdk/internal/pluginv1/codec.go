package pluginv1

import (
	"encoding/json"

	"google.golang.org/grpc/encoding"
)

// CodecName is the content subtype of every call: application/grpc+json.
const CodecName = "json"

// JSONCodec puts messages on the wire as plain JSON.
type JSONCodec struct{}

// Marshal encodes a message.
func (JSONCodec) Marshal(v any) ([]byte, error) { return json.Marshal(v) }

// Unmarshal decodes a message; a message of zero length is an error.
func (JSONCodec) Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// Name is the content subtype under which grpc finds the codec.
func (JSONCodec) Name() string { return CodecName }

func init() {
	encoding.RegisterCodec(JSONCodec{})
}
