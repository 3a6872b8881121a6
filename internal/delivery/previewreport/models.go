package previewreport

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"sagehost/internal/release"
	"sagehost/kit/secrets"
)

// unknown is how the engine writes a value that is not known before the deployment.
const unknown = plugin.UnknownStringValue

// hidden is how the engine writes a secret.
const hidden = "[secret]"

// differences are what of a model differs, of all that says which model it is. Environments can hold secrets.
func differences(step apitype.StepEventMetadata) []Difference {
	if step.Old == nil || step.New == nil {
		return nil
	}
	before, after := identity(step.Old.Inputs), identity(step.New.Inputs)
	keys := map[string]bool{}
	for _, side := range []map[string]string{before, after} {
		for key := range side {
			keys[key] = true
		}
	}
	var found []Difference
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if before[key] != after[key] {
			found = append(found, Difference{What: key, From: before[key], To: after[key]})
		}
	}
	return found
}

// identity is the release, and each container's image and archive.
func identity(inputs map[string]any) map[string]string {
	values := map[string]string{}
	put := func(key string, from map[string]any, property string) {
		if value, given := from[property]; given {
			values[key] = shown(value)
		}
	}
	put("release", member(inputs, "tags"), release.Tag)
	container := func(suffix string, c map[string]any) {
		put("image"+suffix, c, "image")
		put("artifact"+suffix, c, "modelDataUrl")
		put("artifact"+suffix, member(member(c, "modelDataSource"), "s3DataSource"), "s3Uri")
		put("package"+suffix, c, "modelPackageName")
	}
	container("", member(inputs, "primaryContainer"))
	list, _ := inputs["containers"].([]any)
	for _, element := range list {
		c, _ := element.(map[string]any)
		container(" of "+text(c, "containerHostname"), c)
	}
	return values
}

// shown is a value as it may be shown.
func shown(value any) string {
	switch text, isText := value.(string); {
	case !isText || text == hidden:
		return "(secret)" // whatever is not text here is how a secret is kept
	case text == unknown:
		return "(unknown)"
	default:
		return secrets.Redact(text)
	}
}

// text is a member that is text; empty where it is not.
func text(from map[string]any, name string) string {
	value, _ := from[name].(string)
	return value
}

// member is a member that is an object; nil where it is not.
func member(from map[string]any, name string) map[string]any {
	value, _ := from[name].(map[string]any)
	return value
}
