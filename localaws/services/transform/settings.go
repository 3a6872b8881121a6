package transform

import (
	"cmp"
	"time"

	"sagehost/kit/s3uri"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/transform/processing"
	"sagehost/localaws/services/transform/records"
)

// Values of the API.
const (
	manifestFile = "ManifestFile"
	s3Prefix     = "S3Prefix"
	gzipped      = "Gzip"
	singleRecord = "SingleRecord"
	lineAssembly = "Line"
	inputSource  = "Input"
)

// Defaults and limits of the service model's documentation.
const (
	defaultPayload     = 6
	maxPayload         = 100
	defaultConcurrency = 1
	defaultTimeout     = 600
	defaultRetries     = 3
	// megabyte is the unit of MaxPayloadInMB, in bytes.
	megabyte = 1 << 20
)

// settings is what a request says about a job's run.
type settings struct {
	model                string
	uri                  string
	manifest, compressed bool
	split                records.Split
	contentType, accept  string
	// single sends each record by itself.
	single bool
	// payload is the most that a request holds, in MB; 0 stands for a request that is streamed.
	payload int64
	// concurrency is how many requests an instance gets at once.
	concurrency, instances int64
	timeout                time.Duration
	retries                int64
	environment            awsjson.Object
	outputPath, kmsKey     string
	// lines ends each result with a newline.
	lines      bool
	processing processing.Settings
}

// settingsOf reads a request with its defaults.
func settingsOf(body awsjson.Object) settings {
	input, output := body.Object("TransformInput"), body.Object("TransformOutput")
	source := input.Object("DataSource").Object("S3DataSource")
	client, process := body.Object("ModelClientConfig"), body.Object("DataProcessing")
	s := settings{
		model:       body.Text("ModelName"),
		uri:         source.Text("S3Uri"),
		manifest:    source.Text("S3DataType") == manifestFile,
		compressed:  input.Text("CompressionType") == gzipped,
		split:       records.Split(input.Text("SplitType")),
		contentType: input.Text("ContentType"),
		accept:      output.Text("Accept"),
		single:      body.Text("BatchStrategy") == singleRecord,
		payload:     number(body, "MaxPayloadInMB", defaultPayload),
		concurrency: cmp.Or(body.Number("MaxConcurrentTransforms"), defaultConcurrency),
		instances:   body.Object("TransformResources").Number("InstanceCount"),
		timeout:     time.Duration(number(client, "InvocationsTimeoutInSeconds", defaultTimeout)) * time.Second,
		retries:     number(client, "InvocationsMaxRetries", defaultRetries),
		environment: body.Object("Environment"),
		outputPath:  s3uri.Normalize(output.Text("S3OutputPath")),
		kmsKey:      output.Text("KmsKeyId"),
		lines:       output.Text("AssembleWith") == lineAssembly,
		processing: processing.Settings{
			InputFilter:  process.Text("InputFilter"),
			OutputFilter: process.Text("OutputFilter"),
			Join:         process.Text("JoinSource") == inputSource,
		},
	}
	s.processing.Format = processing.FormatOf(s.contentType)
	return s
}

// number is a member that may be 0, with a default for when it is not given.
func number(o awsjson.Object, name string, missing int64) int64 {
	if !o.Has(name) {
		return missing
	}
	return o.Number(name)
}

// withDefaults adds the members that DescribeTransformJob has also when the request did not.
func withDefaults(body awsjson.Object) awsjson.Object {
	process := awsjson.Object{"InputFilter": "$", "OutputFilter": "$", "JoinSource": "None"}
	return body.With(awsjson.Object{
		"TransformInput": map[string]any(awsjson.Object{"CompressionType": "None", "SplitType": "None"}.
			With(body.Object("TransformInput"))),
		"TransformOutput": map[string]any(awsjson.Object{"AssembleWith": "None"}.With(body.Object("TransformOutput"))),
		"DataProcessing":  map[string]any(process.With(body.Object("DataProcessing"))),
	})
}

// processes reports whether records are filtered or joined.
func (s settings) processes() bool {
	return s.processing.FiltersInput() || s.processing.ChangesOutput()
}

// streams reports whether an object goes into one request of any length.
func (s settings) streams() bool {
	return s.payload == 0 && !s.processes() && (s.split == records.None || !s.single)
}

// limit is the most that a request holds, in bytes. What is streamed is not bounded, but for batches of records that
// are filtered or joined: they have to be in memory.
func (s settings) limit() int64 {
	if s.payload == 0 && s.split != records.None && !s.single {
		return defaultPayload * megabyte
	}
	return s.payload * megabyte
}

// problem says what is wrong with settings that do not go together; empty when nothing is.
func (s settings) problem(sourceType string) string {
	format := s.processing.Format
	switch {
	case sourceType != s3Prefix && sourceType != manifestFile:
		return "S3DataType " + sourceType + " is not supported for batch transform. Use ManifestFile or S3Prefix."
	case s.payload > maxPayload:
		return "MaxPayloadInMB must be less than or equal to 100."
	case s.payload > 0 && s.concurrency > maxPayload/s.payload:
		return "The product of MaxConcurrentTransforms and MaxPayloadInMB must be less than or equal to 100."
	case !s.processes():
		return ""
	case format == processing.Other:
		return "DataProcessing requires a ContentType of text/csv, application/json or application/jsonlines."
	case s.processing.ChangesOutput() && processing.FormatOf(s.accept) == processing.Other:
		return "DataProcessing requires an Accept of text/csv, application/json or application/jsonlines."
	case s.processing.ChangesOutput() && (processing.FormatOf(s.accept) == processing.CSV) != (format == processing.CSV):
		return "DataProcessing requires a ContentType and an Accept of the same format."
	case s.split == records.RecordIO || s.split == records.TFRecord:
		return "DataProcessing requires a SplitType of Line or None."
	case format != processing.JSON && s.split != records.Line:
		return "DataProcessing of " + s.contentType + " requires a SplitType of Line."
	case s.processing.ChangesOutput() && format != processing.JSON && !s.lines:
		return "DataProcessing of " + s.contentType + " requires an AssembleWith of Line."
	}
	return ""
}
