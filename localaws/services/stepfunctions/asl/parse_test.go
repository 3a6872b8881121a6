package asl

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// refused are the diagnostics for a definition, each on a line.
func refused(definition string) string {
	_, wrong := Parse(definition, Options{Partition: "aws", Catalog: (&task{}).catalog()})
	lines := make([]string, len(wrong))
	for i, d := range wrong {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

const schema = "SCHEMA_VALIDATION_FAILED: "

func TestDefinitionsAreRefusedAsAWSRefusesThem(t *testing.T) {
	t.Parallel()
	for definition, want := range map[string]string{
		``:                schema + "Definition must be a valid JSON object at null",
		`[]`:              schema + "Definition must be a valid JSON object at null",
		`{}`:              schema + "These fields are required: [States, StartAt] at /",
		`{"StartAt":"S"}`: schema + "These fields are required: [States] at /",
		`{"StartAt":1,"States":{"S":{"Type":"Succeed"}}}`:         schema + "Expected value of type String at /StartAt",
		`{"StartAt":"S","States":{}}`:                             schema + "Value cannot be empty at /States",
		`{"StartAt":"S","States":{"S":1}}`:                        schema + "Expected value of type Object at /States/S",
		`{"StartAt":"S","States":{"S":{}}}`:                       schema + "These fields are required: [Type] at /States/S",
		`{"StartAt":"S","X":1,"States":{"S":{"Type":"Succeed"}}}`: schema + "Field 'X' is not supported at /",
		`{"StartAt":"S","States":{"S":{"Type":"Map"}}}`: schema + "The field 'Type' should have one of these values: " +
			"[Task, Wait, Pass, Succeed, Fail, Choice] at /States/S/Type",
		`{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Succeed","QueryLanguage":"JSONPath"}}}`: schema +
			"The field 'QueryLanguage' should have one of these values: [JSONPath] at /QueryLanguage",
		`{"Version":"2","StartAt":"S","States":{"S":{"Type":"Succeed"}}}`: schema +
			"The field 'Version' should have one of these values: [1.0] at /Version",
		`{"TimeoutSeconds":0,"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`: schema +
			"Value must be an integer from 1 to 99999999 at /TimeoutSeconds",
		`{"StartAt":"pass1","States":{"pass1":{"Type":"Pass","Next":"pass3"},"pass2":{"Type":"Pass","End":true}}}`: "" +
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next\n" +
			`MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2`,
		`{"StartAt":"X","States":{"S":{"Type":"Succeed"}}}`: "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at " +
			"/StartAt\n" + `MISSING_TRANSITION_TARGET: State "S" is not reachable. at /States/S`,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}`: "MISSING_END_STATE: " +
			"Workflow has no terminal state at null",
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"NOPE"}}}`: "MISSING_TRANSITION_TARGET: Missing 'Next' target: " +
			"NOPE at /States/A/Next\nMISSING_END_STATE: Workflow has no terminal state at null",
		`{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","IsNull":true,"Next":"X"}],` +
			`"Default":"Y"},"T":{` + does + `,"End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}]}}}`: "" +
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/C/Choices[0]/Next\n" +
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/C/Default\n" +
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/T/Catch[0]/Next\n" +
			`MISSING_TRANSITION_TARGET: State "T" is not reachable. at /States/T`,
	} {
		assert.Equal(t, want, refused(definition), definition)
	}
	long := strings.Repeat("x", 81)
	assert.Equal(t, schema+"State name must not be longer than 80 characters at /States/"+long,
		refused(`{"StartAt":"`+long+`","States":{"`+long+`":{"Type":"Succeed"}}}`))
}

func TestWhatIsNoJSONIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	_, wrong := Parse("{\n  \"StartAt\": x\n}", Options{})
	require.Len(t, wrong, 1)
	assert.Equal(t, "INVALID_JSON_DESCRIPTION", wrong[0].Code)
	assert.Equal(t, `[Source: (String)"{\n  \"StartAt\": x\n}"; line: 2, column: 14]`, wrong[0].Location)
	assert.Equal(t, "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: invalid character 'x' looking for "+
		"beginning of value\n at "+wrong[0].Location+"'", wrong.Error())
}

// Each row breaks one thing in a state that is right without it.
func TestStatesAreRefusedAsAWSRefusesThem(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/refused.yaml")
	require.NoError(t, err)
	var rows []struct {
		// State is the fields of the state "S"; At is where in the state the problem is.
		State, Says, At string
	}
	require.NoError(t, yaml.Unmarshal(text, &rows))
	require.NotEmpty(t, rows)
	for _, row := range rows {
		want := schema + row.Says + " at /States/S" + row.At
		assert.Equal(t, want, refused(`{"StartAt":"S","States":{"S":{`+row.State+`}}}`), row.State)
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, wrong := Parse(`{"StartAt":"S","States":{"S":{"Type":"Wait","Seconds":-1,"X":1,"Next":"T"},
		"T":{"Type":"X"}}}`, Options{})
	assert.Equal(t, "Invalid State Machine Definition: '"+schema+"Field 'X' is not supported at /States/S, "+schema+
		"Value must be an integer from 0 to 99999999 at /States/S/Seconds, "+schema+"The field 'Type' should have one of "+
		"these values: [Task, Wait, Pass, Succeed, Fail, Choice] at /States/T/Type'", wrong.Error())
}
