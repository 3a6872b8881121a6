package dataplane_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// containerRole is set in the environment of this test's program when it stands for a container.
const containerRole = "DATAPLANE_CONTAINER"

// order is a request that tells the container what to do. Everything else is answered with the container's name.
type order struct {
	// Status is the answer's; 200 by default.
	Status int `json:"status,omitempty"`
	// Say is the answer; the container's NAME by default.
	Say string `json:"say,omitempty"`
	// Until is a file that must exist before the answer is given.
	Until string `json:"until,omitempty"`
	// Began is a file that the container makes when it gets the order.
	Began string `json:"began,omitempty"`
	// PID is a file that the container writes its process id to.
	PID string `json:"pid,omitempty"`
	// Exit ends the container without an answer.
	Exit bool `json:"exit,omitempty"`
	// Alone is how many milliseconds the container takes, in which it answers nobody else who asks so.
	Alone int `json:"alone,omitempty"`
}

// turn is held by the one who is answered alone.
var turn sync.Mutex

func (o order) String() string {
	text, err := json.Marshal(o)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// runContainer serves until it is killed. PING is the status of its pings, 200 by default; STATUS that of all answers.
func runContainer() int {
	if os.Getenv("START") == "exit" {
		fmt.Fprintln(os.Stderr, cmp.Or(os.Getenv("WORDS"), "no licence"))
		return 3
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) {
		if os.Getenv("START") == "hang" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /invocations", obey)
	server := &http.Server{
		Addr: net.JoinHostPort("127.0.0.1", os.Getenv("SAGEMAKER_BIND_TO_PORT")), Handler: mux,
		ReadHeaderTimeout: time.Minute,
	}
	fmt.Fprintln(os.Stderr, server.ListenAndServe())
	return 1
}

// obey answers one request.
func obey(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var wanted order
	if json.Unmarshal(body, &wanted) != nil {
		wanted = order{}
	}
	if os.Getenv("STATUS") == "500" {
		wanted.Status = http.StatusInternalServerError
	}
	for path, content := range map[string]string{wanted.Began: "", wanted.PID: strconv.Itoa(os.Getpid())} {
		if path == "" {
			continue
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	for wanted.Until != "" && r.Context().Err() == nil {
		if _, err := os.Stat(wanted.Until); err == nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if wanted.Alone > 0 {
		turn.Lock()
		time.Sleep(time.Duration(wanted.Alone) * time.Millisecond)
		turn.Unlock()
	}
	if wanted.Exit {
		os.Exit(4)
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(cmp.Or(wanted.Status, http.StatusOK))
	_, _ = io.WriteString(w, cmp.Or(wanted.Say, os.Getenv("NAME")))
}
