package harness

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Given is what a request to AWS gives to the thing that it makes or tags, as far as policies look at it: its tags,
// which are the condition keys aws:RequestTag, the path in IAM of a role or policy, with which its ARN begins, and the
// permissions boundary of a role. Requests in other protocols than JSON and forms give nothing.
func Given(r *http.Request) (tags map[string]string, path, boundary string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, "", ""
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.Header.Get("X-Amz-Target") != "" {
		return jsonTags(body), "", ""
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, "", ""
	}
	return formTags(form), form.Get("Path"), form.Get("PermissionsBoundary")
}

// jsonTags are those of a list of keys and values, which AWS KMS calls otherwise.
func jsonTags(body []byte) map[string]string {
	var request struct {
		Tags []struct{ Key, Value, TagKey, TagValue string }
	}
	if json.Unmarshal(body, &request) != nil {
		return nil
	}
	tags := map[string]string{}
	for _, tag := range request.Tags {
		tags[tag.Key+tag.TagKey] = tag.Value + tag.TagValue
	}
	return tags
}

// formTags are those of fields like Tags.member.1.Key of IAM, and Tag.1.Key and TagSpecification.1.Tag.1.Key of EC2.
func formTags(form url.Values) map[string]string {
	tags := map[string]string{}
	for name := range form {
		field, found := strings.CutSuffix(name, ".Key")
		if found && strings.Contains(name, "Tag") {
			tags[form.Get(name)] = form.Get(field + ".Value")
		}
	}
	return tags
}
