package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"sagehost/examples/hosting"
)

// pageSize is how many models one list names.
const pageSize = 100

// description is a loaded model as the API shows it.
type description struct {
	Name string `json:"modelName"`
	URL  string `json:"modelUrl"`
}

// list is one page of the loaded models.
type list struct {
	Models []description `json:"models"`
	// Next asks for the page after this one: it is the last name on this page, which stays valid whatever is loaded
	// or unloaded in between.
	Next string `json:"nextPageToken,omitempty"`
}

// handle registers the requests of multi-model endpoints.
func (r *registry) handle(mux *http.ServeMux) {
	mux.HandleFunc("POST /models", r.postModel)
	mux.HandleFunc("GET /models", func(w http.ResponseWriter, request *http.Request) {
		page, more := r.list(request.URL.Query().Get("next_page_token"), pageSize)
		answer := list{Models: page}
		if more {
			answer.Next = page[len(page)-1].Name
		}
		hosting.Reply(w, http.StatusOK, answer)
	})
	mux.HandleFunc("GET /models/{name}", func(w http.ResponseWriter, request *http.Request) {
		name := request.PathValue("name")
		found, err := r.get(name)
		answer(w, description{Name: name, URL: found.folder}, err)
	})
	mux.HandleFunc("DELETE /models/{name}", func(w http.ResponseWriter, request *http.Request) {
		name := request.PathValue("name")
		answer(w, map[string]string{"modelName": name}, r.unload(name))
	})
	mux.HandleFunc("POST /models/{name}/invoke", func(w http.ResponseWriter, request *http.Request) {
		found, err := r.get(request.PathValue("name"))
		if err != nil {
			answer(w, nil, err)
			return
		}
		invoke(w, request, found.model)
	})
}

// postModel loads a model.
func (r *registry) postModel(w http.ResponseWriter, request *http.Request) {
	body, ok := hosting.ReadBody(w, request)
	if !ok {
		return
	}
	var wanted struct {
		Name string `json:"model_name"`
		URL  string `json:"url"`
	}
	if err := json.Unmarshal(body, &wanted); err != nil {
		hosting.Refuse(w, http.StatusBadRequest, fmt.Errorf("the body is not a model to load: %w", err))
		return
	}
	if wanted.Name == "" || wanted.URL == "" {
		hosting.Refuse(w, http.StatusBadRequest, errors.New("model_name and url are required"))
		return
	}
	answer(w, description{Name: wanted.Name, URL: wanted.URL}, r.load(wanted.Name, wanted.URL))
}

// answer replies with a value, or with the status that SageMaker expects for an error.
func answer(w http.ResponseWriter, value any, err error) {
	switch {
	case err == nil:
		hosting.Reply(w, http.StatusOK, value)
	case errors.Is(err, errLoaded):
		hosting.Refuse(w, http.StatusConflict, err)
	case errors.Is(err, errNotLoaded):
		hosting.Refuse(w, http.StatusNotFound, err)
	case errors.Is(err, errNoMemory):
		// It makes SageMaker unload models that are not in use and try again.
		hosting.Refuse(w, http.StatusInsufficientStorage, err)
	default:
		hosting.Refuse(w, http.StatusBadRequest, err)
	}
}
