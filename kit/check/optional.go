package check

// ValueOr is the value, or what stands for it where there is none.
func ValueOr[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}

// TextOrNil is nil for an empty text: what AWS takes for a member that is not sent.
func TextOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
