// Command client loads an agent with Execute calls, as the engine makes them. It
// reads one order a line from stdin and prints one answer a line to stdout.
//
// Bodies stay bytes behind a codec named json, so that the client costs little
// and the server under test sets the pace; the first answer of every order is
// decoded and checked.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	executeMethod = "/mirastack.plugin.v1.PluginService/Execute"
	callTimeout   = 30 * time.Second
)

// order asks for calls to one server: as many as Calls says, or, where that is
// 0, as many as end within Millis.
type order struct {
	Address     string `json:"address"`
	Size        int    `json:"size"`
	Concurrency int    `json:"concurrency"`
	Calls       int64  `json:"calls"`
	Millis      int64  `json:"millis"`
}

type outcome struct {
	Calls   int64   `json:"calls"`
	Seconds float64 `json:"seconds"`
}

type executeRequest struct {
	ExecutionID   string     `json:"execution_id"`
	WorkflowID    string     `json:"workflow_id"`
	StepID        string     `json:"step_id"`
	ActionID      string     `json:"action_id"`
	ParamsJSON    []byte     `json:"params_json"`
	ExecutionMode int        `json:"execution_mode"`
	TimeRange     *timeRange `json:"time_range,omitempty"`
	TenantID      string     `json:"tenant_id"`
}

type timeRange struct {
	StartEpochMs       int64  `json:"start_epoch_ms"`
	EndEpochMs         int64  `json:"end_epoch_ms"`
	Timezone           string `json:"timezone"`
	OriginalExpression string `json:"original_expression"`
}

type executeResponse struct {
	Success    bool   `json:"success"`
	ResultJSON []byte `json:"result_json"`
	Error      string `json:"error"`
}

type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append((*v.(*[]byte))[:0], data...)
	return nil
}
func (bytesCodec) Name() string { return "json" }

func main() {
	connections := map[string]*grpc.ClientConn{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var next order
		if err := json.Unmarshal(lines.Bytes(), &next); err != nil {
			log.Fatal(err)
		}
		connection := connections[next.Address]
		if connection == nil {
			var err error
			connection, err = grpc.NewClient(next.Address,
				grpc.WithTransportCredentials(insecure.NewCredentials()),
				grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{})))
			if err != nil {
				log.Fatal(err)
			}
			connections[next.Address] = connection
		}
		answer, err := run(connection, next)
		if err != nil {
			log.Fatalf("%s: %v", next.Address, err)
		}
		line, _ := json.Marshal(answer)
		fmt.Println(string(line))
	}
}

func encodeRequest(size int) ([]byte, error) {
	params, err := json.Marshal(map[string]string{"action": "list_items", "size": strconv.Itoa(size)})
	if err != nil {
		return nil, err
	}
	return json.Marshal(executeRequest{
		ExecutionID:   "0d4d7c9e-6f1b-4a53-9a43-1c1f0f5c8a11",
		WorkflowID:    "workflow-1",
		StepID:        "step-1",
		ActionID:      "list_items",
		ParamsJSON:    params,
		ExecutionMode: 2,
		TimeRange:     &timeRange{1774973400123, 1774977000123, "UTC", "last hour"},
		TenantID:      "824a1531-d24a-549c-8003-23b0f2d206cd",
	})
}

// call makes one Execute call and leaves its body in reply.
func call(connection *grpc.ClientConn, request []byte, reply *[]byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	return connection.Invoke(ctx, executeMethod, &request, reply)
}

func checkReply(body []byte, size int) error {
	var response executeResponse
	if err := json.Unmarshal(body, &response); err != nil {
		return err
	}
	if !response.Success || len(response.ResultJSON) != size || !json.Valid(response.ResultJSON) {
		return fmt.Errorf("success %v, error %q, %d bytes of %d", response.Success, response.Error, len(response.ResultJSON), size)
	}
	return nil
}

func run(connection *grpc.ClientConn, next order) (outcome, error) {
	request, err := encodeRequest(next.Size)
	if err != nil {
		return outcome{}, err
	}
	var first []byte
	if err := call(connection, request, &first); err != nil {
		return outcome{}, err
	}
	if err := checkReply(first, next.Size); err != nil {
		return outcome{}, err
	}

	var started, finished atomic.Int64
	var failure atomic.Pointer[error]
	startedAt := time.Now()
	until := startedAt.Add(time.Duration(next.Millis) * time.Millisecond)
	goesOn := func() bool {
		if failure.Load() != nil {
			return false
		}
		if next.Calls > 0 {
			return started.Add(1) <= next.Calls
		}
		return time.Now().Before(until)
	}
	var workers sync.WaitGroup
	for range next.Concurrency {
		workers.Go(func() {
			var reply []byte
			for goesOn() {
				if err := call(connection, request, &reply); err != nil {
					failure.Store(&err)
					return
				}
				finished.Add(1)
			}
		})
	}
	workers.Wait()
	if failed := failure.Load(); failed != nil {
		return outcome{}, *failed
	}
	return outcome{Calls: finished.Load(), Seconds: time.Since(startedAt).Seconds()}, nil
}
