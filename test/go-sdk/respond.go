package mirastack

import "encoding/json"

// RespondMap answers with a JSON object.
func RespondMap(output map[string]any) (*ExecuteResponse, error) {
	return RespondJSON(output)
}

// RespondJSON answers with any value that encoding/json can encode.
func RespondJSON(output any) (*ExecuteResponse, error) {
	encoded, err := json.Marshal(output)
	if err != nil {
		return nil, err
	}
	return RespondRaw(encoded), nil
}

// RespondError answers with {"error": message}. To the engine such an execution
// has succeeded; only an error returned from Execute fails it.
func RespondError(message string) (*ExecuteResponse, error) {
	return RespondJSON(map[string]string{"error": message})
}

// RespondRaw answers with bytes that are JSON already; nobody checks them.
func RespondRaw(output []byte) *ExecuteResponse {
	return &ExecuteResponse{Output: output}
}
