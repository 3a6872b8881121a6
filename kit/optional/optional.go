// Package optional is about values that need not be given.
package optional

// Or is the value, or what stands for it where there is none.
func Or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}

// Text is nil for an empty text: what AWS takes for a member that is not sent.
func Text(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
