package awsref

import (
	"encoding/json"
	"regexp"
	"strings"

	"sagehost/kit/check"
)

var accountID = regexp.MustCompile(`^\d{12}$`)

// ParseAccounts reads a list of account ids, 12 digits each, from the JSON of a setting such as aws:allowedAccountIds,
// and reports what is none. An empty text is an empty list.
func ParseAccounts(at check.At, text string) []string {
	if text == "" {
		return nil
	}
	var ids []json.RawMessage
	if err := json.Unmarshal([]byte(text), &ids); err != nil {
		at.Addf("%s is not a list", text)
		return nil
	}
	accounts := make([]string, len(ids))
	for i, id := range ids {
		// Without quotes it is a number.
		accounts[i] = strings.Trim(string(id), `"`)
		if !accountID.MatchString(accounts[i]) {
			at.Index(i).Addf("%s is not the id of an account, 12 digits in quotes", id)
		}
	}
	return accounts
}
