package promotion

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"sagehost/internal/release"
	"sagehost/kit/check"
	"sagehost/kit/check/strictyaml"
)

// Entry is one change of the release that a stack is to serve. Entries are only ever added to a record.
type Entry struct {
	// Release is the id of the release that was promoted. Required.
	Release string `yaml:"release"`

	// Previous is the id of the release that the stack's settings named until then. Default: unset, there was none.
	Previous string `yaml:"previous,omitempty"`

	// At is when, in the form of RFC 3339. Required.
	At time.Time `yaml:"at"`

	// By is who. Required.
	By string `yaml:"by"`

	// From is the stack that the release comes from. Default: unset, it was a rollback, or what was
	// there before the record began.
	From string `yaml:"from,omitempty"`

	// Gates are what the gates said. Default: none, it was a rollback.
	Gates []Verdict `yaml:"gates,omitempty"`

	// Override is why it was promoted although a gate did not pass. Default: unset, all have passed.
	Override string `yaml:"override,omitempty"`

	// Hold is the id of the release that a rollback took out of service: it is not promoted again until the hold is
	// released. Default: unset, it was no rollback.
	Hold string `yaml:"hold,omitempty"`

	// HoldReleased says that the release was held, and is not any longer. Default: unset.
	HoldReleased string `yaml:"holdReleased,omitempty"`
}

// Verdict is what a gate said of a release.
type Verdict struct {
	// Gate is the gate's name, such as "smoke". Required.
	Gate string `yaml:"gate"`
	// Result is pass, fail or inconclusive. Required.
	Result release.Result `yaml:"result"`
	// At is when the evidence was gathered. Default: unset, there is none.
	At time.Time `yaml:"at,omitempty"`
	// Detail says what the result rests on. Default: unset.
	Detail string `yaml:"detail,omitempty"`
	// Decide is the command that would decide it, where the gate could not tell. It is not recorded.
	Decide string `yaml:"-"`
}

// recordPath is the file of a stack's record, in the folder of Pulumi.yaml.
func recordPath(model, stack string) string {
	return filepath.Join("releases", model, "promotions", stack+".yaml")
}

// Record reads what was promoted to a stack, oldest first; none where nothing was.
func Record(dir, model, stack string) ([]Entry, error) {
	entries, _, err := readRecord(dir, model, stack)
	return entries, err
}

func readRecord(dir, model, stack string) ([]Entry, []byte, error) {
	name := recordPath(model, stack)
	text, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	entries, err := parseRecord(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return entries, text, nil
}

func parseRecord(text []byte) ([]Entry, error) {
	form, content := check.New(""), check.New("")
	var entries []Entry
	strictyaml.Decode(form, text, &entries)
	for i := range entries {
		entries[i].check(content.Index(i))
		if i > 0 && entries[i].At.Before(entries[i-1].At) {
			content.Index(i).Key("at").Addf("is before the entry above; entries are only ever added at the end")
		}
	}
	unread := form.Problems()
	if problems := check.Join(unread, content.Problems().Outside(unread)); len(problems) > 0 {
		return nil, problems
	}
	return entries, nil
}

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (e *Entry) check(at check.At) {
	at.Key("release").Required(e.Release)
	at.Key("by").Required(e.By)
	if e.At.IsZero() {
		at.Key("at").Addf("is required")
	}
	for key, id := range map[string]string{
		"release": e.Release, "previous": e.Previous, "hold": e.Hold, "holdReleased": e.HoldReleased,
	} {
		if id != "" && !hash.MatchString(id) {
			at.Key(key).Addf("%q is not a hash of 64 lower-case hexadecimal digits", id)
		}
	}
	for i, v := range e.Gates {
		at := at.Key("gates").Index(i)
		at.Key("gate").Required(v.Gate)
		release.CheckResult(at.Key("result"), v.Result)
	}
}

// appended is the text of a record with one more entry. What is there stays as it is, byte for byte.
func appended(text []byte, before []Entry, entry *Entry) ([]byte, error) {
	var added bytes.Buffer
	encoder := yaml.NewEncoder(&added)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode([]*Entry{entry}), encoder.Close()); err != nil {
		return nil, err
	}
	joined := slices.Clone(text)
	if len(joined) > 0 && !bytes.HasSuffix(joined, []byte("\n")) {
		joined = append(joined, '\n')
	}
	joined = append(joined, added.Bytes()...)
	// What is written can be read, or is not written.
	back, err := parseRecord(joined)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(back, append(slices.Clone(before), *entry)) {
		return nil, errors.New("the entry would change those above it")
	}
	return joined, nil
}

// line is a text as a record holds it: what people and AWS write may have line breaks.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// held reports whether a release was taken out of service by a rollback and not promoted since.
func held(entries []Entry, id string) *Entry {
	var hold *Entry
	for i := range entries {
		switch id {
		case entries[i].Hold:
			hold = &entries[i]
		case entries[i].HoldReleased:
			hold = nil
		}
	}
	return hold
}

// back is the release that a rollback leads to from the current one: the one before it among those that were promoted,
// less what was rolled back, and less what is held.
func back(entries []Entry, current string) (string, error) {
	var path []string
	for i := range entries {
		e := &entries[i]
		if e.Hold != "" {
			// It was searched for from the end, as below: what is behind it was left out.
			if at := lastIndex(path, e.Release); at >= 0 {
				path = path[:at+1]
				continue
			}
		}
		if e.Previous != "" && (len(path) == 0 || path[len(path)-1] != e.Previous) {
			path = append(path, e.Previous)
		}
		path = append(path, e.Release)
	}
	if len(path) == 0 {
		return "", errors.New("nothing was ever promoted to it")
	}
	if last := path[len(path)-1]; last != current {
		return "", edited(current, last)
	}
	for _, id := range slices.Backward(path) {
		if id != current && held(entries, id) == nil {
			return id, nil
		}
	}
	return "", fmt.Errorf("there was no release before %s that is not held", release.Short(current))
}

func lastIndex(path []string, id string) int {
	for i, known := range slices.Backward(path) {
		if known == id {
			return i
		}
	}
	return -1
}
