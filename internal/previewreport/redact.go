package previewreport

import "regexp"

// credential matches what can be nothing but a credential: access keys of AWS and what is signed with them, keys in
// PEM, tokens of GitHub, passwords in URLs, and what somebody names a secret, a password or a token. The engine hides
// values that a program has marked as secret; these have slipped through.
var credential = []struct {
	pattern *regexp.Regexp
	shown   string
}{
	{regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)`), "(secret)"},
	{regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{16}\b`), "(secret)"},
	{regexp.MustCompile(`(?i)(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+`), "$1(secret)"},
	{regexp.MustCompile(`\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,})\b`), "(secret)"},
	{regexp.MustCompile(`(://[^/\s:@]+:)[^/\s@]+@`), "$1(secret)@"},
	{regexp.MustCompile(
		`(?i)((?:password|passwd|passphrase|secret|token|api_?key|access_?key)[a-z_]*` +
			`(?:\s*=\s*["']?|["']\s*:\s*["']?|:\s+["']?))[^\s"',;&)}]+`,
	), "$1(secret)"},
}

// Redact is a text with credentials replaced by "(secret)".
func Redact(text string) string {
	for _, c := range credential {
		text = c.pattern.ReplaceAllString(text, c.shown)
	}
	return text
}
