package secrets

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
)

// form is a form that values have which can be nothing else than secrets.
type form struct {
	// kind says what it is, such as "a GitHub token".
	kind string
	// pattern matches it. The group that matched is the secret in it.
	pattern *regexp.Regexp
	// fits looks closer at the secret; nil for patterns that suffice.
	fits func(secret string) bool
}

// tokenForm is a form that begins like nothing else, and is no part of a longer word.
func tokenForm(kind, pattern string) form {
	return form{kind: kind, pattern: regexp.MustCompile(`(?:^|[^A-Za-z0-9_-])(` + pattern + `)(?:[^A-Za-z0-9_-]|$)`)}
}

// forms are the known ones, each with who documents it: the vendors' own pages on their keys, and GitHub's list of
// "Supported secret scanning patterns", in which vendors register the forms of their tokens.
var forms = []form{
	{kind: "a private key", pattern: regexp.MustCompile( // RFC 7468; OpenSSH, PROTOCOL.key; RFC 9580 (PGP)
		`(?s)(-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$))`)},
	{kind: "a password in a URL", pattern: regexp.MustCompile( // RFC 3986, 3.2.1
		`[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s:@]*:([^/?#\s@"']+)@`), fits: isNoPlaceholder},
	{kind: "a password in a data source name", pattern: regexp.MustCompile( // Go's MySQL driver: user:password@tcp(host)
		`(?:^|[^\w.-])[\w.-]+:([^\s:@]+)@(?:tcp|unix|udp)\d?\(`), fits: isNoPlaceholder},
	{kind: "a signature in a URL", pattern: regexp.MustCompile( // AWS Signature Version 4; Azure shared access signatures
		`(?i)[?&](?:(?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|X-Goog-Signature)=([^&\s"']+)|` +
			`sig=([^&\s"']{8,}))`), fits: isNoPlaceholder},
	{kind: "a bearer token", pattern: regexp.MustCompile( // RFC 6750, 2.1
		`(?i:\bbearer)\s+([A-Za-z0-9._~+/-]{16,}=*)`), fits: isRandom},
	{kind: "basic credentials", pattern: regexp.MustCompile( // RFC 7617
		`(?i:\bbasic)\s+([A-Za-z0-9+/]{8,}={0,2})`), fits: isBasic},
	// RFC 7519: a header and a payload are JSON, and {" is eyJ in Base64.
	tokenForm("a JSON Web Token", `eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`),

	// AWS: IAM User Guide, "IAM identifiers"; Amazon Bedrock User Guide, "API keys".
	{kind: "an access key of AWS", pattern: regexp.MustCompile(`(?:^|\W)((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})(?:\W|$)`)},
	{kind: "a secret access key of AWS", pattern: regexp.MustCompile(`^([A-Za-z0-9/+]{40})$`), fits: isShuffled},
	tokenForm("an API key of Amazon Bedrock", `(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/=]{40,}`),

	// Where code and models come from.
	tokenForm("a GitHub token", `gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{22,}`),
	tokenForm("a GitLab token", `gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_-]{20,}`),
	tokenForm("a Hugging Face token", `(?:hf|api_org)_[A-Za-z0-9]{30,}`),
	tokenForm("an npm token", `npm_[A-Za-z0-9]{36}`),
	tokenForm("a PyPI token", `pypi-AgE[A-Za-z0-9_-]{50,}`),
	tokenForm("a Docker Hub token", `dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}`),
	tokenForm("a Pulumi token", `pul-[0-9a-f]{40}`),
	tokenForm("a HashiCorp token", `hv[sbr]\.[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}`),
	tokenForm("a Databricks token", `dapi[0-9a-f]{32}(?:-\d)?`),

	// What serves models.
	tokenForm("an Anthropic key", `sk-ant-[A-Za-z0-9_-]{20,}`),
	tokenForm("an OpenAI key", `sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}`),
	{
		kind:    "an OpenAI key",
		pattern: regexp.MustCompile(`(?:^|[^A-Za-z0-9_-])(sk-(?:or-v1-|lf-)?[A-Za-z0-9]{20,})(?:[^A-Za-z0-9_-]|$)`),
		fits:    hasDigit,
	},
	tokenForm("a key of a model service", `(?:gsk_|pplx-|nvapi-|xai-|r8_|fw_|tgp_v1_|pcsk_|csk-)[A-Za-z0-9_-]{30,}`),
	tokenForm("a LangSmith key", `lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}`),

	// Google: Cloud docs, "Authenticate by using API keys" and "Token types".
	tokenForm("a Google API key", `AIza[A-Za-z0-9_-]{35}`),
	tokenForm("a Google OAuth secret", `GOCSPX-[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{20,}|1//0[A-Za-z0-9_-]{30,}`),
	// Azure Storage, "Configure Azure Storage connection strings".
	{kind: "an Azure account key", pattern: regexp.MustCompile(`(?i)AccountKey=([A-Za-z0-9+/]{40,}={0,2})`)},
	tokenForm("a DigitalOcean token", `do[oprt]_v1_[0-9a-f]{64}`),

	// Messages, payments, operations.
	tokenForm("a Slack token", `xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}`),
	{kind: "a webhook", pattern: regexp.MustCompile(
		`https://(?:hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/)([\w/-]{10,})`)},
	tokenForm("a Telegram token", `\d{8,10}:AA[A-Za-z0-9_-]{33}`),
	tokenForm("a Stripe key", `(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{24,}`),
	tokenForm("a Square key", `sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,}`),
	tokenForm("a Shopify token", `shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}`),
	tokenForm("a SendGrid key", `SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`),
	tokenForm("a Mailgun key", `key-[0-9a-f]{32}`),
	tokenForm("a Twilio key", `SK[0-9a-f]{32}`),
	tokenForm("a Grafana token", `glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/=]{32,}`),
	tokenForm("a New Relic key", `NRAK-[A-Z0-9]{27}`),
	tokenForm("a Sentry token", `sntry[su]_[A-Za-z0-9+/=_]{40,}`),
	tokenForm("an Atlassian token", `ATATT3[A-Za-z0-9_=-]{40,}`),
	tokenForm("a Linear key", `lin_(?:api|oauth)_[A-Za-z0-9]{32,}`),
	tokenForm("a Notion token", `ntn_[A-Za-z0-9]{40,}`),
	tokenForm("a Postman key", `PMAK-[0-9a-f]{24}-[0-9a-f]{34}`),
	tokenForm("a Tailscale key", `tskey-[a-z]+-[A-Za-z0-9-]{10,}`),
	tokenForm("an age key", `AGE-SECRET-KEY-1[0-9A-Z]{58}`),
}

