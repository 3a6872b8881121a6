package media_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/examples/hosting/media"
)

func TestParseKnowsThreeTypesAndIgnoresParameters(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]media.Format{
		"text/csv":                        media.CSV,
		"text/csv; charset=utf-8":         media.CSV,
		"Application/JSON":                media.JSON,
		"application/jsonlines":           media.Lines,
		"application/x-recordio-protobuf": "",
		"":                                "",
	} {
		format, known := media.Parse(header)
		assert.Equal(t, want, format, header)
		assert.Equal(t, want != "", known, header)
	}
}

func TestNegotiateFindsTheBestFormatThatTheClientAllows(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]media.Format{
		"":                                 media.Lines,
		"*/*":                              media.Lines,
		"application/*":                    media.Lines,
		"text/*":                           media.CSV,
		"text/csv":                         media.CSV,
		"application/json, text/csv;q=0.5": media.JSON,
		"application/json;q=0.1, text/csv": media.CSV,
		"*/*, application/jsonlines;q=0":   media.CSV,
		"application/*;q=0.5, text/html":   media.Lines,
		"image/png":                        "",
		"application/json;q=0":             "",
	} {
		format, allowed := media.Negotiate(accept, media.Lines)
		assert.Equal(t, want, format, accept)
		assert.Equal(t, want != "", allowed, accept)
	}
}
