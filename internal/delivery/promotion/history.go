package promotion

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
)

// History is what was promoted to a stack, and what became of it.
type History struct {
	// Stack is the stack's name.
	Stack string
	// Entries are the record, oldest first.
	Entries []Entry
	// Named is the id of the release that the stack's settings name; empty where they describe the model inline.
	Named string
	// Live is what the stack's endpoints serve of the model; nil until they are asked.
	Live []Live

	places   []deployed.Place
	releases []*release.Release
}

// Live is what an endpoint serves of a model.
type Live struct {
	// Endpoint is the endpoint's name in SageMaker.
	Endpoint string
	// Status is SageMaker's, and Reason why the last operation failed; empty where there is no such endpoint.
	Status, Reason string
	// Serves is the id of the release that it serves; empty where it is none of the model's releases.
	Serves string
	// Named says that this is the release that the stack's settings name.
	Named bool
}

// Histories reads the history of a model: of one stack, or of all that have a record where the stack is empty. What can
// be read is there also with an error, which names what cannot, a line each: one bad file must not hide who promoted
// what.
func Histories(dir, model, stack string) ([]History, error) {
	stacks := []string{stack}
	if stack == "" {
		var err error
		if stacks, err = recorded(dir, model); err != nil {
			return nil, err
		}
	}
	releases, unread := release.List(filepath.Join(dir, "releases"), model)
	list := make([]History, 0, len(stacks))
	for _, name := range stacks {
		h := History{Stack: name, releases: releases}
		var err error
		h.Entries, err = Record(dir, model, name)
		settled := h.settle(dir, model)
		unread = errors.Join(unread, err, settled)
		if settled == nil || len(h.Entries) > 0 {
			list = append(list, h)
		}
	}
	return list, unread
}

// settle takes from the stack's file which release it names, and where it is served.
func (h *History) settle(dir, model string) error {
	s, err := load(dir, h.Stack)
	if err != nil {
		return err
	}
	m, err := s.model(model)
	h.Named, h.places = m.Release, deployed.Places(s.settings, h.Stack, model)
	return err
}

// recorded are the stacks that have a record for a model.
func recorded(dir, model string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, filepath.Dir(recordPath(model, ""))))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var stacks []string
	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), ".yaml"); ok {
			stacks = append(stacks, name)
		}
	}
	return stacks, nil
}

// Ask asks the stack's endpoints what they serve: a record says what was promoted, and not that its deployment was a
// success.
func (h *History) Ask(ctx context.Context, cloud *deployed.Cloud) error {
	h.Live = []Live{}
	for _, place := range h.places {
		e, err := cloud.Describe(ctx, place.Endpoint)
		if errors.Is(err, fs.ErrNotExist) {
			h.Live = append(h.Live, Live{Endpoint: place.Endpoint})
			continue
		}
		if err != nil {
			return err
		}
		live := Live{Endpoint: place.Endpoint, Status: string(e.Status), Reason: e.FailureReason}
		for _, r := range h.releases {
			if e.Serves(place.Variants, r) {
				live.Serves, live.Named = r.ID, r.ID == h.Named
			}
		}
		h.Live = append(h.Live, live)
	}
	return nil
}

// String is what the endpoint serves, in a sentence.
func (l Live) String() string {
	switch {
	case l.Status == "":
		return fmt.Sprintf("in service: no, there is no endpoint %s", l.Endpoint)
	case l.Serves == "":
		return fmt.Sprintf("in service: no, endpoint %s (%s) serves none of the model's releases%s", l.Endpoint, l.Status,
			l.why())
	case !l.Named:
		return fmt.Sprintf("in service: no, endpoint %s (%s) serves release %s%s",
			l.Endpoint, l.Status, release.Short(l.Serves), l.why())
	default:
		return fmt.Sprintf("in service: yes, endpoint %s (%s) serves release %s%s",
			l.Endpoint, l.Status, release.Short(l.Serves), l.why())
	}
}

func (l Live) why() string {
	if l.Reason == "" {
		return ""
	}
	return ": " + line(l.Reason)
}

// What says in a few words what an entry did.
func (e *Entry) What() string {
	switch {
	case e.Hold != "":
		return fmt.Sprintf("rolled back, holds %s", release.Short(e.Hold))
	case e.From == "":
		return "was there before"
	case e.HoldReleased != "":
		return fmt.Sprintf("promoted from %s, hold released", e.From)
	default:
		return "promoted from " + e.From
	}
}

// Evidence says in a few words what the gates said.
func (e *Entry) Evidence() string {
	words := make([]string, len(e.Gates))
	for i, v := range e.Gates {
		words[i] = fmt.Sprintf("%s %s", v.Gate, v.Result)
	}
	text := strings.Join(words, ", ")
	if e.Override != "" {
		text += "; overridden: " + e.Override
	}
	if text == "" {
		return "-"
	}
	return text
}
