package conformance_test

import (
	"fmt"
	"slices"
	"strconv"
)

// list breaks a list, and what its elements are.
func (w *walker) list(s *shape, path string, at place, depth int) {
	fill := func(n int, value any) []any { return slices.Repeat([]any{value}, n) }
	sample := w.sample(s.Member, 0)
	w.sizes(s, path, func(n int) map[string]any { return at(fill(n, sample)) })
	if w.isScalar(s.Member) {
		w.wrongType(w.model.at(s.Member), path+".1.member", func(value any) map[string]any { return at(fill(1, value)) })
		for _, bad := range scalarViolations(w.model.at(s.Member)) {
			w.inside(path, "element", at(fill(minimum(s), bad.value)), "Member must satisfy constraint: [")
		}
		return
	}
	w.value(s.Member, path+".1.member", func(value any) map[string]any { return at(fill(minimum(s), value)) }, depth+1)
}

// dictionary breaks a map, its keys and its values.
func (w *walker) dictionary(s *shape, path string, at place, depth int) {
	sample := w.sample(s.Value, 0)
	w.sizes(s, path, func(n int) map[string]any {
		entries := map[string]any{}
		for i := range n {
			entries["k"+strconv.Itoa(i)] = sample
		}
		return at(entries)
	})
	for _, bad := range scalarViolations(w.model.at(s.Key)) {
		w.inside(path, "key", at(map[string]any{fmt.Sprint(bad.value): sample}), "Map keys must satisfy constraint: [")
	}
	if !w.isScalar(s.Value) {
		w.value(s.Value, path+".k.member", func(value any) map[string]any { return at(map[string]any{"k": value}) }, depth+1)
		return
	}
	w.wrongType(w.model.at(s.Value), path+".k.member", func(value any) map[string]any {
		return at(map[string]any{"k": value})
	})
	for _, bad := range scalarViolations(w.model.at(s.Value)) {
		w.inside(path, "map value", at(map[string]any{"k": bad.value}), "Map value must satisfy constraint: [")
	}
}

// maxSize keeps requests within what servers take.
const maxSize = 100_000

func (w *walker) sizes(s *shape, path string, of func(n int) map[string]any) {
	if s.Min != nil && *s.Min > 0 {
		w.inside(path, "size", of(int(*s.Min)-1), "Member must have length greater than or equal to "+number(*s.Min))
	}
	if s.Max != nil && *s.Max < maxSize {
		w.inside(path, "size", of(int(*s.Max)+1), "Member must have length less than or equal to "+number(*s.Max))
	}
}

func (w *walker) isScalar(ref *member) bool {
	return !slices.Contains([]string{"structure", "list", "map"}, w.model.at(ref).Type)
}
