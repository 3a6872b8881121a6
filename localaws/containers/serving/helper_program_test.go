package serving

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain is also the program that stands for a container: the tests' file of images runs it with PROGRAM set.
func TestMain(m *testing.M) {
	if os.Getenv("PROGRAM") != "" {
		os.Exit(program(os.Getenv))
	}
	os.Exit(m.Run())
}

// program serves as a container does. Its environment says what goes wrong.
func program(getenv func(string) string) int {
	switch getenv("MODE") {
	case "exit":
		say("reading the model")
		fmt.Fprintln(os.Stderr, "cannot read the model")
		return 3
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
	case "family":
		child := exec.Command("sleep", "3600")
		if err := child.Start(); err != nil {
			return 1
		}
		say("child", child.Process.Pid)
	}
	p := &fake{name: getenv("NAME"), getenv: getenv, loaded: map[string]string{}}
	p.capacity, _ = strconv.Atoi(getenv("CAPACITY"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) {
		if getenv("MODE") == "unhealthy" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /invocations", func(w http.ResponseWriter, r *http.Request) { p.invoke(w, r, p.name) })
	mux.HandleFunc("POST /models", p.load)
	mux.HandleFunc("DELETE /models/{id}", p.unload)
	mux.HandleFunc("POST /models/{id}/invoke", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		name, known := p.loaded[r.PathValue("id")]
		p.mu.Unlock()
		if !known {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		p.invoke(w, r, name)
	})
	say("listening")
	say(http.ListenAndServe("127.0.0.1:"+getenv("SAGEMAKER_BIND_TO_PORT"), mux))
	return 1
}

// say prints what the tests look for in the log.
func say(words ...any) { fmt.Fprintln(os.Stdout, words...) }

// fake is the state of such a container.
type fake struct {
	name     string
	getenv   func(string) string
	capacity int

	mu     sync.Mutex
	loaded map[string]string
}

// invoke answers with the name around the body, and with what it was sent in the custom attributes. Some bodies ask
// for something else.
func (f *fake) invoke(w http.ResponseWriter, r *http.Request, name string) {
	body, _ := io.ReadAll(r.Body)
	switch string(body) {
	case "refuse":
		http.Error(w, "no such column", http.StatusTeapot)
		return
	case "long":
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(bytes.Repeat([]byte("x"), maxMessage+1))
		return
	case "die":
		os.Exit(4)
	case "forget":
		f.mu.Lock()
		clear(f.loaded)
		f.mu.Unlock()
		w.WriteHeader(http.StatusNotFound)
		return
	case "env":
		_, _ = fmt.Fprint(w, os.Environ())
		return
	case "model":
		text, err := os.ReadFile(filepath.Join(f.getenv("SM_MODEL_DIR"), "model.txt"))
		_, _ = fmt.Fprint(w, string(text), err)
		return
	case "hang":
		say("hanging")
		<-r.Context().Done()
		return
	case "slow":
		say("slow")
		time.Sleep(300 * time.Millisecond)
	}
	w.Header().Set("Content-Type", "text/"+f.name)
	w.Header().Set("X-Amzn-SageMaker-Custom-Attributes", fmt.Sprint(
		r.Header.Get("Content-Type"), ",", r.Header.Get("Accept"), ",", r.Header.Get("X-Amzn-SageMaker-Custom-Attributes"),
		",", r.Header.Get("X-Amzn-SageMaker-Inference-Id"), ",", r.Header.Get("X-Amzn-SageMaker-Target-Model")))
	_, _ = fmt.Fprintf(w, "%s(%s)", name, body)
}

// load reads the name of a model from its file model.txt.
func (f *fake) load(w http.ResponseWriter, r *http.Request) {
	var wanted struct {
		Name string `json:"model_name"`
		URL  string `json:"url"`
	}
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	text, err := os.ReadFile(filepath.Join(wanted.URL, "model.txt"))
	f.mu.Lock()
	defer f.mu.Unlock()
	_, known := f.loaded[wanted.Name]
	switch {
	case err != nil:
		http.Error(w, "the model has no model.txt", http.StatusBadRequest)
	case known:
		w.WriteHeader(http.StatusConflict)
	case len(f.loaded) == f.capacity:
		http.Error(w, "no memory", http.StatusInsufficientStorage)
	default:
		f.loaded[wanted.Name] = string(text)
		say("load", string(text))
	}
}

func (f *fake) unload(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name, known := f.loaded[r.PathValue("id")]
	if !known {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	delete(f.loaded, r.PathValue("id"))
	say("unload", name)
}
