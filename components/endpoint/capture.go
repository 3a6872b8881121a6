package endpoint

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// DefaultCapturePercentage is the share of requests that is captured.
const DefaultCapturePercentage = 100

// Defaults of what is captured as text; everything else is captured in Base64.
const (
	DefaultCSVContentType  = "text/csv"
	DefaultJSONContentType = "application/json"
)

// maxContentTypes is how many content types each list takes.
const maxContentTypes = 10

// DataCapture is what is kept of requests and answers. The role of the model must be allowed to write to destination.
type DataCapture struct {
	// Percentage is the share of requests that is captured, in percent. Range: 0 to 100. Default: 100.
	Percentage *int `json:"percentage"`

	// Input captures requests. Default: true.
	Input *bool `json:"input"`

	// Output captures answers. Default: true.
	Output *bool `json:"output"`

	// CSVContentTypes are captured as the text they are, as CSV. Range: 1 to 10 of them. Default: text/csv.
	CSVContentTypes []string `json:"csvContentTypes"`

	// JSONContentTypes are captured as the text they are, as JSON. Range: 1 to 10 of them. Default: application/json.
	JSONContentTypes []string `json:"jsonContentTypes"`

	// Destination is the folder in Amazon S3 to which SageMaker adds endpoint, variant and hour. Default: the stack's
	// bucket for captured data.
	Destination string `json:"destination" aws:"endpointData"`
}

func (d *DataCapture) check(at check.At) {
	if d.Percentage != nil {
		low, high, _ := limits.Range("SamplingPercentage")
		check.Between(at.Key("percentage"), *d.Percentage, int(low), int(high))
	}
	if len(d.modes()) == 0 {
		at.Addf("captures neither input nor output; remove it")
	}
	for _, list := range []struct {
		key, shape string
		types      []string
	}{
		{"csvContentTypes", "CsvContentType", d.CSVContentTypes},
		{"jsonContentTypes", "JsonContentType", d.JSONContentTypes},
	} {
		here := at.Key(list.key)
		if n := len(list.types); list.types != nil && (n < 1 || n > maxContentTypes) {
			here.Addf("has %d entries; 1 to %d are allowed", n, maxContentTypes)
		}
		for i, contentType := range list.types {
			if problem := limits.StringProblem(list.shape, contentType); problem != "" {
				here.Index(i).Addf("%s", problem)
			}
		}
		here.Unique("", list.types)
	}
	checkLocation(at.Key("destination"), d.Destination)
}

// modes are the CaptureModes.
func (d *DataCapture) modes() []string {
	var modes []string
	if d.Input == nil || *d.Input {
		modes = append(modes, "Input")
	}
	if d.Output == nil || *d.Output {
		modes = append(modes, "Output")
	}
	return modes
}

// captureConfig is the configuration of data capture; nil without.
func (a *Args) captureConfig() sagemaker.EndpointConfigurationDataCaptureConfigPtrInput {
	d := a.DataCapture
	if d == nil {
		return nil
	}
	percentage := DefaultCapturePercentage
	if d.Percentage != nil {
		percentage = *d.Percentage
	}
	var options sagemaker.EndpointConfigurationDataCaptureConfigCaptureOptionArray
	for _, mode := range d.modes() {
		options = append(options, sagemaker.EndpointConfigurationDataCaptureConfigCaptureOptionArgs{
			CaptureMode: pulumi.String(mode),
		})
	}
	return sagemaker.EndpointConfigurationDataCaptureConfigArgs{
		EnableCapture:             pulumi.Bool(true), // the provider's own default is false
		InitialSamplingPercentage: pulumi.Int(percentage),
		CaptureOptions:            options,
		DestinationS3Uri:          d.Folder(a.CaptureBucket),
		KmsKeyId:                  a.objectKey(),
		CaptureContentTypeHeader: sagemaker.EndpointConfigurationDataCaptureConfigCaptureContentTypeHeaderArgs{
			CsvContentTypes:  contentTypes(d.CSVContentTypes, DefaultCSVContentType),
			JsonContentTypes: contentTypes(d.JSONContentTypes, DefaultJSONContentType),
		},
	}
}

// Folder is the s3:// URI, ending in "/", beneath which the data is kept. The bucket is for settings without a
// destination.
func (d *DataCapture) Folder(bucket pulumi.StringInput) pulumi.StringOutput {
	if d.Destination != "" {
		return folder(d.Destination)
	}
	return pulumi.Sprintf("s3://%s/", bucket)
}

func contentTypes(given []string, fallback string) pulumi.StringArray {
	if given == nil {
		given = []string{fallback}
	}
	return pulumi.ToStringArray(given)
}
