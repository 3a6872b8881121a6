package processing_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/localaws/services/transform/processing"
)

func settings(format processing.Format, input, output string, join bool) processing.Settings {
	return processing.Settings{InputFilter: input, OutputFilter: output, Join: join, Format: format}
}

// lines cuts the records as they are split.
func lines(text string) (records [][]byte) {
	for line := range bytes.Lines([]byte(text)) {
		records = append(records, line)
	}
	return records
}

func TestTheExamplesOfTheDeveloperGuide(t *testing.T) {
	t.Parallel()
	row := "7,a,b,c,d\n"
	object := `{"id":7,"features":[1,2],"field1":{"child1":1,"child2":2,"child3":3}}` + "\n"
	tests := []struct {
		name                       string
		settings                   processing.Settings
		record, sent, answer, want string
	}{
		{"output only inferences", settings(processing.CSV, "$", "$", false), row, row, "1\n", "1"},
		{
			"output input data and inferences, JSON", settings(processing.JSON, "$", "$", true),
			`{"key":1}`, `{"key":1}`, `{"label":1}`, `{"key":1,"SageMakerOutput":{"label":1}}`,
		},
		{
			"input that is no object", settings(processing.JSON, "$", "$", true),
			`[1,2]`, `[1,2]`, `{"label":1}`, `{"SageMakerInput":[1,2],"SageMakerOutput":{"label":1}}`,
		},
		{
			"output input data and inferences, CSV", settings(processing.CSV, "$", "$", true),
			"1,2,3\n", "1,2,3\n", "1\n", "1,2,3,1",
		},
		{
			"an ID column excluded from the input", settings(processing.CSV, "$[1:]", "$", true),
			row, "a,b,c,d\n", "0.5\n", "7,a,b,c,d,0.5",
		},
		{
			"an ID attribute excluded from the input",
			settings(processing.JSONLines, "$.features", "$['id','SageMakerOutput']", true),
			object, "[1,2]\n", `{"score":0.5}`, `{"id":7,"SageMakerOutput":{"score":0.5}}`,
		},
		{"operator: name", settings(processing.JSONLines, "$.id", "$", false), object, "7\n", "1", "1"},
		{
			"operator: wildcard", settings(processing.JSONLines, "$.field1.*", "$", false),
			object, "[1,2,3]\n", "1", "1",
		},
		{
			"operator: names", settings(processing.JSONLines, "$", "$['id','SageMakerOutput']", true),
			object, object, "1", `{"id":7,"SageMakerOutput":1}`,
		},
		{
			"operator: names after a dot", settings(processing.JSONLines, "$.field1.['child2','child1']", "$", false),
			object, `{"child2":2,"child1":1}` + "\n", "1", "1",
		},
		{"operator: index", settings(processing.CSV, "$[1]", "$", false), row, "a\n", "1", "1"},
		{"operator: indexes", settings(processing.CSV, "$[3,0,1]", "$", false), row, "c,7,a\n", "1", "1"},
		{"operator: the last", settings(processing.CSV, "$", "$[0,-1]", true), row, row, "9", "7,9"},
		{"operator: slice", settings(processing.CSV, "$[2:5]", "$", false), row, "b,c,d\n", "1", "1"},
		{"operator: slice without an end", settings(processing.CSV, "$[2:]", "$", false), row, "b,c,d\n", "1", "1"},
		{"operator: slice without a start", settings(processing.CSV, "$[:2]", "$", false), row, "7,a\n", "1", "1"},
		{"a slice leaves its end out", settings(processing.CSV, "$[0:-1]", "$", false), row, "7,a,b,c\n", "1", "1"},
		{"a slice inside", settings(processing.CSV, "$[1:4]", "$", false), row, "a,b,c\n", "1", "1"},
		{"the same filter twice", settings(processing.CSV, "$[0]", "$[0]", true), row, "7\n", "1,2", "7"},
		{"an index and a slice", settings(processing.CSV, "$", "$[0,5:]", true), row, row, "1,2", "7,1,2"},
	}
	for _, test := range tests {
		p, err := processing.New(test.settings)
		require.NoError(t, err, test.name)
		sent, err := p.Input([]byte(test.record))
		require.NoError(t, err, test.name)
		assert.Equal(t, test.sent, string(sent), test.name)
		out, err := p.Output(nil, [][]byte{[]byte(test.record)}, []byte(test.answer))
		require.NoError(t, err, test.name)
		assert.Equal(t, test.want, string(out), test.name)
	}
}

