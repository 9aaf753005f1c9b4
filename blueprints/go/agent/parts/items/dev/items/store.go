// Package items is a small backend to develop and test against: items that live
// in memory.
package items

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const itemCount = 60

// Item is one item.
type Item struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Type      string    `json:"type"`
	Status    string    `json:"status"`
	Owner     string    `json:"owner"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Filter narrows a list; what is empty or zero does not.
type Filter struct {
	Type  string
	Query string
	Start time.Time
	End   time.Time
	Limit int
}

// Store keeps the items, and counts how often it was asked for them.
type Store struct {
	mutex sync.Mutex
	items map[string]Item
	calls int
}

// NewStore makes item-001 to item-060, each changed seven minutes before the one
// with the next lower number, all before now.
func NewStore(now time.Time) *Store {
	types := []string{"server", "database", "queue", "cache", "gateway"}
	statuses := []string{"ok", "ok", "ok", "degraded", "ok", "ok", "down"}
	owners := []string{"payments", "search", "platform", "identity"}
	now = now.UTC().Truncate(time.Second)
	store := &Store{items: make(map[string]Item, itemCount)}
	for i := range itemCount {
		number, kind, owner := i+1, types[i%len(types)], owners[i%len(owners)]
		item := Item{
			ID:        fmt.Sprintf("item-%03d", number),
			Name:      fmt.Sprintf("%s-%s-%d", owner, kind, i/len(types)+1),
			Type:      kind,
			Status:    statuses[i%len(statuses)],
			Owner:     owner,
			UpdatedAt: now.Add(-7 * time.Minute * time.Duration(number)),
		}
		store.items[item.ID] = item
	}
	return store
}

// Calls says how often the items were read or changed.
func (s *Store) Calls() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.calls
}

// Get finds one item.
func (s *Store) Get(id string) (Item, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.calls++
	item, ok := s.items[id]
	return item, ok
}

// List returns the items that match, ordered by id, and how many match beyond the
// limit too.
func (s *Store) List(filter Filter) (page []Item, total int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.calls++
	page = []Item{}
	for _, item := range s.items {
		if filter.matches(item) {
			page = append(page, item)
		}
	}
	slices.SortFunc(page, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	total = len(page)
	if filter.Limit > 0 && filter.Limit < total {
		page = page[:filter.Limit]
	}
	return page, total
}

func (f Filter) matches(item Item) bool {
	text := strings.ToLower(strings.Join([]string{item.ID, item.Name, item.Type, item.Status, item.Owner}, " "))
	return (f.Type == "" || f.Type == item.Type) &&
		strings.Contains(text, strings.ToLower(f.Query)) &&
		!item.UpdatedAt.Before(f.Start) &&
		(f.End.IsZero() || !item.UpdatedAt.After(f.End))
}

// SetStatus changes one item.
func (s *Store) SetStatus(id, status string) (Item, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.calls++
	item, ok := s.items[id]
	if !ok {
		return item, false
	}
	item.Status, item.UpdatedAt = status, time.Now().UTC().Truncate(time.Second)
	s.items[id] = item
	return item, true
}

// Delete removes one item.
func (s *Store) Delete(id string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.calls++
	_, ok := s.items[id]
	delete(s.items, id)
	return ok
}
