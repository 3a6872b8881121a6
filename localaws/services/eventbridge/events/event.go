package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sagehost/localaws/protocol"
)

// Event is an event as targets get it.
type Event struct {
	Version    string   `json:"version"`
	ID         string   `json:"id"`
	DetailType string   `json:"detail-type"`
	Source     string   `json:"source"`
	Account    string   `json:"account"`
	Time       string   `json:"time"`
	Region     string   `json:"region"`
	Resources  []string `json:"resources"`
	Detail     any      `json:"detail"`
}

// stamp is a time as events have it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// newEvent is an event of the local account.
func newEvent(id, region, source, detailType string, at time.Time, resources []string, detail any) Event {
	if resources == nil {
		resources = []string{}
	}
	return Event{
		Version: "0", ID: id, DetailType: detailType, Source: source, Account: protocol.Account,
		Time: stamp(at), Region: region, Resources: resources, Detail: detail,
	}
}

// text is JSON without the escapes that only HTML needs.
func text(value any) (string, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", fmt.Errorf("event: %w", err)
	}
	return strings.TrimSuffix(buffer.String(), "\n"), nil
}

// document is an event as text, and decoded for patterns and paths.
type document struct {
	text   string
	fields map[string]any
}

func (e Event) document() (document, error) {
	written, err := text(e)
	if err != nil {
		return document{}, err
	}
	value, err := decode([]byte(written))
	if err != nil {
		return document{}, fmt.Errorf("event: %w", err)
	}
	fields, _ := value.(map[string]any)
	return document{written, fields}, nil
}

// at is the part that a path such as "$.detail.object.key" or "$.resources[0]" leads to; ok is false when there is
// none.
func (d document) at(path string) (part any, ok bool) {
	rest, found := strings.CutPrefix(path, "$")
	if !found {
		return nil, false
	}
	part = d.fields
	for rest != "" {
		var name string
		switch rest[0] {
		case '.':
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			name, rest = rest[1:end+1], rest[end+1:]
			object, isObject := part.(map[string]any)
			if part, ok = object[name]; !isObject || !ok {
				return nil, false
			}
		case '[':
			name, rest, found = strings.Cut(rest[1:], "]")
			list, _ := part.([]any)
			index, err := strconv.Atoi(name)
			if !found || err != nil || index < 0 || index >= len(list) {
				return nil, false
			}
			part = list[index]
		default:
			return nil, false
		}
	}
	return part, true
}