func TestManyRecordsAreJoinedInOrder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                  string
		settings              processing.Settings
		records, answer, want string
	}{
		{"rows", settings(processing.CSV, "$", "$", true), "1,a\r\n\"2,2\",b", "x\r\ny\r\n", "1,a,x\n\"2,2\",b,y"},
		{
			"lines of JSON", settings(processing.JSONLines, "$", "$", true), "{}\n {\"a\" : 1.50} \n", "1 \n[2]\n",
			`{"SageMakerOutput":1}` + "\n" + `{"a" : 1.50,"SageMakerOutput":[2]}`,
		},
		{
			"a reserved member", settings(processing.JSONLines, "$", "$", true), `{"b":1,"SageMakerOutput":2,"a":3}`, "4",
			`{"SageMakerOutput":4,"a":3,"b":1}`,
		},
		{
			"a reserved member with an escape", settings(processing.JSONLines, "$", "$", true),
			`{"\u0053ageMakerOutput":2}`, "4", `{"SageMakerOutput":4}`,
		},
		{
			"an output filter alone", settings(processing.JSONLines, "$", "$.p", false),
			"", `{"p":"<1>"}{"p":2}`, "\"<1>\"\n2",
		},
		{"columns of predictions", settings(processing.CSV, "$", "$[1]", false), "", "1,2\n3,4", "2\n4"},
	}
	for _, test := range tests {
		p, err := processing.New(test.settings)
		require.NoError(t, err, test.name)
		out, err := p.Fork().Output([]byte("before "), lines(test.records), []byte(test.answer))
		require.NoError(t, err, test.name)
		assert.Equal(t, "before "+test.want, string(out), test.name)
	}
}

func TestWrongFiltersAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		format processing.Format
		filter string
		want   string
	}{
		{processing.JSON, "features", "Invalid JsonPath: features: unexpected identifier at position 1"},
		{processing.JSON, "$..id", `Invalid JsonPath: $..id: ..["id"] is not supported`},
		{processing.JSON, "$[?@.id]", `Invalid JsonPath: $[?@.id]: [?@["id"]] is not supported`},
		{processing.JSON, "$[0:4:2]", "Invalid JsonPath: $[0:4:2]: [:4:2] is not supported"},
		{processing.CSV, "$.id", "Invalid JsonPath: $.id: columns of CSV are selected by index"},
		{processing.CSV, "$[0][1]", "Invalid JsonPath: $[0][1]: columns of CSV are selected by index"},
	}
	for _, test := range tests {
		_, err := processing.New(settings(test.format, test.filter, "$", false))
		assert.EqualError(t, err, test.want)
		_, err = processing.New(settings(test.format, "$", test.filter, false))
		assert.EqualError(t, err, test.want)
	}
}

func TestRecordsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		settings     processing.Settings
		record, want string
	}{
		{
			"a quote inside a column", settings(processing.CSV, "$[0]", "$", false), "a \"b\",c\n",
			`Failed to parse input as CSV: bare " in non-quoted-field found near: a "b",c`,
		},
		{
			"an open quote", settings(processing.CSV, "$[0]", "$", false), "\"a\n",
			`Failed to parse input as CSV: extraneous or missing " in quoted-field found near: "a`,
		},
		{
			"no such column", settings(processing.CSV, "$[0,2]", "$", false),
			"a,b\n", "JsonPath $[0,2]: the record has no [2]",
		},
		{
			"no such column from the end", settings(processing.CSV, "$[-3]", "$", false), "a,b\n",
			"JsonPath $[-3]: the record has no [-3]",
		},
		{
			"no columns in the slice", settings(processing.CSV, "$[2:]", "$", false),
			"a,b\n", "JsonPath $[2:]: the record has no [2:]",
		},
		{
			"no such member", settings(processing.JSON, "$.a.b", "$", false),
			`{"a":1}`, `JsonPath $.a.b: the record has no ["b"]`,
		},
		{
			"one of the members is missing", settings(processing.JSON, "$['a','b']", "$", false), `{"a":1}`,
			`JsonPath $['a','b']: the record has no ["b"]`,
		},
		{"no JSON", settings(processing.JSON, "$.a", "$", false), `{"a":1`, "Failed to parse input as JSON"},
		{"two values", settings(processing.JSON, "$.a", "$", false), `{"a":1} 2`, "Failed to parse input as JSON"},
	}
	for _, test := range tests {
		p, err := processing.New(test.settings)
		require.NoError(t, err, test.name)
		_, err = p.Input([]byte(test.record))
		assert.EqualError(t, err, test.want, test.name)
	}
}

func TestAnswersThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		settings        processing.Settings
		records, answer string
		want            string
	}{
		{
			"too few", settings(processing.CSV, "$", "$", true),
			"a\nb\n", "1\n", "the algorithm returned 1 prediction for 2 records",
		},
		{
			"too many", settings(processing.JSONLines, "$", "$", true),
			"1\n", "1\n2\n", "the algorithm returned 2 predictions for 1 record",
		},
		{
			"no CSV", settings(processing.CSV, "$", "$", true), "a\n", `1"`,
			`Failed to parse output from the algorithm as CSV: bare " in non-quoted-field found near: 1"`,
		},
		{
			"no JSON", settings(processing.JSON, "$", "$", true),
			"1\n", `oops`, "Failed to parse output from the algorithm as JSON",
		},
		{
			"input that is no JSON", settings(processing.JSON, "$", "$", true),
			"x\n", `1`, "Failed to parse input as JSON",
		},
		{
			"input that is no CSV", settings(processing.CSV, "$", "$", true), "\"x\n", `1`,
			`Failed to parse input as CSV: extraneous or missing " in quoted-field found near: "x`,
		},
	}
	for _, test := range tests {
		p, err := processing.New(test.settings)
		require.NoError(t, err, test.name)
		_, err = p.Output(nil, lines(test.records), []byte(test.answer))
		assert.EqualError(t, err, test.want, test.name)
	}
}

func TestFormatsAreNamedByTheirMIMETypes(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]processing.Format{
		"text/csv": processing.CSV, "text/csv; label_size=0": processing.CSV, "Application/JSON": processing.JSON,
		"application/jsonlines": processing.JSONLines, "image/png": processing.Other, "": processing.Other,
	} {
		assert.Equal(t, want, processing.FormatOf(contentType), contentType)
	}
}

func TestColumnsComeBackWhateverTheyHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfN(rapid.StringMatching(`[a-z ",.0-9]{0,5}`), 2, 5).Draw(t, "columns")
		all, err := processing.New(settings(processing.CSV, "$[0:]", "$", false))
		require.NoError(t, err)
		row := []byte(`"` + string(bytes.Join(quoted(columns), []byte(`","`))) + "\"\n")
		once, err := all.Input(row)
		require.NoError(t, err)
		once = bytes.Clone(once)
		twice, err := all.Input(once)
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
	})
}

func quoted(columns []string) (out [][]byte) {
	for _, column := range columns {
		out = append(out, bytes.ReplaceAll([]byte(column), []byte(`"`), []byte(`""`)))
	}
	return out
}

func FuzzProcessing(f *testing.F) {
	f.Add("$[1:]", "a,b\n", "1\n", true)
	f.Add("$.a", `{"a":1}`, "1", false)
	f.Add("$['a','b']", `{"a":1,"b":[2]}`, `{"a":1,"b":2}`, true)
	f.Add("$.*", `[1,{"c":2}]`, `[1]`, false)
	f.Fuzz(func(t *testing.T, filter, record, answer string, join bool) {
		if len(filter) > 63 {
			t.Skip("the API takes no longer filters")
		}
		for _, format := range []processing.Format{processing.CSV, processing.JSONLines} {
			p, err := processing.New(settings(format, filter, filter, join))
			if err != nil {
				continue
			}
			if _, err := p.Input([]byte(record)); err != nil {
				assert.NotEmpty(t, err.Error())
			}
			out, err := p.Output([]byte("before"), [][]byte{[]byte(record)}, []byte(answer))
			if err == nil {
				assert.Equal(t, "before", string(out[:6]))
			}
		}
	})
}
