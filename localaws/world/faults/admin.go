package faults

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
)

// maxRule is far above what a rule needs, in bytes.
const maxRule = 1 << 16

// Admin takes and shows faults: PUT /_local/faults/{name} sets one, GET and DELETE of the same path show and remove it,
// GET and DELETE of /_local/faults do so with all. Refusals are plain text, one problem a line.
func (f *Faults) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /_local/faults/{name}", f.put)
	mux.HandleFunc("GET /_local/faults/{name}", f.get)
	mux.HandleFunc("DELETE /_local/faults/{name}", func(w http.ResponseWriter, r *http.Request) {
		if name := r.PathValue("name"); !f.Remove(name) {
			noFault(w, name)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /_local/faults", func(w http.ResponseWriter, _ *http.Request) {
		show(w, map[string][]Fault{"faults": f.List()})
	})
	mux.HandleFunc("DELETE /_local/faults", func(w http.ResponseWriter, _ *http.Request) {
		f.Clear()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

func (f *Faults) put(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRule))
	if err != nil {
		http.Error(w, "the body could not be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	name := r.PathValue("name")
	rule, err := decode(body)
	if err = errors.Join(checkName(name), err); err == nil {
		err = f.Set(name, rule)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (f *Faults) get(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	list := f.List()
	at := slices.IndexFunc(list, func(fault Fault) bool { return fault.Name == name })
	if at < 0 {
		noFault(w, name)
		return
	}
	show(w, list[at])
}

func noFault(w http.ResponseWriter, name string) {
	http.Error(w, "there is no fault \""+name+"\"", http.StatusNotFound)
}

func show(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(answer)
}
