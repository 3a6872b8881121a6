package runtime

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sagehost/localaws/containers/serving"
)

// captured is one line of captured data, in the schema that Model Monitor reads.
type captured struct {
	Data    capturedData `json:"captureData"`
	Meta    capturedMeta `json:"eventMetadata"`
	Version string       `json:"eventVersion"`
}

type capturedData struct {
	Input  *capturedSide `json:"endpointInput,omitempty"`
	Output *capturedSide `json:"endpointOutput,omitempty"`
}

type capturedSide struct {
	ContentType string `json:"observedContentType"`
	// Mode is INPUT or OUTPUT.
	Mode string `json:"mode"`
	Data string `json:"data"`
	// Encoding is CSV, JSON or BASE64.
	Encoding string `json:"encoding"`
}

type capturedMeta struct {
	EventID          string   `json:"eventId"`
	InferenceID      string   `json:"inferenceId,omitempty"`
	CustomAttributes []string `json:"customAttributes,omitempty"`
	// InferenceTime is to the second.
	InferenceTime string `json:"inferenceTime"`
}

// line encodes a request and its answer, with the line feed.
func (c *Capture) line(
	in *invocation, input []byte, response *serving.Response, output []byte, at time.Time,
) []byte {
	record := captured{Version: "0", Meta: capturedMeta{
		EventID: uuid(), InferenceID: in.request.InferenceID, InferenceTime: at.UTC().Format(time.RFC3339),
	}}
	if in.request.CustomAttributes != "" {
		record.Meta.CustomAttributes = []string{in.request.CustomAttributes}
	}
	if c.Input {
		record.Data.Input = c.side("INPUT", in.request.ContentType, input)
	}
	if c.Output {
		record.Data.Output = c.side("OUTPUT", cmp.Or(response.ContentType, octetStream), output)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	// Strings can always be encoded.
	_ = encoder.Encode(record)
	return text.Bytes()
}

// side writes data as text where its content type, without parameters, is listed. Text that is none is written in
// base 64 all the same.
func (c *Capture) side(mode, contentType string, data []byte) *capturedSide {
	s := &capturedSide{ContentType: contentType, Mode: mode, Encoding: "BASE64"}
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.TrimSpace(media)
	same := func(listed string) bool { return strings.EqualFold(listed, media) }
	switch {
	case !utf8.Valid(data):
	case slices.ContainsFunc(c.CSVTypes, same):
		s.Encoding = "CSV"
	case slices.ContainsFunc(c.JSONTypes, same):
		s.Encoding = "JSON"
	}
	if s.Encoding == "BASE64" {
		s.Data = base64.StdEncoding.EncodeToString(data)
	} else {
		s.Data = string(data)
	}
	return s
}
