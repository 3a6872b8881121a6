package events

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// teed is a body of which a copy is kept.
type teed struct {
	io.ReadCloser
	copied io.Writer
}

// Read reads the body.
func (t *teed) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	_, _ = t.copied.Write(p[:n])
	return n, err
}

const formContent = "multipart/form-data"

// isForm reports whether a request uploads an object as browsers do.
func isForm(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), formContent)
}

// formKey is the key that a form gives its object, of the beginning of the form; the field must be before the file.
func formKey(contentType string, beginning []byte) string {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	key := ""
	for form := multipart.NewReader(bytes.NewReader(beginning), parameters["boundary"]); ; {
		part, err := form.NextPart()
		if err != nil {
			return key
		}
		switch part.FormName() {
		case "key":
			value, err := io.ReadAll(part)
			if err != nil {
				return ""
			}
			key = string(value)
		case "file":
			return strings.ReplaceAll(key, "${filename}", part.FileName())
		}
	}
}
