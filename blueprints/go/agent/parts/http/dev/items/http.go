package items

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxBodyBytes = 1024
	maxLatency   = 10 * time.Minute
)

var statuses = []string{"ok", "degraded", "down"}

// server is the HTTP side of a store.
//
//	GET    /healthz                              {"status":"ok"}
//	GET    /items?type=database&limit=10         {"items":[…],"total":12}; also query, start and end
//	GET    /items/item-001                       one item, or 404
//	PATCH  /items/item-001 {"status":"down"}     the item as it is then
//	DELETE /items/item-001                       204
//	GET    /admin/calls                          {"calls":3}, requests for items so far
//	POST   /admin/latency {"ms":3000}            answer everything that much later
//	POST   /admin/down {"down":true}             answer everything else with 503
type server struct {
	store *Store
	token string

	mutex   sync.Mutex
	latency time.Duration
	down    bool
}

// NewHandler serves a store. With a token, requests must bear it.
func NewHandler(store *Store, token string) http.Handler {
	s := &server{store: store, token: token}
	public := http.NewServeMux()
	public.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		send(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	public.HandleFunc("GET /items", s.list)
	public.HandleFunc("GET /items/{id}", s.get)
	public.HandleFunc("PATCH /items/{id}", s.update)
	public.HandleFunc("DELETE /items/{id}", s.delete)
	all := http.NewServeMux()
	all.HandleFunc("GET /admin/calls", func(w http.ResponseWriter, _ *http.Request) {
		send(w, http.StatusOK, map[string]int{"calls": store.Calls()})
	})
	all.HandleFunc("POST /admin/latency", s.setLatency)
	all.HandleFunc("POST /admin/down", s.setDown)
	all.Handle("/", s.guard(public))
	return all
}

// guard applies the switches and the token.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		latency, down := s.latency, s.down
		s.mutex.Unlock()
		select {
		case <-time.After(latency):
		case <-r.Context().Done():
			return
		}
		switch {
		case down:
			fail(w, http.StatusServiceUnavailable, "the backend is down")
		case s.token != "" && r.Header.Get("Authorization") != "Bearer "+s.token:
			fail(w, http.StatusUnauthorized, "the token is missing or wrong")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	start, startErr := parseTime(query.Get("start"))
	end, endErr := parseTime(query.Get("end"))
	limit, limitErr := parseLimit(query.Get("limit"))
	if err := errors.Join(startErr, endErr, limitErr); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	page, total := s.store.List(Filter{
		Type:  query.Get("type"),
		Query: query.Get("query"),
		Start: start,
		End:   end,
		Limit: limit,
	})
	send(w, http.StatusOK, map[string]any{"items": page, "total": total})
}

func parseLimit(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 {
		return 0, errors.New("limit must be a whole number above 0")
	}
	return limit, nil
}

func (s *server) get(w http.ResponseWriter, r *http.Request) {
	item, ok := s.store.Get(r.PathValue("id"))
	sendItem(w, item, ok)
}

func (s *server) update(w http.ResponseWriter, r *http.Request) {
	var body struct{ Status string }
	if err := readJSON(w, r, &body); err != nil || !slices.Contains(statuses, body.Status) {
		fail(w, http.StatusBadRequest, "status must be one of "+strings.Join(statuses, ", "))
		return
	}
	item, ok := s.store.SetStatus(r.PathValue("id"), body.Status)
	sendItem(w, item, ok)
}

func (s *server) delete(w http.ResponseWriter, r *http.Request) {
	if !s.store.Delete(r.PathValue("id")) {
		fail(w, http.StatusNotFound, "no such item")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) setLatency(w http.ResponseWriter, r *http.Request) {
	var body struct{ Ms *int64 }
	err := readJSON(w, r, &body)
	if err != nil || body.Ms == nil || *body.Ms < 0 || *body.Ms > maxLatency.Milliseconds() {
		fail(w, http.StatusBadRequest, "ms must be a whole number from 0 to "+strconv.FormatInt(maxLatency.Milliseconds(), 10))
		return
	}
	s.mutex.Lock()
	s.latency = time.Duration(*body.Ms) * time.Millisecond
	s.mutex.Unlock()
	send(w, http.StatusOK, map[string]int64{"ms": *body.Ms})
}

func (s *server) setDown(w http.ResponseWriter, r *http.Request) {
	var body struct{ Down *bool }
	if err := readJSON(w, r, &body); err != nil || body.Down == nil {
		fail(w, http.StatusBadRequest, "down must be true or false")
		return
	}
	s.mutex.Lock()
	s.down = *body.Down
	s.mutex.Unlock()
	send(w, http.StatusOK, map[string]bool{"down": *body.Down})
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	return json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBodyBytes)).Decode(into)
}

func sendItem(w http.ResponseWriter, item Item, ok bool) {
	if !ok {
		fail(w, http.StatusNotFound, "no such item")
		return
	}
	send(w, http.StatusOK, item)
}

func fail(w http.ResponseWriter, status int, message string) {
	send(w, status, map[string]string{"error": message})
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