// formIn is the kind of the first form in a text; empty where there is none.
func formIn(text string) string {
	for i := range forms {
		if len(forms[i].secrets(text)) > 0 {
			return forms[i].kind
		}
	}
	return ""
}

// secrets are where in a text the form's secrets begin and end.
func (f *form) secrets(text string) [][2]int {
	var found [][2]int
	for _, at := range f.pattern.FindAllStringSubmatchIndex(text, -1) {
		secret := [2]int{at[2], at[3]}
		for group := 4; secret[0] < 0; group += 2 {
			secret = [2]int{at[group], at[group+1]}
		}
		if f.fits == nil || f.fits(text[secret[0]:secret[1]]) {
			found = append(found, secret)
		}
	}
	return found
}

// redact replaces the form's secrets in a text.
func (f *form) redact(text string) string {
	var shown strings.Builder
	last := 0
	for _, at := range f.secrets(text) {
		shown.WriteString(text[last:at[0]] + Hidden)
		last = at[1]
	}
	return shown.String() + text[last:]
}

// isNoPlaceholder keeps "https://user:${PASSWORD}@host" from counting.
func isNoPlaceholder(secret string) bool { return !harmlessValue.MatchString(secret) }

func hasDigit(secret string) bool { return strings.ContainsFunc(secret, unicode.IsDigit) }

// isRandom tells a token from an English word after "bearer".
func isRandom(secret string) bool { return len(secret) >= 24 || hasDigit(secret) }

// isBasic reports whether a text is a user and a password in Base64, and not an English word after "basic".
func isBasic(secret string) bool {
	text, err := base64.StdEncoding.DecodeString(secret)
	user, _, found := strings.Cut(string(text), ":")
	return err == nil && found && strings.IndexFunc(user, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// runs match what letters and digits change between: words of small letters, of capitals, and everything else.
var runs = regexp.MustCompile(`[a-z]+|[A-Z]+|[^a-zA-Z]+`)

// isShuffled reports whether letters of both cases and digits stand in as random an order as in keys of 40 characters:
// names and paths have fewer and longer runs.
func isShuffled(secret string) bool {
	const many, some, short = 19, 15, 4
	all := runs.FindAllString(secret, -1)
	longest := 0
	for _, run := range all {
		if unicode.IsLower(rune(run[0])) {
			longest = max(longest, len(run))
		}
	}
	mixed := strings.ToUpper(secret) != secret && strings.ToLower(secret) != secret
	return hasDigit(secret) && mixed && (len(all) >= many || len(all) >= some && longest <= short)
}
