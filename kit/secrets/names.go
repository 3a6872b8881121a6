package secrets

import (
	"regexp"
	"slices"
	"strings"
)

// kind is what a word names, which decides over which values are harmless.
type kind int

const (
	// password can have any form, even that of a number.
	password kind = iota
	// token is for logging in, or a part of a text: a vocabulary has some, and models count them.
	token
	// key and credentials may be in a file, of which the value is the path.
	key
)

// words end the names of secrets: "DB_PASSWORD", "authToken", "OPENAI_API_KEY". Of several words, all must be there.
var words = []struct {
	words []string
	kind  kind
}{
	{[]string{"password"}, password},
	{[]string{"passwords"}, password},
	{[]string{"passwd"}, password},
	{[]string{"passphrase"}, password},
	{[]string{"passcode"}, password},
	{[]string{"pgpassword"}, password}, // PostgreSQL, "Environment Variables"
	{[]string{"pwd"}, password},
	{[]string{"pass"}, password},
	{[]string{"redis", "auth"}, password},
	{[]string{"rediscli", "auth"}, password}, // Redis, "Redis CLI"
	{[]string{"basic", "auth"}, password},
	{[]string{"secret"}, password},
	{[]string{"secrets"}, password},
	{[]string{"token"}, token},
	{[]string{"access", "token"}, token},
	{[]string{"api", "token"}, token},
	{[]string{"auth", "token"}, token},
	{[]string{"bearer", "token"}, token},
	{[]string{"access", "tokens"}, token},
	{[]string{"api", "tokens"}, token},
	{[]string{"auth", "tokens"}, token},
	{[]string{"credential"}, key},
	{[]string{"credentials"}, key},
	{[]string{"creds"}, key},
	{[]string{"dbpass"}, password},
	{[]string{"dbpassword"}, password},
	{[]string{"private", "pem"}, key},
	{[]string{"access", "key"}, key},
	{[]string{"account", "key"}, key},
	{[]string{"api", "key"}, key},
	{[]string{"api", "keys"}, key},
	{[]string{"auth", "key"}, key},
	{[]string{"deploy", "key"}, key},
	{[]string{"encryption", "key"}, key},
	{[]string{"hmac", "key"}, key},
	{[]string{"license", "key"}, key},
	{[]string{"master", "key"}, key},
	{[]string{"private", "key"}, key},
	{[]string{"secret", "key"}, key},
	{[]string{"shared", "key"}, key},
	{[]string{"signing", "key"}, key},
	{[]string{"ssh", "key"}, key},
	{[]string{"subscription", "key"}, key},
}

// tails may follow the words without making the name one of something else, as in "DB_PASSWORD_PROD" or "API_KEY_2".
// Any other tail does: SECRET_NAME, TOKEN_LIMIT, PASSWORD_POLICY, KEY_FIELD.
var tails = regexp.MustCompile(`^(?:\d+|value|plain|plaintext|raw|base64|b64|dev|test|staging|stage|prod|production|` +
	`primary|secondary|old|new|current|previous)$`)

// harmlessTokens are what precedes "token" where it is a piece of text: the special tokens of vocabularies (Hugging
// Face Transformers, "Tokenizer": SPECIAL_TOKENS_ATTRIBUTES, and token types of multimodal models), and counts.
var harmlessTokens = regexp.MustCompile(`^(?:bos|eos|unk|sep|pad|cls|mask|image|audio|video|vision|start|end|stop|` +
	`special|additional|decoder|forced|suppress|begin|first|last|next|per|max|min|num|by|each|prefix|suffix|fill|` +
	`separator|padding|text|timestamp|language|tool|think|reasoning|no|use|require|requires|with|has|is|enable|disable|` +
	`skip|allow|implicit|send)$`)

// passwordOwners precede "pass" and "pwd" where these are passwords: PWD alone is the working directory, and a model
// makes a forward pass.
var passwordOwners = regexp.MustCompile(`^(?:admin|app|db|database|email|es|ftp|http|https|keystore|ldap|mail|mongo|` +
	`mqtt|mysql|neo4j|pg|postgres|postgresql|proxy|rabbitmq|redis|root|sasl|service|smtp|ssl|sudo|sql|user|username)$`)

// questions begin the names of switches.
var questions = regexp.MustCompile(`^(?:use|require|requires|has|is|enable|disable|skip|allow|no)$`)

// secretWord is the part of a name, as it is written, that says that the value is a secret; empty when nothing does.
func secretWord(name string) string {
	all := split(name)
	for len(all) > 1 && tails.MatchString(strings.ToLower(all[len(all)-1])) {
		all = all[:len(all)-1]
	}
	lower := make([]string, len(all))
	for i, word := range all {
		lower[i] = strings.ToLower(word)
	}
	for _, row := range words {
		before, ends := cutEnd(lower, row.words)
		switch {
		case !ends, len(lower) > 0 && before < len(lower) && questions.MatchString(lower[0]) && before > 0:
		case row.kind == token && before > 0 && harmlessTokens.MatchString(lower[before-1]):
		case short(row.words) && (before < 1 || !passwordOwners.MatchString(lower[before-1])):
		case before < 0: // one word of several without a separator, such as "apikey"
			return all[len(all)-1]
		default:
			return strings.Join(all[before:], "_")
		}
	}
	return ""
}

// short reports whether words are one that means a password only after its owner.
func short(words []string) bool { return words[0] == "pass" || words[0] == "pwd" }

// cutEnd says after how many words the ending begins; -1 where it is only the end of the last word, as in "PGPASSWORD".
func cutEnd(all, ending []string) (before int, ends bool) {
	if before = len(all) - len(ending); before >= 0 && slices.Equal(all[before:], ending) {
		return before, true
	}
	glued := strings.Join(ending, "")
	if len(all) > 0 && len(glued) >= minGlued && strings.HasSuffix(all[len(all)-1], glued) {
		return -1, true
	}
	return 0, false
}

// minGlued keeps words that only end alike from counting, such as "betoken".
const minGlued = 6

// isHarmlessFor reports whether a value can be no secret of the kind that a word names.
func isHarmlessFor(word, value string) bool {
	parts := split(strings.ToLower(word))
	for _, row := range words {
		if _, ends := cutEnd(parts, row.words); !ends {
			continue
		}
		switch row.kind {
		case token:
			return number.MatchString(value) || vocabularyToken.MatchString(value)
		case key:
			return path.MatchString(value)
		case password:
			return false
		}
	}
	return false
}

var (
	number = regexp.MustCompile(`^[+-]?\d{1,9}(?:\.\d+)?$`)
	// vocabularyToken matches the special tokens of a vocabulary, such as "<pad>", "[SEP]" and "</s>".
	vocabularyToken = regexp.MustCompile(`^(?:<.*>|\[.*\])$`)
	// path matches the path of a file: of the environment, secrets in files are no part.
	path = regexp.MustCompile(`^(?:file://|~|\.{1,2})?(?:/[\w.@-]+){2,}/?$|` +
		`^(?:\.{0,2}/)?[\w-]+\.(?:json|pem|key|crt|txt|ya?ml|ini|toml)$`)
)

// boundary is where a new word begins in camel case: after a small letter or a digit, and before the last capital of
// several.
var boundary = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])`)

// split takes a name in snake, kebab or camel case apart.
func split(name string) []string {
	name = boundary.ReplaceAllString(name, "$1$3 $2$4")
	return strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" _-./:", r) })
}
