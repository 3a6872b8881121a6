package shape_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/shape"
)

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var value map[string]any
	require.NoError(t, d.Decode(&value))
	return value
}

var request = shape.Structure(
	shape.Required("EndpointName", shape.Text("EndpointName")),
	shape.Optional("Variants", shape.List("ProductionVariantList", shape.Structure(
		shape.Required("Count", shape.AtLeast(1)),
		shape.Optional("Weight", shape.FloatAtLeast(0)),
	))),
	shape.Optional("Strategy", shape.Enum("RoutingStrategy")),
	shape.Optional("Order", shape.Choice("Up", "Down")),
	shape.Optional("Volume", shape.Integer("ProductionVariantVolumeSizeInGB")),
	shape.Optional("Environment",
		shape.Map("EnvironmentMap", shape.Text("EnvironmentKey"), shape.Text("EnvironmentValue"))),
	shape.Optional("Note", shape.Length(1, 3)),
	shape.Optional("On", shape.Flag()),
	shape.Optional("At", shape.Time()),
	shape.Optional("Small", shape.Between(1, 3)),
	shape.Optional("Few", shape.ListOf(1, 2, shape.Length(1, 9))),
	shape.Optional("Code", shape.Pattern(1, 3, `[a-z]+`)),
	shape.Optional("Some", shape.ListAtLeast(1, shape.Whole())),
)

func TestViolationsAreWordedAsAWSDoes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, input, want string }{
		{"missing member", `{}`, "Value null at 'endpointName' failed to satisfy constraint: " +
			"Member must not be null"},
		{"pattern", `{"EndpointName":"a_b"}`, "Value 'a_b' at 'endpointName' failed to satisfy constraint: " +
			"Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"},
		{
			"too long", `{"EndpointName":"` + strings.Repeat("a", 64) + `"}`,
			"Value '" + strings.Repeat("a", 64) + "' at 'endpointName' failed to satisfy constraint: " +
				"Member must have length less than or equal to 63",
		},
		{
			"empty list", `{"EndpointName":"e","Variants":[]}`,
			"Value '[]' at 'variants' failed to satisfy constraint: Member must have length greater than or equal to 1",
		},
		{
			"in a list", `{"EndpointName":"e","Variants":[{"Count":1},{"Count":0}]}`,
			"Value '0' at 'variants.2.member.count' failed to satisfy constraint: " +
				"Member must have value greater than or equal to 1",
		},
		{
			"negative weight", `{"EndpointName":"e","Variants":[{"Count":1,"Weight":-0.5}]}`,
			"Value '-0.5' at 'variants.1.member.weight' failed to satisfy constraint: " +
				"Member must have value greater than or equal to 0",
		},
		{
			"enumeration of the service model", `{"EndpointName":"e","Strategy":"X"}`,
			"Value 'X' at 'strategy' failed to satisfy constraint: " +
				"Member must satisfy enum value set: [LEAST_OUTSTANDING_REQUESTS, RANDOM]",
		},
		{
			"enumeration given here", `{"EndpointName":"e","Order":"up"}`,
			"Value 'up' at 'order' failed to satisfy constraint: Member must satisfy enum value set: [Up, Down]",
		},
		{"range", `{"EndpointName":"e","Volume":513}`, "Value '513' at 'volume' failed to satisfy constraint: " +
			"Member must have value less than or equal to 512"},
		{
			"key of a map", `{"EndpointName":"e","Environment":{"1A":"x"}}`,
			"Value at 'environment' failed to satisfy constraint: Map keys must satisfy constraint: " +
				"[Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, " +
				"Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]",
		},
		{
			"value of a map", `{"EndpointName":"e","Environment":{"A":"` + strings.Repeat("a", 1025) + `"}}`,
			"Value at 'environment' failed to satisfy constraint: Map value must satisfy constraint: " +
				"[Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, " +
				"Member must satisfy regular expression pattern: [\\S\\s]*]",
		},
		{
			"element of a list", `{"EndpointName":"e","Few":["a","0123456789"]}`,
			"Value '[a, 0123456789]' at 'few' failed to satisfy constraint: Member must satisfy constraint: " +
				"[Member must have length less than or equal to 9, Member must have length greater than or equal to 1]",
		},
		{
			"pattern given here", `{"EndpointName":"e","Code":"a1"}`,
			"Value 'a1' at 'code' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
		},
		{
			"empty list where one is needed", `{"EndpointName":"e","Some":[]}`,
			"Value '[]' at 'some' failed to satisfy constraint: Member must have length greater than or equal to 1",
		},
		{"length", `{"EndpointName":"e","Note":"abcd"}`, "Value 'abcd' at 'note' failed to satisfy constraint: " +
			"Member must have length less than or equal to 3"},
		{
			"number too big for a float", `{"EndpointName":"e","Variants":[{"Count":1,"Weight":1e999}]}`,
			"Value '1e999' at 'variants.1.member.weight' failed to satisfy constraint: Member must be a finite number",
		},
		{
			"bounds given here", `{"EndpointName":"e","Small":4}`,
			"Value '4' at 'small' failed to satisfy constraint: Member must have value less than or equal to 3",
		},
		{
			"list bounds given here", `{"EndpointName":"e","Few":["a","b","c"]}`,
			"Value '[a, b, c]' at 'few' failed to satisfy constraint: " +
				"Member must have length less than or equal to 2",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.EqualError(t, request.Check(decode(t, test.input)), "1 validation error detected: "+test.want)
		})
	}
}

func TestAllViolationsAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	err := request.Check(decode(t, `{"Order":"x"}`))
	assert.EqualError(t, err, "2 validation errors detected: "+
		"Value null at 'endpointName' failed to satisfy constraint: Member must not be null; "+
		"Value 'x' at 'order' failed to satisfy constraint: Member must satisfy enum value set: [Up, Down]")
}

func TestValuesOfTheWrongTypeAreMismatches(t *testing.T) {
	t.Parallel()
	tests := []struct{ input, want string }{
		{`{"EndpointName":5}`, "NUMBER_VALUE can not be converted to a String"},
		{`{"EndpointName":"e","Volume":"5"}`, "STRING_VALUE can not be converted to an Integer"},
		{`{"EndpointName":"e","Volume":1.5}`, "DECIMAL_VALUE can not be converted to an Integer"},
		{`{"EndpointName":"e","Variants":{}}`, "Start of structure or map found where not expected."},
		{`{"EndpointName":"e","Environment":[]}`, "Start of list found where not expected"},
		{`{"EndpointName":"e","Environment":{"A":true}}`, "TRUE_VALUE can not be converted to a String"},
		{`{"EndpointName":"e","Variants":"x"}`, "Expected list or null"},
		{`{"EndpointName":"e","Environment":"x"}`, "Expected map or null"},
		{`{"EndpointName":"e","Variants":[1]}`, "Expected null"},
		{`{"EndpointName":"e","At":"x"}`, "STRING_VALUE can not be converted to milliseconds since epoch"},
		{`{"EndpointName":"e","On":"true"}`, "STRING_VALUE can not be converted to a Boolean"},
		{`{"EndpointName":"e","Few":[null]}`, "NULL_VALUE can not be converted to a String"},
	}
	for _, test := range tests {
		var mismatch *shape.Mismatch
		require.ErrorAs(t, request.Check(decode(t, test.input)), &mismatch, test.input)
		assert.Equal(t, test.want, mismatch.Error())
	}
}

func TestUnknownMembersPass(t *testing.T) {
	t.Parallel()
	assert.NoError(t, request.Check(decode(t, `{"EndpointName":"e","New":1,"On":false,"At":1.5,"Small":1}`)))
}
