package protocol

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
)

// ErrPageToken is returned for a token that no earlier page handed out.
var ErrPageToken = errors.New("invalid page token")

const prefix = "page-"

// Page is the page of at most size items that token leads to, and the token of the page after it; next is empty on the
// last page, and an empty token leads to the first one.
func Page[T any](items []T, token string, size int) (part []T, next string, err error) {
	start := 0
	if token != "" {
		if start, err = offset(token); err != nil {
			return nil, "", err
		}
	}
	// Items may have been deleted since the token was handed out.
	start = min(start, len(items))
	end := min(start+size, len(items))
	if end < len(items) {
		next = base64.RawURLEncoding.EncodeToString([]byte(prefix + strconv.Itoa(end)))
	}
	return items[start:end], next, nil
}

func offset(token string) (int, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, ErrPageToken
	}
	digits, found := strings.CutPrefix(string(text), prefix)
	n, err := strconv.Atoi(digits)
	if !found || err != nil || n <= 0 {
		return 0, ErrPageToken
	}
	return n, nil
}
