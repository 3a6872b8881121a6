// Package media knows the media types that hosting containers speak, and finds the rows in a body of any of them.
package media

import (
	"mime"
	"strconv"
	"strings"
)

// Format is a media type that can be read and written.
type Format string

// The formats, in the order of preference where a client leaves the choice.
const (
	CSV   Format = "text/csv"
	JSON  Format = "application/json"
	Lines Format = "application/jsonlines"
)

// Parse finds the format that a Content-Type header names; parameters such as charset are ignored.
func Parse(header string) (Format, bool) {
	mediaType, _, err := mime.ParseMediaType(header)
	if err != nil {
		return "", false
	}
	switch format := Format(mediaType); format {
	case CSV, JSON, Lines:
		return format, true
	}
	return "", false
}

// Negotiate finds the best format that an Accept header allows. It is the fallback where the header is empty or
// allows it at the highest quality, and nothing where the header allows none.
func Negotiate(accept string, fallback Format) (Format, bool) {
	if strings.TrimSpace(accept) == "" {
		return fallback, true
	}
	var best Format
	highest := 0.0
	for _, format := range []Format{fallback, CSV, JSON, Lines} {
		if quality := quality(accept, format); quality > highest {
			best, highest = format, quality
		}
	}
	return best, highest > 0
}

// quality is how much an Accept header wants a format, from 0 to 1. The most specific range decides.
func quality(accept string, format Format) float64 {
	family, _, _ := strings.Cut(string(format), "/")
	precedence := []string{"*/*", family + "/*", string(format)}
	quality, specific := 0.0, -1
	for part := range strings.SplitSeq(accept, ",") {
		mediaType, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		for level, name := range precedence {
			if name == mediaType && level > specific {
				quality, specific = weight(parameters["q"]), level
			}
		}
	}
	return quality
}

// weight reads the parameter q of a range; one that is missing or cannot be read counts as 1.
func weight(q string) float64 {
	if value, err := strconv.ParseFloat(q, 64); err == nil {
		return value
	}
	return 1
}
